package import CICore

/// The order of the work on this machine: retries and rests first, then the plan's batches as planned.
///
/// A struct without I/O: `next()` hands out a batch, `finish(_:)` takes it back. A suite's slot limit, serial units,
/// semaphores and the batches that must come before hold back what may not run yet.
package struct BatchQueue: Sendable {
    /// What the queue must respect for one suite.
    package struct SuiteLimits: Sendable, Hashable {
        /// At most so many batches at once; `nil` = as many as there are slots.
        package var slots: Int?
        /// Nothing beside a batch of this suite.
        package var isSerial: Bool

        package init(slots: Int? = nil, isSerial: Bool = false) {
            self.slots = slots
            self.isSerial = isSerial
        }
    }

    private var urgent: [QueuedBatch] = []
    /// Those that wait for no other batch, reversed, so that the next one is last.
    private var planned: [Place]
    private var blocked = BlockedBatches()
    private var running = Running()
    private let limits: [SuiteName: SuiteLimits]
    private var ranking: BatchRanking?

    private struct Place {
        /// In the plan's order.
        var turn: Int
        var batch: QueuedBatch
    }

    private struct Running {
        var suites: [SuiteName: Int] = [:]
        var total = 0
        var isAlone = false
        /// Places of semaphores that are taken.
        var taken: [String: Int] = [:]
        /// For each planned batch how many of it and of what follows from it are queued or running.
        var open: [BatchID: Int] = [:]
    }

    /// Without a ranking, planned batches start as planned.
    package init(planned: [QueuedBatch], limits: [SuiteName: SuiteLimits], ranking: BatchRanking? = nil) {
        self.limits = limits
        self.ranking = ranking
        let ids = Set(planned.lazy.map(\.id))
        self.planned = []
        for (turn, batch) in planned.enumerated() {
            // What comes before on another node, or not at all, holds nothing up.
            let before = batch.conditions.after.filter(ids.contains)
            if before.isEmpty {
                self.planned.append(Place(turn: turn, batch: batch))
            } else {
                blocked.add(batch, turn: turn, before: before)
            }
            running.open[batch.id.root, default: 0] += 1
        }
        self.planned.reverse()
    }

    /// How the strategy changed its mind, and why, as sentences.
    package var turns: [String] { ranking?.turns ?? [] }

    /// So much time has passed since the first batch could start; gives what people should know of the rest.
    package mutating func reach(_ elapsed: Duration) -> String? {
        ranking?.reach(elapsed)
        return ranking?.news()
    }

    package var isIdle: Bool { running.total == 0 }
    package var isEmpty: Bool { urgent.isEmpty && planned.isEmpty && blocked.isEmpty }
    package var waiting: Int { urgent.count + planned.count + blocked.count }

    /// Puts follow-up work before everything planned, in the order given.
    package mutating func addUrgent(_ batches: [QueuedBatch]) {
        urgent.append(contentsOf: batches)
        for batch in batches { running.open[batch.id.root, default: 0] += 1 }
    }

    /// Takes out all that has not begun and is not wanted any more.
    package mutating func removeAll(where isUnwanted: (QueuedBatch) -> Bool) -> [QueuedBatch] {
        let removed = urgent.filter(isUnwanted) + planned.reversed().map(\.batch).filter(isUnwanted)
        urgent.removeAll(where: isUnwanted)
        planned.removeAll { isUnwanted($0.batch) }
        let all = removed + blocked.removeAll(where: isUnwanted)
        for batch in all { running.open[batch.id.root, default: 1] -= 1 }
        return all
    }

    /// The next batch that may run beside those that are running; `nil` if there is none now.
    package mutating func next() -> QueuedBatch? {
        guard !running.isAlone else { return nil }
        if running.total == 0, urgent.isEmpty, planned.isEmpty, let entry = blocked.first() {
            // Only a plan whose batches wait for each other comes here, and a run must end.
            planned = [Place(turn: entry.turn, batch: entry.batch)]
        }
        if let index = urgent.firstIndex(where: mayStart) { return start(urgent.remove(at: index)) }
        if let index = favourite() { return start(planned.remove(at: index).batch) }
        // A serial batch at the head must not starve: nothing planned overtakes it once it is first in line.
        guard let first = planned.last else { return nil }
        if isExclusive(first.batch) { return running.total == 0 ? start(planned.removeLast().batch) : nil }
        guard let index = planned.lastIndex(where: { !isExclusive($0.batch) && mayStart($0.batch) }) else { return nil }
        return start(planned.remove(at: index).batch)
    }

    /// The planned batch of the least rank that may start beside others; `nil` where the plan's order holds.
    private func favourite() -> Int? {
        guard let ranking, ranking.isActive else { return nil }
        var best: (index: Int, rank: Double)?
        for index in planned.indices.reversed()
        where !isExclusive(planned[index].batch) && mayStart(planned[index].batch) {
            let rank = ranking.rank(of: planned[index].batch)
            if best.map({ rank < $0.rank }) ?? true { best = (index, rank) }
        }
        return best?.index
    }

    /// Gives a batch's room back.
    package mutating func finish(_ batch: QueuedBatch, after wall: Duration = .zero, hasFailed: Bool = false) {
        ranking?.finish(batch, after: wall, hasFailed: hasFailed)
        running.suites[batch.suite, default: 1] -= 1
        running.total -= 1
        for claim in batch.conditions.exclusive { running.taken[claim.name, default: claim.count] -= claim.count }
        if isExclusive(batch) { running.isAlone = false }
        running.open[batch.id.root, default: 1] -= 1
    }

    /// Whether a planned batch and all that followed from it have ended.
    package func hasEnded(_ root: BatchID) -> Bool { running.open[root, default: 0] <= 0 }

    /// Takes out the batches that waited for this one and now wait for nothing more.
    mutating func release(after root: BatchID) -> [BlockedBatches.Entry] { blocked.release(after: root) }

    /// Puts a released batch in its turn.
    mutating func admit(_ entry: BlockedBatches.Entry) {
        let index = planned.partitionIndex { $0.turn < entry.turn }
        planned.insert(Place(turn: entry.turn, batch: entry.batch), at: index)
    }

    /// Forgets a released batch of which nothing is left.
    mutating func drop(_ entry: BlockedBatches.Entry) { running.open[entry.batch.id.root, default: 1] -= 1 }

    private mutating func start(_ batch: QueuedBatch) -> QueuedBatch {
        running.suites[batch.suite, default: 0] += 1
        running.total += 1
        for claim in batch.conditions.exclusive { running.taken[claim.name, default: 0] += claim.count }
        running.isAlone = isExclusive(batch)
        ranking?.start(batch)
        return batch
    }

    private func mayStart(_ batch: QueuedBatch) -> Bool {
        if isExclusive(batch) { return running.total == 0 }
        let hasPlaces = batch.conditions.exclusive.allSatisfy { claim in
            running.taken[claim.name, default: 0] + claim.count <= max(claim.capacity, claim.count)
        }
        guard let slots = limits[batch.suite]?.slots else { return hasPlaces }
        return hasPlaces && running.suites[batch.suite, default: 0] < max(slots, 1)
    }

    private func isExclusive(_ batch: QueuedBatch) -> Bool {
        limits[batch.suite]?.isSerial == true || batch.units.contains { $0.constraints.isSerial }
    }
}

/// Planned batches that wait for others.
struct BlockedBatches: Sendable {
    /// A batch with its turn in the plan.
    struct Entry: Sendable {
        var turn: Int
        var batch: QueuedBatch
        /// So many batches must still end.
        var missing: Int
    }

    private var entries: [BatchID: Entry] = [:]
    /// By what they wait for.
    private var waiting: [BatchID: [BatchID]] = [:]

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }

    /// Takes out the first one in the plan's order.
    mutating func first() -> Entry? {
        let entry = entries.values.min { $0.turn < $1.turn }
        if let entry { entries[entry.batch.id] = nil }
        return entry
    }

    mutating func add(_ batch: QueuedBatch, turn: Int, before: [BatchID]) {
        let roots = Set(before.map(\.root))
        entries[batch.id] = Entry(turn: turn, batch: batch, missing: roots.count)
        for root in roots { waiting[root, default: []].append(batch.id) }
    }

    mutating func release(after root: BatchID) -> [Entry] {
        var released: [Entry] = []
        for id in waiting.removeValue(forKey: root) ?? [] {
            guard var entry = entries[id] else { continue }
            entry.missing -= 1
            entries[id] = entry.missing == 0 ? nil : entry
            if entry.missing == 0 { released.append(entry) }
        }
        return released.sorted { $0.turn < $1.turn }
    }

    mutating func removeAll(where isUnwanted: (QueuedBatch) -> Bool) -> [QueuedBatch] {
        let removed = entries.values.filter { isUnwanted($0.batch) }.sorted { $0.turn < $1.turn }
        for entry in removed { entries[entry.batch.id] = nil }
        return removed.map(\.batch)
    }
}

extension BatchID {
    /// The planned batch that a batch follows from; a planned one's is its own.
    package var root: BatchID {
        guard let plus = rawValue.lastIndex(of: "+"), rawValue[plus...].dropFirst().allSatisfy(\.isNumber),
            !rawValue.hasSuffix("+")
        else { return self }
        return BatchID(String(rawValue[..<plus]))
    }
}

extension Array {
    /// The first position from which on all elements have the property, in an array where all such come last.
    fileprivate func partitionIndex(_ belongs: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if belongs(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
