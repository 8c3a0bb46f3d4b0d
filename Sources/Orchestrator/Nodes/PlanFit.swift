import Artifacts
import CICore

/// Lays a plan that another machine made over what this node's discovery found.
///
/// Every unit that was found has one node, and all nodes agree on which without talking: what the plan has goes where
/// the plan says, a piece that it lacks to the node of its unit's first piece, and any other unit that it lacks to a
/// node by the hash of its id.
struct PlanFit {
    private let position: NodePosition
    private let details: PlanDocument.Details
    /// The node of every planned unit.
    private let owners: [UnitID: Int]
    /// Units that were cut for the plan, by the node of their first piece.
    private let cutOwners: [UnitID: Int]

    init(_ document: PlanDocument, position: NodePosition) {
        self.position = position
        details = document.details
        var owners: [UnitID: Int] = [:]
        for (index, node) in document.plan.nodes.enumerated() {
            for unit in node.batches.lazy.flatMap(\.units) { owners[unit] = owners[unit] ?? index }
        }
        self.owners = owners
        cutOwners = details.cuts.compactMapValues { pieces in pieces.lazy.compactMap { owners[$0] }.first }
    }

    /// The listed units that this node has to cut as the plan did, to get at its pieces.
    func unitsToCut(among listed: [TestUnit]) -> [TestUnit] {
        listed.filter { unit in
            guard owners[unit.id] == nil, let first = cutOwners[unit.id] else { return false }
            return first == position.index
                || details.cuts[unit.id]?.contains { owners[$0] == position.index } == true
        }
    }

    /// What this node runs.
    struct Share {
        /// In the order of the listing.
        var units: [TestUnit] = []
        /// Those of them that the plan lacks.
        var unplanned: Set<UnitID> = []
        /// Planned for this node, and not found.
        var absent: [UnitID] = []
        /// All units that were seen to be missing in the plan, with their nodes.
        var beyond: [UnitID: Int] = [:]
    }

    /// - Parameters:
    ///   - listed: everything that discovery found, uncut.
    ///   - pieces: what the units to cut came to.
    ///   - planned: the units of this node in the plan.
    /// - Returns: the share.
    func share(of listed: [TestUnit], pieces: [UnitID: [TestUnit]], planned: [UnitID]) -> Share {
        var share = Share()
        for unit in listed {
            if let node = owners[unit.id] {
                if node == position.index { share.units.append(unit) }
            } else if let first = cutOwners[unit.id] {
                for piece in pieces[unit.id] ?? [] { add(piece, else: first, to: &share) }
            } else {
                add(unit, else: Self.node(of: unit.id, among: position.total), to: &share)
            }
        }
        let found = Set(share.units.map(\.id))
        share.absent = planned.filter { !found.contains($0) }
        return share
    }

    private func add(_ unit: TestUnit, else fallback: Int, to share: inout Share) {
        let node = owners[unit.id] ?? fallback
        if owners[unit.id] == nil {
            share.beyond[unit.id] = node
            if node == position.index { share.unplanned.insert(unit.id) }
        }
        if node == position.index { share.units.append(unit) }
    }

    /// Equal on every machine.
    static func node(of unit: UnitID, among total: Int) -> Int {
        Int(StableHash.of(unit.rawValue) % UInt64(max(1, total)))
    }
}
