import CICore

/// Which tests of the plan have no result, node by node.
struct Losses {
    let nodes: [MergedNode]
    /// By node; `nil` where no bundle has it: then what a missing node was to run has no name but its own.
    let plans: [NodePlan?]
    /// Units that are in no plan, with their nodes.
    let beyond: [UnitID: Int]
    /// Whether nodes went on where others had ended.
    var isResumed = false

    /// What one node was to run.
    struct NodePlan {
        let document: PlanDocument
        /// The node in it.
        let index: Int
    }

    /// The lost tests of one node, or its units where their tests are unknown.
    struct Loss {
        var node: Int
        var tests: [TestID]
    }

    /// Nodes without losses are left out; every test is in one place only.
    func byNode(hasResult: (TestID) -> Bool) -> [Loss] {
        let settled = isResumed ? settledElsewhere() : []
        var named: Set<TestID> = []
        return nodes.compactMap { node in
            let tests = candidates(of: node, settled).filter { !hasResult($0) && named.insert($0).inserted }
            return tests.isEmpty ? nil : Loss(node: node.index, tests: tests)
        }
    }

    private func candidates(of node: MergedNode, _ settled: Set<UnitID>) -> [TestID] {
        if case .told(let lost) = node.state { return lost.filter { !settled.contains(UnitID($0.rawValue)) }.sorted() }
        guard let plan = plans[node.index] else { return [TestID("every test of \(node.title)")] }
        let planned = plan.document.plan.nodes[plan.index].batches.flatMap { batch in
            batch.units.filter { !settled.contains($0) }.flatMap { plan.document.names(of: $0, in: batch.suite) }
        }
        return planned + beyond.filter { $0.value == node.index }.keys.sorted().map { TestID($0.rawValue) }
    }

    /// Units whose tests the listing did not tell, and that a node which went on has brought to their end.
    private func settledElsewhere() -> Set<UnitID> {
        var settled: Set<UnitID> = []
        for node in nodes {
            guard case .told(let lost) = node.state, let plan = plans[node.index] else { continue }
            settled.formUnion(plan.document.settled(at: plan.index, lost: Set(lost.map(\.rawValue))))
        }
        return settled
    }
}

extension PlanDocument {
    /// The units of a node that have all their results, if these are its lost tests.
    ///
    /// The names of tests that were learnt while a unit ran continue its own.
    func settled(at index: Int, lost: Set<String>) -> Set<UnitID> {
        let names = lost.sorted()
        var settled: Set<UnitID> = []
        for batch in plan.nodes[index].batches {
            for unit in batch.units
            where !self.names(of: unit, in: batch.suite).contains(where: { lost.contains($0.rawValue) }) {
                let place = names.partitioningIndex { $0 >= unit.rawValue }
                if place == names.count || !names[place].hasPrefix(unit.rawValue) { settled.insert(unit) }
            }
        }
        return settled
    }
}

extension [String] {
    /// The first place of a sorted list that the condition holds for, as for all behind it.
    fileprivate func partitioningIndex(where belongsBehind: (String) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if belongsBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
