import CICore

/// Plans requests in which units wait for each other or claim the same.
///
/// 1. What waits, is waited for or claims something is held (`HeldUnits`); the rest is planned as ever.
/// 2. Held units that hang together go to one node, since nodes don't see each other.
/// 3. A batch holds units of one level only, so that no batch waits for itself (`HeldDrafting`).
/// 4. A batch comes after those with the units that its own wait for. Slots take what the longest way hangs on first:
///    list scheduling by the length of the way to the end (Hu 1961; HLFET of Adam, Chandy and Dickson 1974).
struct DependentPlanner {
    private let request: PlanRequest
    private let order: DependencyOrder
    private let held: HeldUnits
    private let drafting: HeldDrafting
    /// The free lots, then the held ones.
    private let lots: [Lot]
    private let freeCount: Int

    init(_ request: PlanRequest) {
        self.request = request
        order = DependencyOrder(of: request)
        let slots = Int64(max(1, request.nodes.reduce(0) { $0 + $1.slots }))
        let work = request.dependencies.vertices.reduce(Int64(0)) { $0 + request.microseconds(of: $1) }
        held = HeldUnits(request, order, work: work / slots)
        drafting = HeldDrafting(request, held)
        let free = Lot.all(of: request, besides: held)
        freeCount = free.count
        lots = free + drafting.lots
    }

    /// The plan, with what no node can run named.
    func plan(leavingOut beyond: [UnsatisfiableUnit]) -> Plan {
        let (nodes, drafts) = spread()
        let links = DraftLinks(drafts, gates: gateDrafts(of: drafts))
        let service = ServiceOrder(request, lots)
        var planned: [PlannedNode] = []
        var next = 0
        for index in request.nodes.indices {
            let turns = turns(of: nodes[index], drafts, links, service)
            let estimate = timeline(of: turns, drafts, links, slots: request.nodes[index].slots)
            planned.append(
                PlannedNode(
                    index: index, hardware: request.nodes[index].hardware, slots: request.nodes[index].slots,
                    estimate: .microseconds(estimate),
                    batches: batches(of: turns, drafts, links, service, next: &next)))
        }
        return Plan(
            nodes: planned, makespan: planned.map(\.estimate).max() ?? .zero,
            lowerBound: LowerBound(of: lots, in: request, order: order).duration,
            unsatisfiable: (beyond + drafting.beyond).sorted { $0.unit < $1.unit }, inputs: request.inputs)
    }

    /// The drafts of all nodes in one list, and where each node's lie.
    private func spread() -> (nodes: [Range<Int>], drafts: [BatchDraft]) {
        let heldDrafts = drafting.drafts(numberingFrom: freeCount)
        let base = request.nodes.indices.map { node in
            let work = heldDrafts[node].reduce(Int64(0)) { sum, draft in
                let width = lots[draft.lot].isSerial ? Int64(request.nodes[node].slots) : 1
                return sum + width * (draft.work + lots[draft.lot].start)
            }
            return work / Int64(request.nodes[node].slots)
        }
        var shared = request
        // Slots that wait for others don't come free together: what fills the gaps is cut as for a queue.
        if request.nodes.contains(where: { $0.slots > 1 }) { shared.sharing = .run }
        let freeDrafts = Drafting(Array(lots[..<freeCount]), of: shared, base: base).drafts()
        var drafts: [BatchDraft] = []
        let nodes = request.nodes.indices.map { node in
            let first = drafts.count
            drafts += heldDrafts[node] + freeDrafts[node]
            return first..<drafts.count
        }
        return (nodes, drafts)
    }

    /// For each gate the drafts before it and behind it.
    private func gateDrafts(of drafts: [BatchDraft]) -> [(inputs: [Int32], waiting: [Int32])] {
        var draftOf = [Int32](repeating: -1, count: held.count)
        for (index, draft) in drafts.enumerated() where draft.lot >= freeCount {
            let lot = lots[draft.lot]
            for position in lot.atoms.units(of: draft.atoms) {
                draftOf[Int(held.numbers[lot.suite][Int(position)])] = Int32(index)
            }
        }
        let byVertex = request.dependencies.vertices.map { vertex in
            draftOf[Int(held.numbers[Int(vertex.suite)][Int(vertex.position)])]
        }
        return request.dependencies.gates.map { gate in
            (unique(gate.inputs, byVertex), unique(gate.waiting, byVertex))
        }
    }

    private func unique(_ vertices: [Int32], _ drafts: [Int32]) -> [Int32] {
        if vertices.count == 1 {
            let draft = drafts[Int(vertices[0])]
            return draft < 0 ? [] : [draft]
        }
        return Set(vertices.lazy.map { drafts[Int($0)] }).filter { $0 >= 0 }.sorted()
    }

    /// The drafts of a node in the order of service: every one behind what it waits for.
    private func turns(
        of range: Range<Int>, _ drafts: [BatchDraft], _ links: DraftLinks, _ service: ServiceOrder
    ) -> [Int] {
        let ranks = links.ranks(in: range) { index in drafts[index].work + lots[drafts[index].lot].start }
        let isLast = range.map { lots[drafts[$0].lot].isSerial && links.isFree($0) }
        let wanted = service.turns(of: Array(drafts[range]), ranks: ranks, isLast: isLast).map { $0 + range.lowerBound }
        return links.sorted(wanted)
    }

    private func timeline(of turns: [Int], _ drafts: [BatchDraft], _ links: DraftLinks, slots: Int) -> Int64 {
        var places: [Int: Int] = [:]
        for (place, index) in turns.enumerated() { places[index] = place }
        let jobs = turns.map { index in
            let lot = lots[drafts[index].lot]
            return DependentTimeline.Job(
                duration: drafts[index].work + lot.start, suite: lot.suite,
                limit: request.suites[lot.suite].limits.slots, isSerial: lot.isSerial,
                claims: claims(of: drafts[index]), after: links.before(index).compactMap { places[Int($0)] })
        }
        return DependentTimeline(jobs, slots: slots).end()
    }

    private func claims(of draft: BatchDraft) -> [SemaphoreClaim] {
        guard draft.lot >= freeCount else { return [] }
        let set = drafting.rounds[draft.lot - freeCount].claims
        return set < 0 ? [] : held.claimSets[Int(set)]
    }

    private func batches(
        of turns: [Int], _ drafts: [BatchDraft], _ links: DraftLinks, _ service: ServiceOrder, next: inout Int
    ) -> [PlannedBatch] {
        var ids: [Int: BatchID] = [:]
        var chains = LaneChains(request)
        return turns.map { index in
            let draft = drafts[index]
            let lot = lots[draft.lot]
            let id = BatchID("b\(next)")
            next += 1
            ids[index] = id
            let chained = draft.lot < freeCount ? chains.after(draft, lot, id: id) : []
            return PlannedBatch(
                id: id, suite: request.suites[lot.suite].name, units: service.units(of: draft),
                estimate: .microseconds(draft.work + lot.start),
                after: chained + links.before(index).compactMap { ids[Int($0)] }, isSerial: lot.isSerial,
                requirement: lot.kind.fit.map { request.fits[$0].requirement }, exclusive: claims(of: draft))
        }
    }
}
