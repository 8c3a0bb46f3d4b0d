/// When and where a batch ran, and what came of it.
package struct BatchSpan: Sendable, Hashable {
    package var batch: BatchID
    package var suite: SuiteName
    package var place: Place
    /// Since the beginning of the run.
    package var start: Duration
    package var duration: Duration
    package var count: Count

    package init(batch: BatchID, suite: SuiteName, place: Place, start: Duration, duration: Duration, count: Count) {
        self.batch = batch
        self.suite = suite
        self.place = place
        self.start = start
        self.duration = duration
        self.count = count
    }

    /// A slot of a node, both 0-based.
    package struct Place: Sendable, Hashable, Comparable {
        package var node: Int
        package var slot: Int

        package init(node: Int = 0, slot: Int) {
            self.node = node
            self.slot = slot
        }

        package static func < (left: Self, right: Self) -> Bool {
            (left.node, left.slot) < (right.node, right.slot)
        }
    }

    /// Executions of tests in the batch.
    package struct Count: Sendable, Hashable {
        package var tests: Int
        package var failed: Int
        /// Whether the batch as a whole did not end as it should: a crash, a time limit.
        package var isBroken: Bool

        package init(tests: Int = 0, failed: Int = 0, isBroken: Bool = false) {
            self.tests = tests
            self.failed = failed
            self.isBroken = isBroken
        }
    }
}
