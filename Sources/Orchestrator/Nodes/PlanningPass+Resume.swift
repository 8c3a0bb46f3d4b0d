import CICore

extension PlanningPass {
    /// The share of one node of what an earlier part of the run has no result of, planned anew over the target's nodes.
    ///
    /// All nodes that see the same bundles make the same plan. Bundles of that very plan are those of the other nodes, or
    /// of an earlier attempt of this one: the node then runs the share that it had.
    ///
    /// - Throws: as `prepare(for:)`.
    package func share(
        at position: NodePosition, resuming earlier: EarlierWork, on target: PlanningTarget
    ) async throws -> NodeShare {
        let listing = try await list(for: target)
        if earlier.latest > 0 {
            let run = try await rest(of: listing, after: earlier, generation: earlier.latest, on: target)
            if earlier.isOfLatest(run.plan) { return share(run, at: position, earlier, generation: earlier.latest) }
        }
        let generation = earlier.latest + 1
        let run = try await rest(of: listing, after: earlier, generation: generation, on: target)
        return share(run, at: position, earlier, generation: generation)
    }

    private func share(
        _ run: PlannedRun, at position: NodePosition, _ earlier: EarlierWork, generation: Int
    ) -> NodeShare {
        var share = NodeShare(of: run, at: position)
        share.resumes = BundleManifest.Lineage(
            plan: earlier.root, nodes: earlier.nodes, generation: generation, first: earlier.nodesBefore(generation))
        return share
    }

    private func rest(
        of listing: Listing, after earlier: EarlierWork, generation: Int, on target: PlanningTarget
    ) async throws -> PlannedRun {
        var listing = listing
        let done = earlier.done(before: generation)
        for index in listing.suites.indices {
            let suite = listing.suites[index]
            let open = suite.inventory.units.filter { !done.has($0) }
            let partly = open.filter { unit in
                done.cuts[unit.id]?.contains { done.units.contains($0) || done.tests.contains(TestID($0.rawValue)) }
                    ?? false
            }
            let pieces = await cut(partly, of: suite, &listing.notes)
            listing.suites[index].inventory.units = open.flatMap { unit in
                pieces[unit.id].map { $0.filter { !done.has($0) } } ?? [unit]
            }
        }
        // What a unit waits for may have its result already.
        return try await prepare(listing, for: target, isWhole: false).planned()
    }
}
