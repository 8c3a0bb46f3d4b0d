import CICore

/// The levels of a graph, and how long its ways are.
///
/// Bonded units are one block: they run in one batch, and so begin and end together. Linear in units and gates.
package struct DependencyOrder: Sendable {
    /// For each vertex the first round in which it can run, from 0.
    package private(set) var levels: [Int32]
    /// For each vertex the time from the run's beginning to its own beginning along the longest way, in microseconds.
    package private(set) var heads: [Int64]
    /// For each vertex the time from the run's beginning to its own end along the longest way, in microseconds.
    package private(set) var ends: [Int64]
    /// For each vertex the time from its beginning to the run's end along the longest way, in microseconds.
    package private(set) var tails: [Int64]
    /// For each vertex the number of its block.
    package private(set) var blocks: [Int32]
    private let graph: DependencyGraph

    /// - Parameters:
    ///   - graph: without circles.
    ///   - durations: of each vertex, in microseconds.
    ///   - starts: what a batch of each vertex's suite costs beside its units, in microseconds.
    package init(_ graph: DependencyGraph, durations: [Int64], starts: [Int64]) {
        self.graph = graph
        let layout = BlockLayout(graph)
        blocks = layout.blocks
        var costs = [Int64](repeating: 0, count: layout.count)
        for vertex in graph.vertices.indices {
            let block = Int(layout.blocks[vertex])
            costs[block] += durations[vertex] + (costs[block] == 0 ? starts[vertex] : 0)
        }
        let turns = layout.turns()
        var levels = [Int32](repeating: 0, count: layout.count)
        var heads = [Int64](repeating: 0, count: layout.count)
        for gate in turns {
            var level: Int32 = 0
            var ready: Int64 = 0
            for input in layout.inputs[gate] {
                level = max(level, levels[Int(input)] + 1)
                ready = max(ready, heads[Int(input)] + costs[Int(input)])
            }
            for block in layout.waiting[gate] {
                levels[Int(block)] = max(levels[Int(block)], level)
                heads[Int(block)] = max(heads[Int(block)], ready)
            }
        }
        var rests = costs
        for gate in turns.reversed() {
            let rest = layout.waiting[gate].lazy.map { rests[Int($0)] }.max() ?? 0
            for block in layout.inputs[gate] { rests[Int(block)] = max(rests[Int(block)], costs[Int(block)] + rest) }
        }
        self.levels = layout.blocks.map { levels[Int($0)] }
        self.heads = layout.blocks.map { heads[Int($0)] }
        ends = layout.blocks.map { heads[Int($0)] + costs[Int($0)] }
        tails = layout.blocks.map { rests[Int($0)] }
    }

    /// How many rounds there are; 0 for an empty graph.
    package var depth: Int { Int(levels.max() ?? -1) + 1 }

    /// The longest way through a vertex from the run's beginning to its end, in microseconds.
    func length(through vertex: Int) -> Int64 { heads[vertex] + tails[vertex] }

    /// When the last of all can have ended.
    package var longest: Duration { .microseconds(ends.max() ?? 0) }

    /// The vertices of the longest way, first to last, one for each block.
    package func criticalPath() -> [Int] {
        guard let last = ends.indices.max(by: { (ends[$0], $1) < (ends[$1], $0) }) else { return [] }
        let before = graph.gatesBefore()
        let members = Dictionary(grouping: blocks.indices) { blocks[$0] }
        var path = [last]
        while let vertex = path.last {
            let inputs = (members[blocks[vertex]] ?? [vertex]).flatMap { member in
                before[member].lazy.filter { graph.gates[Int($0)].kind != .within }
                    .flatMap { graph.gates[Int($0)].inputs }
            }.filter { blocks[Int($0)] != blocks[vertex] }
            guard let next = inputs.max(by: { (ends[Int($0)], $1) < (ends[Int($1)], $0) }) else { break }
            path.append(Int(next))
        }
        return path.reversed()
    }

    /// Sentences about units that wait for each other; empty for a sound graph.
    package static func cycles(of graph: DependencyGraph) -> [String] {
        let layout = BlockLayout(graph)
        guard layout.turns().count < layout.inputs.count else { return [] }
        let before = Adjacency(count: layout.count, layout.waiting)
        let cycles = CycleSearch.cycles(layout.count) { block in
            before[block].flatMap { layout.inputs[Int($0)] }
        }
        var names: [Int32: [String]] = [:]
        for (vertex, block) in layout.blocks.enumerated() {
            names[block, default: []].append(SafeText.line(graph.vertices[vertex].unit.rawValue, limit: 160))
        }
        return cycles.map { path in
            let words = path.map { names[Int32($0)] ?? [] }
            guard path.count == 2 else {
                return "tests wait for each other: \(words.compactMap(\.first).joined(separator: " → "))"
            }
            return "tests that their runner keeps in one batch wait for each other: "
                + words[0].prefix(3).joined(separator: ", ")
        }
    }
}

/// A graph with its bonded units as one block each.
struct BlockLayout {
    /// The block of each vertex.
    let blocks: [Int32]
    /// How many blocks there are.
    let count: Int
    /// For each gate the blocks before it, those within one block left out.
    let inputs: [[Int32]]
    /// For each gate the blocks behind it.
    let waiting: [[Int32]]

    init(_ graph: DependencyGraph) {
        struct Bond: Hashable {
            var suite: Int32
            var name: String
        }
        var numbers: [Bond: Int32] = [:]
        var next: Int32 = 0
        blocks = graph.vertices.map { vertex in
            guard let name = vertex.bond else {
                next += 1
                return next - 1
            }
            let bond = Bond(suite: vertex.suite, name: name)
            if let known = numbers[bond] { return known }
            numbers[bond] = next
            next += 1
            return next - 1
        }
        count = Int(next)
        var inputs: [[Int32]] = []
        var waiting: [[Int32]] = []
        inputs.reserveCapacity(graph.gates.count)
        waiting.reserveCapacity(graph.gates.count)
        let isPlain = numbers.isEmpty
        for gate in graph.gates {
            if isPlain {
                inputs.append(gate.inputs)
                waiting.append(gate.waiting)
                continue
            }
            let before = Set(gate.inputs.map { [blocks] in blocks[Int($0)] })
            let behind = Set(gate.waiting.map { [blocks] in blocks[Int($0)] })
            // What the runner orders within its batch is no matter of batches.
            let inside = gate.kind == .within ? before.intersection(behind) : []
            inputs.append(before.subtracting(inside).sorted())
            waiting.append(behind.subtracting(inside).sorted())
        }
        self.inputs = inputs
        self.waiting = waiting
    }

    /// The gates in an order in which each comes behind those before it; fewer than there are where some wait for
    /// each other.
    func turns() -> [Int] {
        let behind = Adjacency(count: count, inputs)
        var missing = inputs.map(\.count)
        var before = [Int32](repeating: 0, count: count)
        for list in waiting {
            for block in list { before[Int(block)] += 1 }
        }
        var turns: [Int] = []
        turns.reserveCapacity(inputs.count)
        var openBlocks = before.indices.filter { before[$0] == 0 }
        var openGates = missing.indices.filter { missing[$0] == 0 }
        while true {
            if let gate = openGates.popLast() {
                turns.append(gate)
                for block in waiting[gate] {
                    before[Int(block)] -= 1
                    if before[Int(block)] == 0 { openBlocks.append(Int(block)) }
                }
            } else if let block = openBlocks.popLast() {
                for gate in behind[block] {
                    missing[Int(gate)] -= 1
                    if missing[Int(gate)] == 0 { openGates.append(Int(gate)) }
                }
            } else {
                return turns
            }
        }
    }
}
