/// Distributes lots over nodes as batches.
struct Drafting {
    private let lots: [Lot]
    private let nodes: [NodeShape]
    private let fits: [NodeFit]
    private let sharing: BatchSharing
    private let order: BatchOrder
    /// What each slot of each node has to do besides, in microseconds.
    private let base: [Int64]

    /// - Parameters:
    ///   - lots: what is distributed.
    ///   - request: over the nodes of which.
    ///   - base: what each slot of each node has to do besides, in microseconds; `nil` = nothing.
    init(_ lots: [Lot], of request: PlanRequest, base: [Int64]? = nil) {
        self.base = base ?? request.nodes.map { _ in 0 }
        self.lots = lots
        nodes = request.nodes
        fits = request.fits
        sharing = request.sharing
        order = request.order
    }

    /// The batches of each node, in no particular order.
    ///
    /// What runs alone comes before what has company, and what few can run before what many can: the rest evens out.
    func drafts() -> [[BatchDraft]] {
        var drafts = [[BatchDraft]](repeating: [], count: nodes.count)
        guard !nodes.isEmpty else { return drafts }
        let serial = spread(isSerial: true, over: Array(nodes.indices), base: base) { _ in 1 }
        for draft in serial { drafts[draft.lane].append(draft) }
        let held = zip(base, drafts).map { base, drafts in
            drafts.reduce(base) { $0 + $1.work + lots[$1.lot].start }
        }
        let lanes = laneNodes()
        let parallel = spread(isSerial: false, over: lanes, base: lanes.map { held[$0] }) { lane in
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

    /// The lots by what they ask of a node, what the fewest meet first.
    private func groups(isSerial: Bool) -> [(fit: Int?, lots: [Int])] {
        let chosen = lots.indices.filter { lots[$0].isSerial == isSerial }
        let groups = Dictionary(grouping: chosen) { lots[$0].kind.fit }
        let capacity = { (fit: Int?) in fit.map { fits[$0].nodes.reduce(0) { $0 + nodes[$1].slots } } ?? .max }
        return groups.map { ($0.key, $0.value) }.sorted { left, right in
            (capacity(left.fit), left.fit ?? .max) < (capacity(right.fit), right.fit ?? .max)
        }
    }

    /// - Parameters:
    ///   - isSerial: which lots.
    ///   - laneNodes: the node of each lane.
    ///   - base: what each lane already has to do, in microseconds.
    ///   - slots: how many slots take the batches of a lane's node.
    /// - Returns: batches with the positions of their lanes.
    private func spread(
        isSerial: Bool, over laneNodes: [Int], base: [Int64], slots: (Int) -> Int
    ) -> [BatchDraft] {
        var loads = base
        var drafts: [BatchDraft] = []
        for group in groups(isSerial: isSerial) {
            let able = group.fit.map { Set(fits[$0].nodes) }
            let lanes = laneNodes.indices.filter { able?.contains(laneNodes[$0]) ?? true }
            guard !lanes.isEmpty else { continue }
            for var draft in spread(group.lots, base: lanes.map { loads[$0] }, slots: { slots(lanes[$0]) }) {
                draft.lane = lanes[draft.lane]
                loads[draft.lane] += draft.work + lots[draft.lot].start
                drafts.append(draft)
            }
        }
        return drafts
    }

    private func spread(_ chosen: [Int], base: [Int64], slots: (Int) -> Int) -> [BatchDraft] {
        let group = chosen.map { lots[$0] }
        if sharing == .run { return shared(chosen, base: base) }
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

    /// Batches that any slot may take; each is planned for the lane that had the least to do, the longest first.
    private func shared(_ chosen: [Int], base: [Int64]) -> [BatchDraft] {
        let work = chosen.reduce(0) { $0 + lots[$1].work }
        let cut = chosen.map { GuidedCutter(lot: lots[$0], index: $0, work: work, slots: base.count).drafts(in: order) }
        var loads = base
        var drafts = cut.flatMap(\.self)
        let starts = drafts.map { lots[$0.lot].start }
        var lanesOfLot: [Int: [Int]] = [:]
        for place in drafts.indices.sorted(by: {
            (-drafts[$0].work - starts[$0], $0) < (-drafts[$1].work - starts[$1], $1)
        }) {
            let lot = drafts[place].lot
            let own = lanesOfLot[lot] ?? []
            let lanes = own.count < lots[lot].mostLanes ? Array(loads.indices) : own
            let lane = lanes.min { (loads[$0], $0) < (loads[$1], $1) } ?? 0
            if !own.contains(lane) { lanesOfLot[lot] = own + [lane] }
            loads[lane] += drafts[place].work + starts[place]
            drafts[place].lane = lane
        }
        return drafts
    }
}
