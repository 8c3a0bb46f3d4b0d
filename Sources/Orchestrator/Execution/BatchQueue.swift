package import CICore

/// The order of the work on this machine: retries and rests first, then the plan's batches as planned.
///
/// A struct without I/O: `next()` hands out a batch, `finish(_:)` takes it back. A suite's slot limit and serial
/// units hold back what may not run beside the others.
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
    /// Reversed, so that the next one is last.
    private var planned: [QueuedBatch]
    private var running: [SuiteName: Int] = [:]
    private var runningTotal = 0
    private var exclusive = false
    private let limits: [SuiteName: SuiteLimits]
    private var ranking: BatchRanking?

    /// Without a ranking, planned batches start as planned.
    package init(planned: [QueuedBatch], limits: [SuiteName: SuiteLimits], ranking: BatchRanking? = nil) {
        self.planned = planned.reversed()
        self.limits = limits
        self.ranking = ranking
    }

    /// So much time has passed since the first batch could start; gives what people should know of the rest.
    package mutating func reach(_ elapsed: Duration) -> [String] {
        ranking?.reach(elapsed)
        return ranking?.news() ?? []
    }

    package var isIdle: Bool { runningTotal == 0 }
    package var isEmpty: Bool { urgent.isEmpty && planned.isEmpty }
    package var waiting: Int { urgent.count + planned.count }

    /// Puts follow-up work before everything planned, in the order given.
    package mutating func addUrgent(_ batches: [QueuedBatch]) { urgent.append(contentsOf: batches) }

    /// Takes out all that has not begun.
    package mutating func removeAll() -> [QueuedBatch] {
        defer {
            urgent = []
            planned = []
        }
        return urgent + planned.reversed()
    }

    /// The next batch that may run beside those that are running; `nil` if there is none now.
    package mutating func next() -> QueuedBatch? {
        guard !exclusive else { return nil }
        if let index = urgent.firstIndex(where: mayStart) { return start(urgent.remove(at: index)) }
        if let index = favourite() { return start(planned.remove(at: index)) }
        // A serial batch at the head must not starve: nothing planned overtakes it once it is first in line.
        guard let first = planned.last else { return nil }
        if isExclusive(first) { return runningTotal == 0 ? start(planned.removeLast()) : nil }
        guard let index = planned.lastIndex(where: { !isExclusive($0) && mayStart($0) }) else { return nil }
        return start(planned.remove(at: index))
    }

    /// The planned batch of the least rank that may start beside others; `nil` where the plan's order holds.
    private func favourite() -> Int? {
        guard let ranking, ranking.isActive else { return nil }
        var best: (index: Int, rank: Double)?
        for index in planned.indices.reversed() where !isExclusive(planned[index]) && mayStart(planned[index]) {
            let rank = ranking.rank(of: planned[index])
            if best.map({ rank < $0.rank }) ?? true { best = (index, rank) }
        }
        return best?.index
    }

    /// Gives a batch's room back.
    package mutating func finish(_ batch: QueuedBatch, after wall: Duration = .zero, hasFailed: Bool = false) {
        ranking?.finish(batch, after: wall, hasFailed: hasFailed)
        running[batch.suite, default: 1] -= 1
        runningTotal -= 1
        if isExclusive(batch) { exclusive = false }
    }

    private mutating func start(_ batch: QueuedBatch) -> QueuedBatch {
        running[batch.suite, default: 0] += 1
        runningTotal += 1
        exclusive = isExclusive(batch)
        ranking?.start(batch)
        return batch
    }

    private func mayStart(_ batch: QueuedBatch) -> Bool {
        if isExclusive(batch) { return runningTotal == 0 }
        guard let slots = limits[batch.suite]?.slots else { return true }
        return running[batch.suite, default: 0] < max(slots, 1)
    }

    private func isExclusive(_ batch: QueuedBatch) -> Bool {
        limits[batch.suite]?.isSerial == true || batch.units.contains { $0.constraints.isSerial }
    }
}
