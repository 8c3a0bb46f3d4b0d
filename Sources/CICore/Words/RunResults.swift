/// What a run or a set of reports came to: the one value that every rendering starts from.
package struct RunResults: Sendable, Hashable {
    /// Every test once; empty where only the totals were asked for.
    package var tests: [TestRecord]
    package var totals: Totals
    /// Known only to a run that listed its tests beforehand.
    package var completeness: Completeness?
    /// The reports that were read, in the order in which they were given.
    package var files: [ReportFile]
    /// One sentence each: what was strange, but no reason to stop.
    package var warnings: [String]
    /// Wall time of the run; for mere reports the sum of the tests' times.
    package var duration: Duration
    /// The final word; `nil` for mere reports.
    package var verdict: Verdict?
    /// What is different from an earlier run; `nil` where there was none to compare with.
    package var comparison: Comparison?
    /// Why there was nothing to compare with, as one sentence without a full stop; `nil` where nobody asked.
    package var missingBaseline: String?
    /// When each batch ran where; empty where nobody watched.
    package var timeline: [BatchSpan] = []
    /// What the run and its tests left behind, in the order of their names.
    package var artifacts: [RunArtifact] = []
    /// What is known of tests that need a person: the failed and the flaky ones, the first of them.
    package var background: [TestID: TestBackground] = [:]
    /// The machines that took part, by their index; empty where nobody told.
    package var nodes: [NodeRecord] = []

    package init(
        tests: [TestRecord], totals: Totals? = nil, duration: Duration = .zero, files: [ReportFile] = [],
        warnings: [String] = []
    ) {
        self.tests = tests
        self.totals = totals ?? Totals(of: tests)
        self.duration = duration
        self.files = files
        self.warnings = warnings
    }

    /// The tests that failed or errored, quarantined ones included, in the order of `tests`.
    package var failures: [TestRecord] { tests.filter(\.outcome.isFailure) }

    /// The tests that passed after failing.
    package var flaky: [TestRecord] { tests.filter(\.isFlaky) }

    /// Whether a test ran without counting for the verdict.
    package func isQuarantined(_ id: TestID) -> Bool { verdict?.quarantined.contains(id) ?? false }

    /// One report that was read.
    package struct ReportFile: Sendable, Hashable {
        /// As it was given.
        package var path: String
        package var totals: Totals
        /// What was wrong with it; `nil` for a sound one.
        package var warning: String?

        package init(path: String, totals: Totals, warning: String? = nil) {
            self.path = path
            self.totals = totals
            self.warning = warning
        }
    }

    /// A run's final word.
    package struct Verdict: Sendable, Hashable {
        package var exitCode: ExitCode
        /// One sentence for people.
        package var reason: String
        /// Tests whose failures don't count.
        package var quarantined: Set<TestID>

        package init(exitCode: ExitCode, reason: String, quarantined: Set<TestID> = []) {
            self.exitCode = exitCode
            self.reason = reason
            self.quarantined = quarantined
        }
    }
}

extension Totals {
    /// The counts of these tests.
    package init(of tests: some Sequence<TestRecord>) {
        self.init()
        for test in tests { add(test) }
    }
}
