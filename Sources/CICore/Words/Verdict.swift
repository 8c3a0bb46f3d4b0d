/// Counts over the tests of a run or report; `passed + failed + errored + skipped == tests`.
package struct Totals: Sendable, Hashable {
    package private(set) var tests = 0
    package private(set) var counts: [Outcome: Int] = [:]
    /// Tests that passed after failing; they are counted in `passed` too.
    package private(set) var flaky = 0
    package private(set) var attempts = 0

    package init() {}

    /// Counts that were made elsewhere.
    package init(counts: [Outcome: Int], flaky: Int, attempts: Int) {
        self.counts = counts
        tests = counts.values.reduce(0, +)
        self.flaky = flaky
        self.attempts = attempts
    }

    package var passed: Int { counts[.passed, default: 0] }
    package var failed: Int { counts[.failed, default: 0] }
    package var errored: Int { counts[.errored, default: 0] }
    package var skipped: Int { counts[.skipped, default: 0] }

    /// Counts one test.
    package mutating func add(outcome: Outcome, isFlaky: Bool, attempts: Int) {
        tests += 1
        counts[outcome, default: 0] += 1
        flaky += isFlaky ? 1 : 0
        self.attempts += attempts
    }

    /// Counts tests of which each had one attempt.
    package mutating func add(tests count: Int, outcome: Outcome) {
        guard count > 0 else { return }
        tests += count
        counts[outcome, default: 0] += count
        attempts += count
    }

    /// Counts one test.
    package mutating func add(_ test: TestRecord) {
        add(outcome: test.outcome, isFlaky: test.isFlaky, attempts: test.attempts.count)
    }

    /// Adds another count, as when files are read in parallel.
    package mutating func add(_ other: Totals) {
        tests += other.tests
        counts.merge(other.counts, uniquingKeysWith: +)
        flaky += other.flaky
        attempts += other.attempts
    }
}

/// The proof that every test ran: `discovered == ran + skipped + quarantined + lost.count`.
package struct Completeness: Sendable, Hashable {
    /// Tests listed before the run or reported by it.
    package var ran: Int
    package var skipped: Int
    /// Tests that ran but don't count, because `quarantine.yml` names them.
    package var quarantined: Int
    /// Tests, or units where their tests are unknown, that were to run and have no result.
    package var lost: [TestID]

    package init(ran: Int = 0, skipped: Int = 0, quarantined: Int = 0, lost: [TestID] = []) {
        self.ran = ran
        self.skipped = skipped
        self.quarantined = quarantined
        self.lost = lost
    }

    package var discovered: Int { ran + skipped + quarantined + lost.count }
}
