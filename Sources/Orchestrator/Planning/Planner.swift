import CICore

/// Makes plans: longest-processing-time over all slots of all nodes, in whole microseconds, with the fixed cost of each
/// runner invocation counted and ties broken by id, so that the same request gives the same plan on every machine.
///
/// 1. Units become atoms (`Atoms`): bonded units are one. What must run alone is set aside.
/// 2. What few nodes can run is distributed first, among them.
/// 3. Each suite gets shares of as many slots as it needs (`LaneShares`), its atoms go to them longest first.
/// 4. Each slot's share is cut into batches that shrink towards the end (`BatchSizing`).
/// 5. What waits for other units or claims semaphores goes its own way (`DependentPlanner`).
/// 6. A node serves its batches in order; that service is played through for the estimates (`ServiceTimeline`).
///
/// Takes O(n log(slots)) for n units, beside sorting their ids where the listing is not sorted.
package enum Planner {
    package static func plan(_ whole: PlanRequest) -> Plan {
        let (request, beyond) = whole.satisfiable()
        if HeldUnits.areThere(in: request) { return DependentPlanner(request).plan(leavingOut: beyond) }
        let lots = Lot.all(of: request)
        let drafts = Drafting(lots, of: request).drafts()
        let order = ServiceOrder(request, lots)
        var next = 0
        let nodes = request.nodes.indices.map { index in
            let served = order.sorted(drafts[index])
            let batches = batches(of: served, order, lots, request, next: &next)
            return PlannedNode(
                index: index, hardware: request.nodes[index].hardware, slots: request.nodes[index].slots,
                estimate: .microseconds(end(of: served, lots, slots: request.nodes[index].slots)), batches: batches)
        }
        return Plan(
            nodes: nodes, makespan: nodes.map(\.estimate).max() ?? .zero,
            lowerBound: LowerBound(of: lots, in: request).duration, unsatisfiable: beyond,
            inputs: request.inputs)
    }

    private static func batches(
        of drafts: [BatchDraft], _ order: ServiceOrder, _ lots: [Lot], _ request: PlanRequest, next: inout Int
    ) -> [PlannedBatch] {
        // Nodes don't see each other: a suite's limit holds over all of them if each lane is a chain.
        var chains = LaneChains(request)
        return drafts.map { draft in
            let lot = lots[draft.lot]
            let id = BatchID("b\(next)")
            next += 1
            let after = chains.after(draft, lot, id: id)
            return PlannedBatch(
                id: id, suite: request.suites[lot.suite].name, units: order.units(of: draft),
                estimate: .microseconds(draft.work + lot.start), after: after, isSerial: lot.isSerial,
                requirement: lot.kind.fit.map { request.fits[$0].requirement })
        }
    }

    private static func end(of drafts: [BatchDraft], _ lots: [Lot], slots: Int) -> Int64 {
        let jobs = drafts.map { draft in
            let lot = lots[draft.lot]
            return ServiceTimeline.Job(
                duration: draft.work + lot.start, lot: draft.lot, limit: lot.limits.slots, isSerial: lot.isSerial)
        }
        return ServiceTimeline(jobs, slots: slots).end()
    }
}
