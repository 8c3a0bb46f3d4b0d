package import CICore

/// Turns a run's books into its final word.
///
/// Precedence: a signal, tests lost, a broken build or collection, failed tests, an expired quarantine entry, nothing
/// ran, only flaky.
package struct VerdictRules: Sendable {
    /// What decides beside the tests.
    package struct Circumstances: Sendable {
        package var settings: RunSettings
        package var expired: [Quarantine.Entry]
        /// Globs and paths of the configuration that matched nothing.
        package var unmatched: [String]
        package var duration: Duration

        package init(
            settings: RunSettings = RunSettings(), expired: [Quarantine.Entry] = [], unmatched: [String] = [],
            duration: Duration = .zero
        ) {
            self.settings = settings
            self.expired = expired
            self.unmatched = unmatched
            self.duration = duration
        }
    }

    private let state: RunState
    private let circumstances: Circumstances

    package init(state: RunState, circumstances: Circumstances) {
        self.state = state
        self.circumstances = circumstances
    }

    /// The run's results with completeness and verdict.
    package func results() -> RunResults {
        let tests = state.ledger.records
        let quarantined = Set(tests.map(\.id).filter(state.isQuarantined))
        let completeness = completeness(of: tests, quarantined)
        var results = RunResults(tests: tests, duration: circumstances.duration, warnings: warnings())
        results.completeness = completeness
        results.artifacts = state.remarks.attachments
        let (code, reason) = word(on: results, completeness, quarantined)
        results.verdict = .init(exitCode: code, reason: reason, quarantined: quarantined)
        return results
    }

    private func completeness(of tests: [TestRecord], _ quarantined: Set<TestID>) -> Completeness {
        var count = Completeness(lost: state.ledger.lost())
        for test in tests {
            if quarantined.contains(test.id) {
                count.quarantined += 1
            } else if test.outcome == .skipped {
                count.skipped += 1
            } else {
                count.ran += 1
            }
        }
        return count
    }

    private func word(
        on results: RunResults, _ completeness: Completeness, _ quarantined: Set<TestID>
    ) -> (ExitCode, String) {
        let failed = results.failures.filter { !quarantined.contains($0.id) }.count
        let lost = completeness.lost.count
        if case .signal(let number) = state.stop {
            return (.signal(number), "ended by signal \(number); \(notRun(lost))")
        }
        if case .timeLimit(let limit) = state.stop {
            return (
                .infrastructure,
                "the run's limit of \(DurationText.short(limit)) is over; \(notRun(lost))"
            )
        }
        if case .failFast(let failures) = state.stop {
            return (
                .testsFailed, "ended after \(counted(failures, "failed test")); \(notRun(lost))"
            )
        }
        if lost > 0 { return (.infrastructure, "\(counted(lost, "test")) lost: no result came back") }
        return FinalWord(
            facts: .init(
                failed: failed, flaky: results.totals.flaky,
                ran: completeness.ran + completeness.quarantined + completeness.skipped, isBroken: state.isBroken,
                expired: FinalWord.sentence(onExpired: circumstances.expired),
                failsOnFlaky: circumstances.settings.failsOnFlaky, empty: circumstances.settings.empty)
        ).word
    }

    private func warnings() -> [String] {
        var found = circumstances.unmatched.map { "\($0) matches nothing" }
        let empty = state.remarks.empty
        if !empty.isEmpty {
            let names = empty.prefix(3).map(\.rawValue).joined(separator: ", ")
            found.append(
                "\(counted(empty.count, "unit")) held no tests: \(names)\(empty.count > 3 ? ", …" : "")")
        }
        if state.refusedRetries > 0 {
            found.append(
                "\(counted(state.refusedRetries, "failed test")) got no retry: "
                    + "the run's budget of \(circumstances.settings.retryBudget.text) was spent")
        }
        if let deadline = circumstances.settings.limits.deadline, circumstances.duration > deadline {
            found.append(
                "the deadline of \(DurationText.short(deadline)) was missed by "
                    + DurationText.short(circumstances.duration - deadline))
        }
        return found + state.turns + state.remarks.warnings
    }
}

/// `1 test`, `2 tests`.
package func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(plural ?? noun + "s")"
}

/// What of a run that was ended is left: `3 tests did not run`, `every test had run`.
func notRun(_ count: Int) -> String { count == 0 ? "every test had run" : "\(counted(count, "test")) did not run" }
