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

    /// Observed time ÷ estimated time of what is done, between a fifth and five; 1 before anything is known.
    var ratio: Double {
        guard finishedEstimate > .zero else { return 1 }
        return min(5, max(0.2, finishedActual.seconds / finishedEstimate.seconds))
    }

    /// Until the end of the run, or `nil` without estimates: the work left shared by the slots, but at least as long as
    /// the longest running batch still takes.
    func left(running: [(estimate: Duration, elapsed: Duration)]) -> Duration? {
        guard total > .zero else { return nil }
        let rests = running.map { max(.zero, $0.estimate * ratio - $0.elapsed) }
        let ahead = max(.zero, total - started) * ratio
        let shared = rests.reduce(ahead, +) / slots
        return max(shared, rests.max() ?? .zero)
    }

    /// The part of the work that is done, 0…1; `nil` without estimates.
    func fraction(running: [(estimate: Duration, elapsed: Duration)]) -> Double? {
        guard total > .zero else { return nil }
        let current = running.reduce(Duration.zero) { $0 + min($1.estimate, $1.elapsed / ratio) }
        return min(1, (finishedEstimate + current).seconds / max(total, started).seconds)
    }
}
