import CICore

extension PlanningPass {
    /// The share of one node: of the given plan, else of the one that every node makes for itself.
    ///
    /// - Throws: as `prepare(for:)`, and `ConfigurationError` for a given plan that is not of this run.
    package func share(
        at position: NodePosition, of given: GivenPlan?, on target: PlanningTarget
    ) async throws -> NodeShare {
        guard let given else { return NodeShare(of: try await plan(on: target), at: position) }
        var listing = try await list(for: target)
        try given.check(
            position: position,
            inputs: inputs(of: listing.suites, shares: listing.suites.map(\.share), commit: target.commit))
        let fit = PlanFit(given.document, position: position)
        let node = given.document.plan.nodes[position.index]
        var unplanned: [PlannedBatch] = []
        var absent = node.batches.flatMap(\.units)
        var beyond: [UnitID: Int] = [:]
        var notes = listing.notes
        for index in listing.suites.indices {
            let suite = listing.suites[index]
            let pieces = await cut(fit.unitsToCut(among: suite.inventory.units), of: suite, &notes)
            let share = fit.share(
                of: suite.inventory.units, pieces: pieces,
                planned: node.batches.filter { $0.suite == suite.suite.name }.flatMap(\.units))
            listing.suites[index].inventory.units = share.units
            let found = Set(share.units.map(\.id))
            absent.removeAll(where: found.contains)
            beyond.merge(share.beyond) { first, _ in first }
            if let batch = Self.batch(of: share, in: suite) { unplanned.append(batch) }
        }
        // What other nodes run is not here, so nothing can be said to be nowhere.
        let graph = try dependencies(of: &listing, isWhole: false)
        listing.notes = notes
        let run = PlannedRun(
            PreparedRun(
                suites: listing.suites,
                request: PlanRequest(
                    suites: listing.suites.map(\.share), nodes: target.nodes, dependencies: graph),
                notes: listing.notes, missing: listing.missing),
            plan: given.document.plan)
        var own = node
        own.batches += unplanned
        return NodeShare(
            position: position, whole: given.document, run: run.narrowed(to: own) { _ in true }, absent: absent,
            beyond: beyond)
    }

    /// One batch for what the plan lacks of a suite.
    private static func batch(of share: PlanFit.Share, in suite: PreparedSuite) -> PlannedBatch? {
        let units = share.units.filter { share.unplanned.contains($0.id) }
        guard !units.isEmpty else { return nil }
        let work = units.reduce(suite.estimates.start.duration) { $0 + suite.estimates.estimate(of: $1).duration }
        return PlannedBatch(
            id: BatchID("unplanned-\(suite.suite.name)"), suite: suite.suite.name, units: units.map(\.id),
            estimate: work, isSerial: suite.suite.policy.isSerial)
    }
}
