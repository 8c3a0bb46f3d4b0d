package import CICore

/// What is kept of one test, summed up.
package struct TestTally: Sendable, Hashable {
    package var test: TestID
    package var suite: SuiteName
    /// The selector of the file, class or package around it.
    package var container: String
    package var count: Count

    package init(test: TestID, suite: SuiteName, container: String, count: Count) {
        self.test = test
        self.suite = suite
        self.container = container
        self.count = count
    }

    /// Sums over runs.
    package struct Count: Sendable, Hashable {
        /// In which it was executed.
        package var runs: Int
        /// In which it failed or errored.
        package var failures: Int
        /// In which it passed only after failing.
        package var flaky: Int
        /// Of the attempts that decided.
        package var time: Duration

        package init(runs: Int = 0, failures: Int = 0, flaky: Int = 0, time: Duration = .zero) {
            self.runs = runs
            self.failures = failures
            self.flaky = flaky
            self.time = time
        }

        package static func += (sum: inout Self, other: Self) {
            sum.runs += other.runs
            sum.failures += other.failures
            sum.flaky += other.flaky
            sum.time += other.time
        }
    }
}
