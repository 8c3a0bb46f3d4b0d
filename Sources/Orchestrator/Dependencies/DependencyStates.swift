import CICore

/// Who may run: what became of the units that others wait for.
struct DependencyStates: Sendable {
    private let graph: DependencyGraph
    private let before: Adjacency
    private let vertices: [UnitID: Int]
    private var states: [State]
    /// What each gate comes to, once somebody asked.
    private var verdicts: [Int: Verdict] = [:]

    private enum State: Sendable {
        case open
        case passed
        /// With the test that failed.
        case failed(TestID)
        /// Not run, because of a test that failed.
        case leftOut(TestID)
    }

    private enum Verdict: Sendable {
        case open
        case closed(TestID)
        /// Nobody before it ever began, and no failure is why.
        case never
    }

    /// Whether a unit may run.
    enum Answer: Sendable, Hashable {
        case runs
        /// Because of a test that failed.
        case isLeftOut(TestID)
        /// What it was to clean up never began.
        case isNeedless
    }

    init(_ graph: DependencyGraph) {
        self.graph = graph
        before = graph.gatesBefore()
        vertices = Dictionary(graph.vertices.enumerated().map { ($1.unit, $0) }) { first, _ in first }
        states = [State](repeating: .open, count: graph.vertices.count)
    }

    var isEmpty: Bool { graph.isEmpty }

    /// Whether what becomes of a unit matters to others.
    func concerns(_ unit: UnitID) -> Bool { vertices[unit] != nil }

    /// Whether a unit cleans up: it runs however those before it ended.
    func isTeardown(_ unit: UnitID) -> Bool {
        guard let vertex = vertices[unit] else { return false }
        return before[vertex].contains { graph.gates[Int($0)].kind == .began }
    }

    /// Books that a unit has ended, and which of its tests failed, if any.
    mutating func settle(_ unit: UnitID, failure: TestID?) {
        guard let vertex = vertices[unit] else { return }
        // What was left out has ended too, and did not pass.
        if case .leftOut = states[vertex] { return }
        states[vertex] = failure.map(State.failed) ?? .passed
    }

    /// Books that a unit is not run.
    mutating func leaveOut(_ unit: UnitID, because test: TestID) {
        if let vertex = vertices[unit] { states[vertex] = .leftOut(test) }
    }

    /// Whether a unit may run, once everything before it has ended.
    mutating func answer(for unit: UnitID) -> Answer {
        guard let vertex = vertices[unit] else { return .runs }
        for gate in before[vertex] {
            let verdict = verdicts[Int(gate)] ?? judge(graph.gates[Int(gate)])
            verdicts[Int(gate)] = verdict
            switch verdict {
            case .open: continue
            case .closed(let test): return .isLeftOut(test)
            case .never: return .isNeedless
            }
        }
        return .runs
    }

    private func judge(_ gate: DependencyGraph.Gate) -> Verdict {
        switch gate.kind {
        case .ended, .within: return .open
        case .passed:
            for input in gate.inputs {
                switch states[Int(input)] {
                case .failed(let test), .leftOut(let test): return .closed(test)
                case .open, .passed: continue
                }
            }
            return .open
        case .began:
            var cause: TestID?
            for input in gate.inputs {
                switch states[Int(input)] {
                case .passed, .failed: return .open
                case .leftOut(let test): cause = cause ?? test
                case .open: continue
                }
            }
            return cause.map(Verdict.closed) ?? .never
        }
    }
}
