import CICore

/// Makes plans: longest-processing-time over all slots of all nodes, in whole microseconds, with the fixed cost of each
/// runner invocation counted and ties broken by id, so that the same request gives the same plan on every machine.
///
/// 1. Units become atoms (`Atoms`): bonded units are one. What must run alone is set aside.
/// 2. Each suite gets shares of as many slots as it needs (`LaneShares`), its atoms go to them longest first.
/// 3. Each slot's share is cut into batches that shrink towards the end (`BatchSizing`).
/// 4. A node serves its batches in order; that service is played through for the estimates (`ServiceTimeline`).
///
/// Takes O(n log(slots)) for n units, beside sorting their ids where the listing is not sorted.
package enum Planner {
    package static func plan(_ request: PlanRequest) -> Plan {
        let lots = Lot.all(of: request)
        let drafts = Drafting(lots, nodes: request.nodes).drafts()
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
            lowerBound: LowerBound(of: lots, in: request).duration,
            inputs: request.inputs)
    }

    private static func batches(
        of drafts: [BatchDraft], _ order: ServiceOrder, _ lots: [Lot], _ request: PlanRequest, next: inout Int
    ) -> [PlannedBatch] {
        var lastOfLane: [LaneOfLot: BatchID] = [:]
        return drafts.map { draft in
            let lot = lots[draft.lot]
            let id = BatchID("b\(next)")
            next += 1
            var after: [BatchID] = []
            if lot.limits.slots != nil, request.nodes.count > 1 {
                // Nodes don't see each other: a suite's limit holds over all of them if each lane is a chain.
                let lane = LaneOfLot(lot: draft.lot, lane: draft.lane)
                after = lastOfLane.updateValue(id, forKey: lane).map { [$0] } ?? []
            }
            return PlannedBatch(
                id: id, suite: request.suites[lot.suite].name, units: order.units(of: draft),
                estimate: .microseconds(draft.work + lot.start), after: after, isSerial: lot.isSerial)
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

    private struct LaneOfLot: Hashable {
        var lot: Int
        var lane: Int
    }
}

/// Distributes lots over nodes as batches.
struct Drafting {
    private let lots: [Lot]
    private let nodes: [NodeShape]

    init(_ lots: [Lot], nodes: [NodeShape]) {
        self.lots = lots
        self.nodes = nodes
    }

    /// The batches of each node, in no particular order.
    func drafts() -> [[BatchDraft]] {
        var drafts = [[BatchDraft]](repeating: [], count: nodes.count)
        guard !nodes.isEmpty else { return drafts }
        let serial = spread(lots.indices.filter { lots[$0].isSerial }, base: nodes.map { _ in 0 }) { _ in 1 }
        for draft in serial { drafts[draft.lane].append(draft) }
        let held = drafts.map { $0.reduce(0) { $0 + $1.work + lots[$1.lot].start } }
        let lanes = laneNodes()
        let parallel = spread(lots.indices.filter { !lots[$0].isSerial }, base: lanes.map { held[$0] }) { lane in
            nodes[lanes[lane]].slots
        }
        for draft in parallel { drafts[lanes[draft.lane]].append(draft) }
        return drafts
    }

    /// The node of each lane: every node's first slot, then every node's second, so that equal loads go to different
    /// nodes first.
    private func laneNodes() -> [Int] {
        (0..<(nodes.map(\.slots).max() ?? 0)).flatMap { slot in nodes.indices.filter { nodes[$0].slots > slot } }
    }

    private func spread(_ chosen: [Int], base: [Int64], slots: (Int) -> Int) -> [BatchDraft] {
        guard !chosen.isEmpty, !base.isEmpty else { return [] }
        let group = chosen.map { lots[$0] }
        let work = group.reduce(0) { $0 + $1.work + $1.start } + base.reduce(0, +)
        let longest = group.map { $0.start + max($0.atoms.longest, $0.work / Int64($0.mostLanes)) }.max() ?? 0
        let level = max(longest, work / Int64(base.count), base.max() ?? 0)
        let shares = LaneShares(lots: group, base: base).shares(level: level)
        return zip(chosen, shares).flatMap { index, shares in
            let together = shares.map { slots($0.lane) }.max() ?? 1
            return BatchCutter(
                lot: lots[index], index: index, slots: min(together, lots[index].limits.slots ?? together)
            )
            .drafts(over: shares)
        }
    }
}
