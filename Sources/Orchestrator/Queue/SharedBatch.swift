package import CICore

/// A batch as the queue serves it.
package struct SharedBatch: Sendable, Hashable {
    /// As in the plan; a part of a batch that was cut has a `/` and the index of its unit behind.
    package var id: BatchID
    package var suite: SuiteName
    package var units: [UnitID]
    package var estimate: Duration
    /// What a node must have, in the words of the configuration; empty = any node.
    package var requirement: String
    /// Batches that must have ended before.
    package var after: [BatchID]

    package init(
        id: BatchID, suite: SuiteName, units: [UnitID], estimate: Duration, requirement: String = "",
        after: [BatchID] = []
    ) {
        self.id = id
        self.suite = suite
        self.units = units
        self.estimate = estimate
        self.requirement = requirement
        self.after = after
    }

    package init(_ batch: PlannedBatch) {
        self.init(
            id: batch.id, suite: batch.suite, units: batch.units, estimate: batch.estimate, after: batch.after)
    }

    /// One unit alone; its estimate is whole microseconds, as databases keep it.
    func part(_ index: Int) -> SharedBatch {
        SharedBatch(
            id: BatchID("\(id.rawValue)/\(index)"), suite: suite, units: [units[index]],
            estimate: .microseconds(estimate.microseconds / Int64(max(1, units.count))), requirement: requirement)
    }
}

/// A node's claim on a batch; it holds until the node is lost or the batch has ended.
package struct Lease: Sendable, Hashable {
    /// Of the batch among those of the run.
    package var number: Int
    /// Grows with every lease of the batch: only the latest one counts.
    package var token: Int
    package var batch: SharedBatch
    /// Whether workers died of what it was a part of: nothing may run beside it.
    package var isIsolated: Bool

    package init(number: Int, token: Int, batch: SharedBatch, isIsolated: Bool = false) {
        self.number = number
        self.token = token
        self.batch = batch
        self.isIsolated = isIsolated
    }
}

/// What a node wants.
package struct LeaseWish: Sendable, Hashable {
    /// At most so many batches.
    package var count: Int
    /// The requirements that the node meets; `nil` = whatever there is.
    package var requirements: [String]?
    /// Whether the node holds nothing: only then it may get an isolated batch.
    package var isIdle: Bool

    package init(count: Int, requirements: [String]? = nil, isIdle: Bool = true) {
        self.count = count
        self.requirements = requirements
        self.isIdle = isIdle
    }
}

/// A batch that a node has run.
package struct EndedLease: Sendable, Hashable {
    package var lease: Lease
    /// Tests of it that failed for good.
    package var failed: Int
    /// Its results as a document, for whoever has to stand in for the node.
    package var results: String

    package init(_ lease: Lease, failed: Int = 0, results: String = "") {
        self.lease = lease
        self.failed = failed
        self.results = results
    }
}

/// What the queue made of ended batches.
package struct EndAnswer: Sendable, Hashable {
    /// The numbers of those whose results count: the others were served to somebody else meanwhile.
    package var accepted: Set<Int>
    /// Failed tests of the whole run, where it was asked for by a failure of these.
    package var failures: Int?

    package init(accepted: Set<Int>, failures: Int? = nil) {
        self.accepted = accepted
        self.failures = failures
    }
}

/// A batch whose node is gone, or that was given up: somebody has to deliver its results.
package struct Orphan: Sendable, Hashable {
    package var number: Int
    package var batch: SharedBatch
    package var ending: Ending

    package init(number: Int, batch: SharedBatch, ending: Ending) {
        self.number = number
        self.batch = batch
        self.ending = ending
    }

    /// How it ended.
    package enum Ending: Sendable, Hashable {
        /// With these results.
        case done(results: String)
        /// Its workers died, so many.
        case givenUp(deaths: Int)
    }
}
