import CICore

/// Which tests of the plan have no result, node by node.
struct Losses {
    let nodes: [MergedNode]
    /// `nil` where no bundle has it: then what a missing node was to run has no name but its own.
    let plan: PlanDocument?
    /// Units that are in no plan, with their nodes.
    let beyond: [UnitID: Int]

    /// The lost tests of one node, or its units where their tests are unknown.
    struct Loss {
        var node: Int
        var tests: [TestID]
    }

    /// Nodes without losses are left out; every test is in one place only.
    func byNode(hasResult: (TestID) -> Bool) -> [Loss] {
        var named: Set<TestID> = []
        return nodes.compactMap { node in
            let tests = candidates(of: node).filter { !hasResult($0) && named.insert($0).inserted }
            return tests.isEmpty ? nil : Loss(node: node.index, tests: tests)
        }
    }

    private func candidates(of node: MergedNode) -> [TestID] {
        if case .told(let lost) = node.state { return lost.sorted() }
        guard let plan else {
            return [TestID("every test of \(NodePosition.title(of: node.index, total: nodes.count))")]
        }
        let planned = plan.plan.nodes[node.index].batches.flatMap { batch in
            batch.units.flatMap { plan.names(of: $0, in: batch.suite) }
        }
        return planned + beyond.filter { $0.value == node.index }.keys.sorted().map { TestID($0.rawValue) }
    }
}
