import CICore

/// What a template can speak of: dictionaries, lists, texts, numbers and truths. `docs/reports.md` lists the names.
struct TemplateContext {
    private let results: RunResults
    private let facts: ReportFacts
    private let digest: ReportDigest
    private let limit: Int

    init(_ results: RunResults, facts: ReportFacts, settings: ReportSettings) {
        self.results = results
        self.facts = facts
        limit = settings.maxFailures ?? 500
        digest = ReportDigest(results.tests)
    }

    /// The names at the top; where there is nothing, there is no name either.
    var values: [String: Any] {
        let sentence = RunSentence(results)
        var values: [String: Any] = [
            "title": SafeText.line(facts.title), "passed": results.hasPassed, "verdict": sentence.verdict,
            "counts": sentence.counts, "duration": DurationText.short(results.duration),
            "seconds": results.duration.seconds, "totals": totals, "failures": failures(nil), "flaky": flaky,
            "slowest": slowest, "warnings": results.warnings.prefix(500).map { SafeText.line($0) },
            "artifacts": artifacts, "nodes": nodes,
        ]
        values["commit"] = facts.commit.map { SafeText.line($0, limit: 64) }
        values["url"] = facts.url.flatMap(BadgeLink.init) == nil ? nil : facts.url
        values["reason"] = results.verdict.map { SafeText.line($0.reason) }
        values["exitCode"] = results.verdict.map { Int($0.exitCode.rawValue) }
        values["completeness"] = results.completeness.map(completeness)
        values["comparison"] = results.comparison.map(comparison)
        values["missingBaseline"] = results.missingBaseline.map { SafeText.line($0) }
        return values
    }

    private var totals: [String: Any] {
        let totals = results.totals
        return [
            "tests": totals.tests, "passed": totals.passed, "failed": totals.failed, "errored": totals.errored,
            "skipped": totals.skipped, "flaky": totals.flaky, "attempts": totals.attempts,
        ]
    }

    private func completeness(_ completeness: Completeness) -> [String: Any] {
        [
            "text": RunSentence.text(of: completeness), "discovered": completeness.discovered, "ran": completeness.ran,
            "skipped": completeness.skipped, "quarantined": completeness.quarantined, "lost": names(completeness.lost),
            "lostCount": completeness.lost.count,
        ]
    }

    private func comparison(_ comparison: Comparison) -> [String: Any] {
        let words = ComparisonWords(comparison)
        return [
            "baseline": words.baseline, "counts": words.counts,
            "newFailures": failures { comparison.newFailures.contains($0.id) },
            "stillFailing": failures { !comparison.newFailures.contains($0.id) }, "fixed": names(comparison.fixed),
            "newlySkipped": names(comparison.newlySkipped), "removed": names(comparison.removed),
            "slower": comparison.slower.prefix(limit).map { slower in
                [
                    "id": SafeText.line(slower.test.rawValue), "before": DurationText.short(slower.before),
                    "now": DurationText.short(slower.now),
                ]
            },
        ]
    }

    private func names(_ tests: [TestID]) -> [String] { tests.prefix(limit).map { SafeText.line($0.rawValue) } }

    // MARK: Tests

    private func failures(_ isWanted: ((TestRecord) -> Bool)?) -> [[String: Any]] {
        let tests = isWanted.map { digest.failures.filter($0) } ?? digest.failures
        return tests.prefix(limit).map(failure)
    }

    private func failure(_ test: TestRecord) -> [String: Any] {
        var values = self.test(test)
        let words = FailureWords(test.deciding?.reason)
        values["message"] = SafeText.line(words.line, limit: 1000)
        values["details"] = SafeText.block(words.details)
        values["quarantined"] = results.isQuarantined(test.id)
        values["standing"] = results.comparison.flatMap { ComparisonWords($0).standing(of: test.id) }
        values["command"] = results.background[test.id]?.command
        values["owners"] = results.background[test.id]?.owners.prefix(limit).map { SafeText.line($0, limit: 100) }
        values["again"] =
            facts.again.map(CommandLineText.shellShown).joined(separator: " ")
            + RerunAdvice.option(CommandLineText.shellShown(test.id.rawValue))
        values["attachments"] = AttachmentList(of: test, in: results).lines.map(artifact)
        return values
    }

    private var flaky: [[String: Any]] {
        digest.flaky.prefix(limit).map { test in
            var values = self.test(test)
            let failed = test.attempts.filter(\.outcome.isFailure)
            values["failedAttempts"] = failed.count
            values["message"] = SafeText.line(FailureWords(failed.last?.reason).line, limit: 1000)
            return values
        }
    }

    private var slowest: [[String: Any]] { digest.slowest.map(test) }

    private func test(_ test: TestRecord) -> [String: Any] {
        var values: [String: Any] = [
            "id": SafeText.line(test.id.rawValue), "title": TestTitle.text(of: test),
            "suite": SafeText.line(test.identity.suite.rawValue), "class": SafeText.line(test.identity.className),
            "name": SafeText.line(test.identity.name), "outcome": test.outcome.rawValue,
            "duration": DurationText.short(test.duration), "seconds": test.duration.seconds,
            "attempts": test.attempts.count,
        ]
        values["file"] = test.identity.location.map { SafeText.line($0.file) }
        values["line"] = test.identity.location?.line
        values["history"] = FlipHistory.marks(of: test, in: results)
        return values
    }

    // MARK: The rest

    private var artifacts: [[String: Any]] {
        results.artifacts.lazy.filter { $0.test == nil }.prefix(limit).map { artifact(AttachmentList.line(of: $0)) }
    }

    private func artifact(_ line: ReportPart.Line) -> [String: Any] {
        var values: [String: Any] = ["name": SafeText.line(line.text)]
        values["place"] = line.links.first.map { SafeText.line($0.title) }
        values["url"] = line.links.lazy.compactMap(\.url).first { $0.hasPrefix("./") || BadgeLink($0) != nil }
        return values
    }

    private var nodes: [[String: Any]] {
        NodeFigures(results).nodes.map { node in
            [
                "number": node.index + 1, "hardware": SafeText.line(node.hardware?.rawValue ?? "–"),
                "slots": node.work.slots, "batches": node.work.batches, "tests": node.work.tests,
                "failed": node.work.failed, "lost": node.lost, "busy": DurationText.short(node.work.busy),
                "idle": DurationText.short(node.work.idle),
            ]
        }
    }
}
