package import CICore

/// Ranks what waits in a run by its strategy, and keeps the evidence that the strategy decides on.
package struct BatchRanking: Sendable {
    private let strategy: any SchedulingStrategy
    private var facts: [BatchID: WaitingBatch]
    private var situation: RunSituation
    /// Seconds of estimates of what has not begun.
    private var waiting: Double
    /// When what runs began.
    private var running: [BatchID: Double] = [:]
    private var hasWarned = false
    /// How the strategy changed its mind, and why, as sentences.
    private(set) var turns: [String] = []

    /// - Parameters:
    ///   - strategy: decides.
    ///   - batches: as planned.
    ///   - risks: how likely units are to fail, from 0 to 1; those that are not named hardly do.
    ///   - slots: that serve the run.
    ///   - deadline: from the first batch on; `nil` = none.
    package init(
        _ strategy: any SchedulingStrategy, batches: [QueuedBatch], risks: [UnitID: Double] = [:], slots: Int,
        deadline: Duration? = nil
    ) {
        self.strategy = strategy
        facts = Dictionary(
            batches.enumerated().map { place, batch in
                let safe = batch.units.reduce(1.0) { $0 * (1 - (risks[$1.id] ?? 0)) }
                return (
                    batch.id,
                    WaitingBatch(
                        place: place, estimate: batch.estimate.seconds, risk: 1 - safe, party: batch.suite.rawValue)
                )
            }, uniquingKeysWith: { first, _ in first })
        waiting = batches.reduce(0) { $0 + $1.estimate.seconds }
        situation = RunSituation(slots: slots, remaining: waiting, deadline: deadline?.seconds)
    }

    /// Whether the plan's order is to be left for the ranks.
    var isActive: Bool { !strategy.followsPlan }

    /// The batch with the least rank starts first; follow-ups are not ranked.
    func rank(of batch: QueuedBatch) -> Double {
        facts[batch.id].map { strategy.rank(of: $0, in: situation) } ?? 0
    }

    /// So much time has passed since the first batch could start.
    mutating func reach(_ elapsed: Duration) {
        situation.elapsed = elapsed.seconds
        situation.remaining = running.reduce(waiting) { sum, begun in
            sum + max(0, (facts[begun.key]?.estimate ?? 0) - (situation.elapsed - begun.value))
        }
    }

    mutating func start(_ batch: QueuedBatch) {
        guard let facts = facts[batch.id] else { return }
        waiting = max(0, waiting - facts.estimate)
        running[batch.id] = situation.elapsed
        situation.past.start(facts)
    }

    /// Books a batch's end.
    mutating func finish(_ batch: QueuedBatch, after wall: Duration, hasFailed: Bool) {
        guard let facts = facts[batch.id] else { return }
        running[batch.id] = nil
        situation.past.finish(facts, seconds: wall.seconds, hasFailed: hasFailed)
    }

    /// What people should know at once and was not said before, as a sentence.
    mutating func news() -> String? {
        if let turn = strategy.remark(in: situation).map({ "strategy \(strategy.name) \($0)" }), turn != turns.last {
            turns.append(turn)
        }
        guard let deadline = situation.deadline, !hasWarned, situation.predictedEnd > max(deadline, situation.elapsed)
        else { return nil }
        hasWarned = true
        return "the deadline of \(DurationText.short(.seconds(deadline))) will be missed: "
            + "\(DurationText.short(.seconds(situation.predictedEnd))) expected in all"
    }
}
