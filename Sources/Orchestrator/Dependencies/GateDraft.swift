import CICore

/// Gates in the making; numbers count through all suites' listings, ascending in each gate.
struct GateDraft {
    private let count: Int
    private var gates: [DependencyGraph.Gate] = []

    /// - Parameter count: of all units.
    init(count: Int) { self.count = count }

    /// One more gate, unless nobody is before or behind it.
    mutating func add(
        _ kind: DependencyGraph.Kind, title: String, inputs: [Int32], waiting: [Int32]
    ) {
        guard !inputs.isEmpty, !waiting.isEmpty else { return }
        gates.append(.init(kind, title: title, inputs: inputs, waiting: waiting))
    }

    /// These units and all that wait for them, ascending.
    func reach(of units: [Int32]) -> [Int32] {
        let behind = Adjacency(count: count, gates.lazy.map(\.inputs))
        var isReached = [Bool](repeating: false, count: count)
        var isOpen = [Bool](repeating: false, count: gates.count)
        var open = units
        for unit in units { isReached[Int(unit)] = true }
        while let unit = open.popLast() {
            for gate in behind[Int(unit)] where !isOpen[Int(gate)] {
                isOpen[Int(gate)] = true
                for next in gates[Int(gate)].waiting where !isReached[Int(next)] {
                    isReached[Int(next)] = true
                    open.append(next)
                }
            }
        }
        return (0..<Int32(count)).filter { isReached[Int($0)] }
    }

    /// How many gates each unit has before it in a row; what waits for itself is left at some number.
    func depths() -> [Int] {
        let behind = Adjacency(count: count, gates.lazy.map(\.inputs))
        var missing = gates.map(\.inputs.count)
        var before = [Int](repeating: 0, count: count)
        for gate in gates {
            for unit in gate.waiting { before[Int(unit)] += 1 }
        }
        var depths = [Int](repeating: 0, count: count)
        var open = before.indices.filter { before[$0] == 0 }
        while let unit = open.popLast() {
            for gate in behind[unit] {
                missing[Int(gate)] -= 1
                guard missing[Int(gate)] == 0 else { continue }
                let depth = (gates[Int(gate)].inputs.lazy.map { depths[Int($0)] }.max() ?? 0) + 1
                for next in gates[Int(gate)].waiting {
                    depths[Int(next)] = max(depths[Int(next)], depth)
                    before[Int(next)] -= 1
                    if before[Int(next)] == 0 { open.append(Int(next)) }
                }
            }
        }
        return depths
    }

    /// The graph of one suite's units that stand at a gate, where nothing is bonded.
    func graph(_ id: (Int) -> UnitID) -> DependencyGraph {
        var numbers = [Int32](repeating: -1, count: count)
        for gate in gates {
            for unit in gate.inputs { numbers[Int(unit)] = 0 }
            for unit in gate.waiting { numbers[Int(unit)] = 0 }
        }
        var vertices: [DependencyGraph.Vertex] = []
        for position in numbers.indices where numbers[position] == 0 {
            numbers[position] = Int32(vertices.count)
            vertices.append(.init(unit: id(position), suite: 0, position: Int32(position)))
        }
        return DependencyGraph(vertices: vertices, gates: numbered(numbers))
    }

    private func numbered(_ numbers: [Int32]) -> [DependencyGraph.Gate] {
        gates.map { gate in
            DependencyGraph.Gate(
                gate.kind, title: gate.title, inputs: gate.inputs.map { numbers[Int($0)] },
                waiting: gate.waiting.map { numbers[Int($0)] })
        }
    }

    /// The graph of the units that stand at a gate or are bonded to one that does.
    func graph(of sources: [DependencyResolver.Source]) -> DependencyGraph {
        guard !gates.isEmpty else { return .none }
        var takesPart = [Bool](repeating: false, count: count)
        for gate in gates {
            for unit in gate.inputs { takesPart[Int(unit)] = true }
            for unit in gate.waiting { takesPart[Int(unit)] = true }
        }
        var vertices: [DependencyGraph.Vertex] = []
        var numbers = [Int32](repeating: -1, count: count)
        var offset = 0
        for (suite, source) in sources.enumerated() {
            let bonds = Set(
                source.units.indices.lazy.filter { takesPart[offset + $0] }
                    .compactMap { source.units[$0].constraints.bond })
            for (position, unit) in source.units.enumerated() {
                let bond = unit.constraints.bond
                guard takesPart[offset + position] || bond.map(bonds.contains) == true else { continue }
                numbers[offset + position] = Int32(vertices.count)
                vertices.append(
                    .init(unit: unit.id, suite: Int32(suite), position: Int32(position), bond: bond))
            }
            offset += source.units.count
        }
        return DependencyGraph(vertices: vertices, gates: numbered(numbers))
    }
}
