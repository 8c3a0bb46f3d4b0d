#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Decides how many slots a run uses and which of the waiting batches starts next.
///
/// A value without state: what a decision rests on is in the `RunSituation`, so that a simulated run and a real one
/// decide alike. All of them are listed in `SchedulingStrategies.all`.
package protocol SchedulingStrategy: Sendable {
    /// The word in the configuration.
    var name: String { get }
    /// What it is for, as a sentence.
    var purpose: String { get }
    /// Whether the rank of a batch is the same in every situation.
    var isSteady: Bool { get }
    /// Whether the order in which a plan has its batches is the one that it wants.
    var followsPlan: Bool { get }
    /// Whether it asks how likely batches are to fail.
    var wantsRisks: Bool { get }

    /// In which order its work is cut into batches, and runs within one.
    var order: RunSettings.Order { get }

    /// How many of the slots that are there it uses; at least one.
    func slots(of available: Int) -> Int

    /// The batch with the least rank starts first; of equal ones the one that was planned first.
    func rank(of batch: WaitingBatch, in situation: RunSituation) -> Double

    /// What people should know of how it goes about the rest, as a clause; `nil` for nothing in particular.
    func remark(in situation: RunSituation) -> String?
}

extension SchedulingStrategy {
    package var isSteady: Bool { true }
    package var followsPlan: Bool { false }
    package var wantsRisks: Bool { false }

    package var order: RunSettings.Order { .longestFirst }

    package func slots(of available: Int) -> Int { available }

    package func remark(in situation: RunSituation) -> String? { nil }
}

/// What a strategy may know of a batch that has not begun.
package struct WaitingBatch: Sendable, Hashable {
    /// Its place in the listing of its runners and suites.
    package var place: Int
    /// Seconds; greater than zero.
    package var estimate: Double
    /// How likely it is that one of its tests fails, from 0 to 1.
    package var risk: Double
    /// Who is to get a fair share: the suite or the owner.
    package var party: String

    package init(place: Int, estimate: Double, risk: Double = 0, party: String = "") {
        self.place = place
        self.estimate = max(estimate, 1e-6)
        self.risk = risk
        self.party = party
    }
}

/// What a strategy may know of the run so far. Times are seconds.
package struct RunSituation: Sendable, Hashable {
    /// Since the first batch could start.
    package var elapsed: Double
    /// Slots that are at work or could be.
    package var slots: Int
    /// Estimates of all that is waiting or running.
    package var remaining: Double
    /// When the run is to be over, counted as `elapsed` is; `nil` = nobody waits for it.
    package var deadline: Double?
    package var past: Past

    package init(
        elapsed: Double = 0, slots: Int = 1, remaining: Double = 0, deadline: Double? = nil, past: Past = Past()
    ) {
        self.elapsed = elapsed
        self.slots = max(slots, 1)
        self.remaining = remaining
        self.deadline = deadline
        self.past = past
    }

    /// What became of the batches that began.
    package struct Past: Sendable, Hashable {
        package var batches = 0
        package var failures = 0
        /// The sum of how far off each ended batch's estimate was, as the absolute logarithm of the ratio.
        package var surprise = 0.0
        /// Estimates of the batches that each party was given.
        package var served: [String: Double] = [:]

        package init() {}

        /// Books a batch that starts.
        package mutating func start(_ batch: WaitingBatch) { served[batch.party, default: 0] += batch.estimate }

        /// Books the end of a batch that took so many seconds.
        package mutating func finish(_ batch: WaitingBatch, seconds: Double, hasFailed: Bool) {
            batches += 1
            failures += hasFailed ? 1 : 0
            surprise += abs(log(max(seconds, 1e-6) / batch.estimate))
        }

        /// How far off estimates are on average: 0 = exact, 0.7 = by a factor of two.
        package var meanSurprise: Double { batches == 0 ? 0 : surprise / Double(batches) }
    }

    /// When everything will be done if estimates hold and no slot idles, counted as `elapsed` is.
    package var predictedEnd: Double { elapsed + remaining / Double(slots) }
}
