package import CICore

/// The sentences that every rendering of a run shares; nothing in them comes from a test.
package struct RunSentence: Sendable {
    private let results: RunResults

    package init(_ results: RunResults) { self.results = results }

    /// `310 tests passed`, `3 of 310 tests failed`, `no test ran`.
    package var verdict: String {
        let totals = results.totals
        let failed = totals.failed + totals.errored
        let excused = results.excusedCount
        if let lost = results.completeness?.lost.count, lost > 0 { return "\(Self.count(lost, "test")) lost" }
        if failed - excused > 0 {
            return "\(failed - excused) of \(Self.count(totals.tests, "test")) failed"
        }
        if let verdict = results.verdict, verdict.exitCode != .passed {
            return verdict.exitCode == .onlyFlaky ? "\(Self.count(totals.flaky, "test")) flaky" : "not passed"
        }
        guard totals.tests > 0 else { return "no test ran" }
        return totals.tests == totals.skipped
            ? "all \(Self.count(totals.tests, "test")) skipped" : "\(Self.count(totals.passed, "test")) passed"
    }

    /// `306 passed, 3 failed, 1 skipped`
    package var counts: String {
        let totals = results.totals
        let counts = [
            (totals.passed, "passed"), (totals.failed, "failed"), (totals.errored, "errored"),
            (totals.skipped, "skipped"), (totals.flaky, "flaky"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        return counts.isEmpty ? "0 tests" : counts
    }

    /// The proof that nothing was silently not run.
    package static func text(of completeness: Completeness) -> String {
        "discovered \(completeness.discovered) = ran \(completeness.ran) + skipped \(completeness.skipped)"
            + " + quarantined \(completeness.quarantined) + lost \(completeness.lost.count)"
    }

    /// `1 test`, `2 tests`
    package static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}

extension RunResults {
    /// Whether a build with these results is green.
    package var hasPassed: Bool {
        guard let verdict else { return totals.failed + totals.errored == 0 }
        return verdict.exitCode == .passed
    }

    /// Tests that failed and do not count; without quarantine nothing is gone through.
    package var excusedCount: Int {
        guard verdict?.quarantined.isEmpty == false else { return 0 }
        return tests.count { isQuarantined($0.id) && $0.outcome.isFailure }
    }
}

/// What a test is called where people read it.
package enum TestTitle {
    /// Suite, class and name; of parts that say the same only one.
    package static func text(of test: TestRecord) -> String {
        let identity = test.identity
        let parts = [identity.suite.rawValue, identity.className, identity.name].filter { !$0.isEmpty }
        guard !parts.isEmpty else { return "(unnamed)" }
        // The suite often is the class or a part of it: once is enough.
        let suite = parts[0].split(separator: " / ").joined(separator: ".")
        let shown = parts.count == 3 && parts[1].hasPrefix(suite) ? Array(parts.dropFirst()) : parts
        return SafeText.line(shown.joined(separator: " › "), limit: 240)
    }
}

/// Why a test failed, in the runner's words.
package struct FailureWords: Sendable {
    /// Type and message on one line; empty where there are none.
    package let line: String
    /// The trace; empty where there is none.
    package let details: String

    package init(_ reason: Attempt.Reason?) {
        let message = reason?.message ?? ""
        // Many runners put the type in front of the message themselves.
        let type = reason?.type.flatMap { message.hasPrefix($0) ? nil : $0 } ?? ""
        line = [type, message].filter { !$0.isEmpty }.joined(separator: ": ")
        let details = reason?.details ?? ""
        self.details = details
    }
}
