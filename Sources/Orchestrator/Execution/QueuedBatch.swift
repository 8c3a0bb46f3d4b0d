package import CICore

/// A batch in the queue: planned ones first, then what follows from how they ended.
package struct QueuedBatch: Sendable, Hashable {
    package var id: BatchID
    package var suite: SuiteName
    /// Never empty.
    package var units: [TestUnit]
    package var estimate: Duration
    package var purpose: Purpose

    package init(id: BatchID, suite: SuiteName, units: [TestUnit], estimate: Duration, purpose: Purpose = .planned) {
        self.id = id
        self.suite = suite
        self.units = units
        self.estimate = estimate
        self.purpose = purpose
    }

    /// 1 for the first execution of its tests.
    package var attempt: Int {
        if case .retry(let attempt) = purpose { return attempt }
        return 1
    }

    /// Why the batch is in the queue.
    package enum Purpose: Sendable, Hashable {
        /// As the plan has it.
        case planned
        /// What an earlier batch left undone when it died, timed out or lost a test.
        case rest
        /// One suspect alone: it ran when an earlier batch died.
        case isolation
        /// Failed tests again, for this attempt (2 = the first retry).
        case retry(attempt: Int)
    }
}
