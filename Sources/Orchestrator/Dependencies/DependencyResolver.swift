package import CICore

/// Turns what the configuration and the runners say into gates between units.
package struct DependencyResolver {
    /// A suite with its units, as they are planned.
    package struct Source: Sendable {
        package var name: SuiteName
        package var conditions: Suite.Conditions
        package var units: [TestUnit]

        package init(name: SuiteName, conditions: Suite.Conditions, units: [TestUnit]) {
            self.name = name
            self.conditions = conditions
            self.units = units
        }
    }

    /// What came of it.
    package struct Resolution: Sendable {
        package var graph = DependencyGraph.none
        /// What is waited for and is not part of this run, as sentences.
        package var notes: [String] = []
    }

    private let sources: [Source]
    private let isWhole: Bool
    private let file: String
    private var search: UnitSearch
    private var draft: GateDraft
    private var issues: [ConfigurationError.Issue] = []
    private var notes: [String] = []

    /// - Parameters:
    ///   - sources: the suites of the run.
    ///   - isWhole: whether all tests are here, so that what matches nothing is a mistake.
    ///   - file: where the words are from, for errors.
    package init(_ sources: [Source], isWhole: Bool, file: String) {
        self.sources = sources
        self.isWhole = isWhole
        self.file = file
        search = UnitSearch(sources)
        draft = GateDraft(count: sources.reduce(0) { $0 + $1.units.count })
    }

    /// The graph.
    ///
    /// - Throws: `ConfigurationError` with everything that matches nothing or waits for itself.
    package mutating func resolve() throws(ConfigurationError) -> Resolution {
        for index in sources.indices { take(index) }
        takeTeardowns()
        guard issues.isEmpty else { throw ConfigurationError(issues) }
        let graph = draft.graph(of: sources)
        let cycles = DependencyOrder.cycles(of: graph)
        guard cycles.isEmpty else {
            throw ConfigurationError(
                cycles.map { .init(source: file, problem: $0, expected: "an order in which each can run") })
        }
        return Resolution(graph: graph, notes: notes)
    }

    private mutating func take(_ index: Int) {
        let source = sources[index]
        let own = search.all(of: index)
        for reference in source.conditions.references {
            let inputs = found(reference, for: source.name)
            guard !inputs.isEmpty else { continue }
            let others = subtract(inputs, from: own)
            if others.isEmpty, !own.isEmpty {
                refuse("the suite \"\(source.name)\" waits for itself: after \"\(reference)\"")
            }
            draft.add(.passed, title: reference.description, inputs: inputs, waiting: others)
        }
        for rule in source.conditions.rules { take(rule, of: index) }
        for (position, unit) in source.units.enumerated() where !unit.constraints.after.isEmpty {
            let inputs = unit.constraints.after.flatMap { search.called($0, in: index) }
            let waiting = own.lowerBound + Int32(position)
            draft.add(
                .within, title: "the runner", inputs: Set(inputs.filter { $0 != waiting }).sorted(), waiting: [waiting])
        }
    }

    private mutating func take(_ rule: TestRule, of index: Int) {
        let name = sources[index].name
        let waiting = search.taken(by: rule.selection, in: index)
        if waiting.isEmpty, isWhole, !sources[index].units.isEmpty {
            refuse(
                "a rule of the suite \"\(name)\" is about \"\(rule.selection.words)\", and no test is called so",
                nearest: rule.selection.tests.lazy.compactMap { [search] in search.nearest(to: $0, in: index) }.first)
        }
        guard !waiting.isEmpty else { return }
        for reference in rule.after {
            let all = found(reference, for: name)
            let inputs = subtract(waiting, from: all)
            if inputs.isEmpty, !all.isEmpty {
                refuse(
                    "the tests \"\(rule.selection.words)\" of the suite \"\(name)\" wait for themselves: "
                        + "after \"\(reference)\"")
            }
            draft.add(.passed, title: reference.description, inputs: inputs, waiting: waiting)
        }
    }

    /// The units that a reference means; what is not part of the run is noted, what is nowhere is a mistake.
    private mutating func found(_ reference: DependencyReference, for suite: SuiteName) -> [Int32] {
        var units: Set<Int32> = []
        var isElsewhere = false
        for target in reference.targets {
            switch target {
            case .suite(let name):
                guard let index = search.place(of: name) else {
                    notes.append("\(suite) waits for \(name), which is not part of this run")
                    isElsewhere = true
                    continue
                }
                units.formUnion(search.all(of: index))
            case .tests(let name, let pattern):
                guard let index = search.place(of: name) else {
                    notes.append("\(suite) waits for \(reference), which is not part of this run")
                    isElsewhere = true
                    continue
                }
                units.formUnion(search.matching(pattern, in: index))
            case .tag(let tag): units.formUnion(search.tagged(tag))
            }
        }
        if units.isEmpty, !isElsewhere { reportMissing(reference, for: suite) }
        return units.sorted()
    }

    private mutating func reportMissing(_ reference: DependencyReference, for suite: SuiteName) {
        var nearest: String?
        for case .tests(let name, let pattern) in reference.targets {
            guard let index = search.place(of: name) else { return }
            nearest = nearest ?? search.nearest(to: pattern, in: index).map { "\(name)::\($0)" }
        }
        // A suite without units, and a tag that may be in a suite beyond this run, are no mistakes.
        let isNamed = reference.targets.allSatisfy { if case .tests = $0 { true } else { false } }
        if isWhole, isNamed, !reference.targets.isEmpty {
            refuse("the suite \"\(suite)\" waits for \"\(reference)\", and no test is called so", nearest: nearest)
        } else {
            notes.append("\(suite) waits for \(reference), and nothing of this run is called so")
        }
    }

    private mutating func refuse(_ problem: String, nearest: String? = nil) {
        issues.append(
            .init(
                source: file, problem: SafeText.line(problem, limit: 600),
                nearest: nearest.map { SafeText.line($0, limit: 200) }))
    }

    /// What prepares late is cleaned up early, so that each teardown waits for those of what was built upon it.
    private mutating func takeTeardowns() {
        let pairs = sources.indices.compactMap { index in
            sources[index].conditions.teardown.flatMap { search.place(of: $0) }.map { (setup: index, teardown: $0) }
        }
        guard !pairs.isEmpty else { return }
        let depths = draft.depths()
        let ranges = sources.indices.map(search.all)
        let turns = pairs.sorted { left, right in
            let depth = { (index: Int) in ranges[index].map { depths[Int($0)] }.max() ?? 0 }
            return (-depth(left.setup), left.setup) < (-depth(right.setup), right.setup)
        }
        for (setup, teardown) in turns {
            let inputs = Array(search.all(of: setup))
            let waiting = Array(search.all(of: teardown))
            let held = subtract(waiting, from: draft.reach(of: inputs))
            draft.add(.ended, title: "the end of \(sources[setup].name)", inputs: held, waiting: waiting)
            draft.add(.began, title: "\(sources[setup].name)", inputs: inputs, waiting: waiting)
        }
    }

    private func subtract(_ left: some Sequence<Int32>, from right: some Sequence<Int32>) -> [Int32] {
        let left = Set(left)
        return right.filter { !left.contains($0) }
    }
}
