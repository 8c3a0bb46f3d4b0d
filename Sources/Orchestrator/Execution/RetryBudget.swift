/// How many tests of a run may be tried again: beyond that the build is broken, not flaky.
package struct RetryBudget: Sendable, Hashable {
    /// At most so many tests; `nil` = any number.
    package var tests: Int?
    /// At most this share of the tests that have run so far, 0…100; `nil` = any share.
    package var percent: Double?
    /// Tests that were given a retry.
    package private(set) var spent = 0

    package init(tests: Int? = nil, percent: Double? = nil) {
        self.tests = tests
        self.percent = percent
    }

    /// Whether `count` further tests may be retried when `known` tests are known to the run; takes them if so.
    ///
    /// A share is never less than one test, so that small suites can retry at all.
    package mutating func take(_ count: Int, ofKnown known: Int) -> Bool {
        let total = spent + count
        if let tests, total > tests { return false }
        if let percent, total > max(1, Int(Double(known) * percent / 100)) { return false }
        spent = total
        return true
    }
}
