import CICore

/// Foretells when a run will be done: the estimates still ahead, corrected by how right those behind were.
struct RemainingTime: Sendable {
    private let total: Duration
    private let slots: Int
    private var started = Duration.zero
    private var finishedEstimate = Duration.zero
    private var finishedActual = Duration.zero

    init(total: Duration, slots: Int) {
        self.total = total
        self.slots = max(1, slots)
    }

    /// A batch with this estimate began.
    mutating func start(_ estimate: Duration) { started += estimate }

    /// A batch with this estimate ended after so long.
    mutating func finish(_ estimate: Duration, actual: Duration) {
        finishedEstimate += estimate
        finishedActual += actual
    }

    /// Observed time ÷ estimated time of what is done, between a fifth and five; 1 before anything is known. What runs
    /// counts as soon as it has taken longer than that.
    func ratio(running: [(estimate: Duration, elapsed: Duration)]) -> Double {
        let known = finishedEstimate > .zero ? finishedActual.seconds / finishedEstimate.seconds : 1
        let estimated = running.reduce(finishedEstimate) { $0 + $1.estimate }
        let taken = running.reduce(finishedActual) { $0 + $1.elapsed }
        let atLeast = estimated > .zero ? taken.seconds / estimated.seconds : 0
        return min(5, max(0.2, known, atLeast))
    }

    /// Until the end of the run, or `nil` without estimates: the work left shared by the slots, but at least as long as
    /// the longest running batch still takes.
    func left(running: [(estimate: Duration, elapsed: Duration)]) -> Duration? {
        guard total > .zero else { return nil }
        let ratio = ratio(running: running)
        let rests = running.map { max(.zero, $0.estimate * ratio - $0.elapsed) }
        let ahead = max(.zero, total - started) * ratio
        let shared = rests.reduce(ahead, +) / slots
        return max(shared, rests.max() ?? .zero)
    }

    /// The part of the work that is done, 0…1; `nil` without estimates.
    func fraction(running: [(estimate: Duration, elapsed: Duration)]) -> Double? {
        guard total > .zero else { return nil }
        let ratio = finishedEstimate > .zero ? finishedActual.seconds / finishedEstimate.seconds : 1
        let current = running.reduce(Duration.zero) { sum, batch in
            guard batch.estimate > .zero else { return sum }
            return sum + batch.estimate * Self.share(batch.elapsed.seconds / (batch.estimate.seconds * max(0.2, ratio)))
        }
        return min(1, (finishedEstimate + current).seconds / max(total, started).seconds)
    }

    /// How much of a batch to take for done after `progress` times its expected duration: the nearer to the end the
    /// slower, so that a batch that is overdue never looks done.
    private static func share(_ progress: Double) -> Double { progress <= 0.8 ? progress : 1 - 0.16 / progress }
}
