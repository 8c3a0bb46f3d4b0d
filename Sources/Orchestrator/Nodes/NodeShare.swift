package import CICore

/// What one node runs of a run that is split over several, beside the whole that it is a part of.
package struct NodeShare: Sendable {
    package let position: NodePosition
    /// The plan of all nodes.
    package let whole: PlanDocument
    /// Suites, units and batches of this node alone.
    package let run: PlannedRun
    /// Planned for this node and not found: they are lost.
    package let absent: [UnitID]
    /// Units that were found and are not in the plan, with the nodes that run them; empty where the plan was made here.
    package let beyond: [UnitID: Int]
    /// What the node goes on from; `nil` at the beginning of a run.
    package var resumes: BundleManifest.Lineage?

    init(
        position: NodePosition, whole: PlanDocument, run: PlannedRun, absent: [UnitID] = [], beyond: [UnitID: Int] = [:]
    ) {
        self.position = position
        self.whole = whole
        self.run = run
        self.absent = absent
        self.beyond = beyond
    }

    /// The part of a plan that was made here, as every other node makes it.
    package init(of run: PlannedRun, at position: NodePosition) {
        let node = run.plan.nodes[position.index]
        let own = Set(node.batches.lazy.flatMap(\.units))
        self.init(
            position: position, whole: PlanDocument(run), run: run.narrowed(to: node) { own.contains($0.id) })
    }

    /// Units of the whole plan.
    package var plannedUnits: Int {
        whole.plan.nodes.reduce(0) { $0 + $1.batches.reduce(0) { $0 + $1.units.count } }
    }

    /// Whether there is work in the run, and none of it is here.
    package var isIdle: Bool { run.unitCount == 0 && absent.isEmpty && plannedUnits + beyond.count > 0 }

    /// What people should know about the plan and this node's discovery, as sentences.
    package var remarks: [String] {
        var remarks: [String] = []
        if !absent.isEmpty {
            remarks.append(
                "\(counted(absent.count, "unit")) of the plan \(absent.count == 1 ? "is" : "are") not there any more: "
                    + Self.names(absent))
        }
        if !beyond.isEmpty {
            let own = beyond.values.count { $0 == position.index }
            remarks.append(
                "\(counted(beyond.count, "unit")) \(beyond.count == 1 ? "is" : "are") not in the plan, "
                    + "\(own) of \(beyond.count == 1 ? "it" : "them") run here: \(Self.names(beyond.keys.sorted()))")
        }
        return remarks
    }

    private static func names(_ units: [UnitID]) -> String {
        units.prefix(3).map { SafeText.line($0.rawValue, limit: 160) }.joined(separator: ", ")
            + (units.count > 3 ? ", …" : "")
    }
}

extension PlannedRun {
    /// The same run with one node and a part of the units.
    func narrowed(to node: PlannedNode, where isOwn: (TestUnit) -> Bool) -> PlannedRun {
        var run = self
        for index in run.basis.suites.indices {
            run.basis.suites[index].inventory.units.removeAll { !isOwn($0) }
        }
        run.plan.nodes = [node]
        return run
    }
}
