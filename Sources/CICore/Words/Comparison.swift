/// How a run differs from an earlier one.
package struct Comparison: Sendable, Hashable {
    /// What it was compared with.
    package var point: Baseline.Point
    /// Failures of tests that did not fail then, those of tests that were not there included.
    package var newFailures: Set<TestID> = []
    /// Failures of tests that failed then already.
    package var stillFailing: [TestID: Baseline.Standing] = [:]
    /// Tests that failed then and passed now, in the order of the run.
    package var fixed: [TestID] = []
    /// Tests that were executed then and skipped now.
    package var newlySkipped: [TestID] = []
    /// Tests that are no more, by id; empty where not everything was to run or something is lost.
    package var removed: [TestID] = []
    /// Tests that passed both times, and now took much longer; what grew most first.
    package var slower: [Slower] = []

    package init(point: Baseline.Point) { self.point = point }

    /// A test that took longer than before.
    package struct Slower: Sendable, Hashable {
        package var test: TestID
        package var before: Duration
        package var now: Duration

        package init(test: TestID, before: Duration, now: Duration) {
            self.test = test
            self.before = before
            self.now = now
        }

        /// Twice as long and a quarter of a second, after what all tests together were slower by: machines differ from hour
        /// to hour.
        func isWorthMentioning(pace: Double) -> Bool {
            let expected = before * pace
            return now >= expected * 2 && now - expected >= .milliseconds(250)
        }
    }
}

extension Comparison {
    /// Compares results with a baseline.
    ///
    /// - Parameters:
    ///   - results: of this run.
    ///   - baseline: what they are compared with.
    ///   - isWhole: whether every test of the tree was to run: else nothing is said to be removed.
    package init(of results: RunResults, with baseline: Baseline, isWhole: Bool) {
        self.init(
            of: results.tests, with: baseline, isWhole: isWhole && results.completeness?.lost.isEmpty ?? true)
    }

    /// Compares tests that need not be in memory.
    ///
    /// - Parameters:
    ///   - tests: of this run.
    ///   - baseline: what they are compared with.
    ///   - isWhole: whether every test of the tree was to run and did.
    package init(of tests: some Sequence<TestRecord>, with baseline: Baseline, isWhole: Bool) {
        self.init(point: baseline.point)
        var changes: [Slower] = []
        var present: Set<TestID> = []
        for test in tests {
            let before = baseline.tests[test.id]
            switch (test.outcome.isFailure, before?.outcome.isFailure ?? false) {
            case (true, false): newFailures.insert(test.id)
            case (true, true): stillFailing[test.id] = before?.failing?.continued ?? .init(since: baseline.point)
            case (false, true) where test.outcome == .passed: fixed.append(test.id)
            default: break
            }
            guard let before else { continue }
            present.insert(test.id)
            if test.outcome == .skipped, before.outcome != .skipped { newlySkipped.append(test.id) }
            let change = Slower(test: test.id, before: before.duration, now: test.duration)
            if test.outcome == .passed, before.outcome == .passed { changes.append(change) }
        }
        let pace = Self.pace(of: changes)
        slower = changes.filter { $0.isWorthMentioning(pace: pace) }
        slower.sort { ($1.now - $1.before, $0.test) < ($0.now - $0.before, $1.test) }
        if isWhole { removed = baseline.tests.keys.filter { !present.contains($0) }.sorted() }
    }

    /// How much longer tests took as a whole: the median of their ratios, at least 1; 1 where there are few.
    private static func pace(of changes: [Slower]) -> Double {
        let ratios = changes.filter { $0.before >= .milliseconds(10) }.map { $0.now / $0.before }.sorted()
        return ratios.count < 10 ? 1 : max(1, ratios[ratios.count / 2])
    }
}

extension Baseline.Standing {
    /// With one more run.
    fileprivate var continued: Self { Self(commit: commit, at: at, runs: runs + 1) }

    /// Of a failure of which no more is known than that it was there.
    fileprivate init(since point: Baseline.Point) { self.init(commit: point.commit, at: point.at, runs: 2) }
}
