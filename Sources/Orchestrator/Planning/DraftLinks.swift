import CICore

/// Which drafts come before which, over all nodes.
struct DraftLinks {
    private var predecessors: [[Int32]]
    private var successors: [[Int32]]

    /// - Parameters:
    ///   - drafts: of all nodes.
    ///   - gates: the drafts before and behind each gate.
    init(_ drafts: [BatchDraft], gates: [(inputs: [Int32], waiting: [Int32])]) {
        predecessors = [[Int32]](repeating: [], count: drafts.count)
        successors = [[Int32]](repeating: [], count: drafts.count)
        for gate in gates {
            for waiting in gate.waiting {
                for input in gate.inputs where input != waiting { predecessors[Int(waiting)].append(input) }
            }
        }
        for index in predecessors.indices where !predecessors[index].isEmpty {
            if predecessors[index].count > 1 { predecessors[index] = Set(predecessors[index]).sorted() }
            for before in predecessors[index] { successors[Int(before)].append(Int32(index)) }
        }
    }

    /// What a draft comes after.
    func before(_ draft: Int) -> [Int32] { predecessors[draft] }

    /// Whether nothing waits for a draft and it waits for nothing.
    func isFree(_ draft: Int) -> Bool { predecessors[draft].isEmpty && successors[draft].isEmpty }

    /// For each draft of a node the time from its beginning to the end of the longest way behind it.
    func ranks(in range: Range<Int>, _ duration: (Int) -> Int64) -> [Int64] {
        var ranks = range.map(duration)
        var missing = range.map { successors[$0].count }
        var open = range.filter { successors[$0].isEmpty }
        while let draft = open.popLast() {
            for before in predecessors[draft] {
                let place = Int(before) - range.lowerBound
                ranks[place] = max(ranks[place], duration(Int(before)) + ranks[draft - range.lowerBound])
                missing[place] -= 1
                if missing[place] == 0 { open.append(Int(before)) }
            }
        }
        return ranks
    }

    /// The drafts as wanted, but each behind what it comes after.
    func sorted(_ wanted: [Int]) -> [Int] {
        var isDone: Set<Int> = []
        if wanted.allSatisfy({ draft in
            isDone.insert(draft)
            return predecessors[draft].allSatisfy { isDone.contains(Int($0)) }
        }) {
            return wanted
        }
        var missing = Dictionary(uniqueKeysWithValues: wanted.map { ($0, predecessors[$0].count) })
        var sorted: [Int] = []
        // Whoever is let in by the last of those before it follows as soon as its turn was to come.
        var places: [Int: Int] = [:]
        for (place, draft) in wanted.enumerated() { places[draft] = place }
        var open = wanted.filter { predecessors[$0].isEmpty }.reversed().map { $0 }
        while let draft = open.popLast() {
            sorted.append(draft)
            for next in successors[draft] {
                missing[Int(next), default: 1] -= 1
                guard missing[Int(next)] == 0 else { continue }
                let place = places[Int(next)] ?? 0
                let index = open.firstIndex { (places[$0] ?? 0) < place } ?? open.endIndex
                open.insert(Int(next), at: index)
            }
        }
        return sorted
    }
}

/// A suite's limit over nodes that don't see each other: each lane of a limited lot is a chain.
struct LaneChains {
    private struct Lane: Hashable {
        var lot: Int
        var lane: Int
    }

    private let isNeeded: Bool
    private var lasts: [Lane: BatchID] = [:]

    init(_ request: PlanRequest) { isNeeded = request.nodes.count > 1 }

    /// What the lane's next batch comes after.
    mutating func after(_ draft: BatchDraft, _ lot: Lot, id: BatchID) -> [BatchID] {
        guard lot.limits.slots != nil, isNeeded else { return [] }
        return lasts.updateValue(id, forKey: Lane(lot: draft.lot, lane: draft.lane)).map { [$0] } ?? []
    }
}
