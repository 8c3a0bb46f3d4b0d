package import CICore

/// A batch in the queue: planned ones first, then what follows from how they ended.
package struct QueuedBatch: Sendable, Hashable {
    package var id: BatchID
    package var suite: SuiteName
    /// Never empty.
    package var units: [TestUnit]
    package var estimate: Duration
    package var purpose: Purpose
    /// Whether its units are to be cut into single tests first, because a batch with them died and nobody knows where.
    package var refinement: Refinement?
    package var conditions: Conditions

    package init(
        id: BatchID, suite: SuiteName, units: [TestUnit], estimate: Duration, purpose: Purpose = .planned,
        after: [BatchID] = []
    ) {
        self.id = id
        self.suite = suite
        self.units = units
        self.estimate = estimate
        self.purpose = purpose
        conditions = Conditions(
            after: after,
            exclusive: units.reduce([]) { SemaphoreClaim.joined($0, $1.constraints.exclusive) })
    }

    /// What must be so before it starts.
    package struct Conditions: Sendable, Hashable {
        /// Planned batches that must have ended, with all that followed from them.
        package var after: [BatchID] = []
        /// What it takes while it runs.
        package var exclusive: [SemaphoreClaim] = []
    }

    /// 1 for the first execution of its tests.
    package var attempt: Int {
        if case .retry(let attempt) = purpose { return attempt }
        return 1
    }

    /// Cut to single tests, and leave these out.
    package struct Refinement: Sendable, Hashable {
        /// Selectors of tests that have a result, or are run alone.
        package var excluding: Set<String>
        /// All tests of the units that were cut; filled when that is done.
        package var found: [UnitID: [String]] = [:]

        package init(excluding: Set<String>) { self.excluding = excluding }
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
