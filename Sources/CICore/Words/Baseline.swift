package import struct FoundationEssentials.Date

/// What tests came to in an earlier run, which a run is compared with.
package struct Baseline: Sendable, Hashable {
    package var point: Point
    package var tests: [TestID: State]

    package init(point: Point, tests: [TestID: State]) {
        self.point = point
        self.tests = tests
    }

    /// Which run it was.
    package struct Point: Sendable, Hashable {
        package var choice: Choice
        /// `nil` where the code had changes of its own.
        package var commit: String?
        package var branch: String?
        package var at: Date

        package init(choice: Choice, commit: String?, branch: String?, at: Date) {
            self.choice = choice
            self.commit = commit
            self.branch = branch
            self.at = at
        }
    }

    /// Why it was taken.
    package enum Choice: String, Sendable, Hashable {
        /// It ran the commit that the branch left its target at.
        case mergeBase = "merge-base"
        /// It is the last complete one of the target branch, or of the branch itself.
        case branch
        /// It is in the file that was named.
        case file
        /// It is in our own comment on the pull request: only tests that failed then are in it.
        case comment
    }

    /// One test at that time.
    package struct State: Sendable, Hashable {
        package var outcome: Outcome
        /// Of the attempt that decided.
        package var duration: Duration
        /// For a failure: since when.
        package var failing: Standing?

        package init(outcome: Outcome, duration: Duration, failing: Standing? = nil) {
            self.outcome = outcome
            self.duration = duration
            self.failing = failing
        }
    }

    /// Since when a test has failed in every run that executed it.
    package struct Standing: Sendable, Hashable {
        /// The first commit that it failed on, as far as that is known.
        package var commit: String?
        package var at: Date
        /// How many runs, this one included.
        package var runs: Int

        package init(commit: String?, at: Date, runs: Int) {
            self.commit = commit
            self.at = at
            self.runs = runs
        }
    }
}

extension Baseline {
    /// What later runs are to be compared with: these results, with failures that stand as long as before and longer.
    package init(of results: RunResults, at point: Point) {
        let standing = results.comparison?.stillFailing ?? [:]
        let tests = results.tests.map { ($0.id, State(of: $0, at: point, standing: standing)) }
        self.init(point: point, tests: Dictionary(tests, uniquingKeysWith: { first, _ in first }))
    }
}

extension Baseline.State {
    /// What one test of a run comes to; a failure stands as long as it stood before and longer.
    package init(of test: TestRecord, at point: Baseline.Point, standing: [TestID: Baseline.Standing]) {
        self.init(
            of: test.id, outcome: test.outcome, duration: test.duration, at: point, standing: standing)
    }

    /// The same of what is known of a test.
    package init(
        of test: TestID, outcome: Outcome, duration: Duration, at point: Baseline.Point,
        standing: [TestID: Baseline.Standing]
    ) {
        let new = Baseline.Standing(commit: point.commit, at: point.at, runs: 1)
        self.init(
            outcome: outcome, duration: duration, failing: outcome.isFailure ? standing[test] ?? new : nil)
    }
}
