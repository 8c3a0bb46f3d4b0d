package import CICore

/// Results as text for a terminal or a CI log: what went wrong first, the verdict last.
///
/// Everything that comes from a test goes through `SafeText`, and the whole is bounded.
package struct ConsoleReport: Sendable {
    private let results: RunResults
    private let style: ConsoleStyle
    private let limits: Limits
    private let advice: [String]

    /// How much is shown.
    package struct Limits: Sendable, Hashable {
        /// Failed and flaky tests, warnings and files, each.
        package var items: Int
        /// Lines of one failure's details.
        package var detailLines: Int
        package var slowest: Int

        package init(items: Int = 50, detailLines: Int = 30, slowest: Int = 5) {
            self.items = items
            self.detailLines = detailLines
            self.slowest = slowest
        }
    }

    /// - Parameters:
    ///   - results: what is shown.
    ///   - isColored: whether a terminal reads it.
    ///   - limits: how much of it is shown.
    ///   - advice: lines below the verdict on what to do now, safe to show.
    package init(_ results: RunResults, isColored: Bool, limits: Limits = Limits(), advice: [String] = []) {
        self.results = results
        self.advice = advice
        style = ConsoleStyle(isColored: isColored)
        self.limits = limits
    }

    /// The whole text, with a line feed at its end.
    package var text: String {
        let sections = [
            flaky, changes, slowest, files, warnings,
            [comparison, completeness, verdict].compactMap(\.self) + advice.map { "  \($0)" },
        ]
        return (failures + sections).filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
            + "\n"
    }

    // MARK: - Sections

    private var failures: [[String]] {
        results.failureGroups.filter { !$0.tests.isEmpty }.map { group in
            [style.heading(group.title)] + group.tests.prefix(limits.items).flatMap(entry)
                + rest(of: group.tests.count, group.noun)
        }
    }

    /// What else is different from the run that this one is compared with.
    private var changes: [String] {
        guard let comparison = results.comparison else { return [] }
        let lists = [
            ("Fixed", "fixed test", comparison.fixed), ("Newly skipped", "newly skipped test", comparison.newlySkipped),
            ("Removed", "removed test", comparison.removed),
        ]
        let slower = comparison.slower.prefix(limits.slowest).map {
            "  \(SafeText.line($0.test.rawValue)): \(ComparisonWords.change($0))"
        }
        return lists.filter { !$0.2.isEmpty }.flatMap { title, noun, tests in
            [style.heading(title)] + tests.prefix(limits.slowest).map { "  \(SafeText.line($0.rawValue))" }
                + rest(of: tests.count, noun, shown: limits.slowest)
        } + (slower.isEmpty ? [] : [style.heading("Slower")] + slower)
    }

    private var comparison: String? {
        guard let words = results.comparison.map(ComparisonWords.init), !words.counts.isEmpty else { return nil }
        return style.dim("\(words.baseline): \(words.counts)")
    }

    private var flaky: [String] {
        let flaky = results.flaky
        guard !flaky.isEmpty else { return [] }
        let lines = flaky.prefix(limits.items).map { test in
            let failed = test.attempts.filter(\.outcome.isFailure)
            let reason = failed.last?.reason?.message.map { ": \(SafeText.line($0, limit: 160))" } ?? ""
            return
                "  \(style.warning("~")) \(TestTitle.text(of: test)), passed after \(RunSentence.count(failed.count, "failed attempt"))\(reason)"
        }
        return [style.heading("Flaky")] + lines + rest(of: flaky.count, "flaky test")
    }

    private var slowest: [String] {
        let slow = results.slowest(limits.slowest)
        guard !slow.isEmpty else { return [] }
        return [style.heading("Slowest")]
            + slow.map { test in "  \(padded(DurationText.short(test.duration), to: 8))  \(TestTitle.text(of: test))" }
    }

    private var files: [String] {
        guard results.files.count > 1 else { return [] }
        let lines = results.files.prefix(limits.items).map { file in
            let failed = file.totals.failed + file.totals.errored
            let note = failed == 0 ? "" : ", \(style.failure("\(failed) failed"))"
            return "  \(padded("\(file.totals.tests)", to: 6)) tests\(note)  \(SafeText.line(file.path, limit: 200))"
        }
        return [style.heading("Reports")] + lines + rest(of: results.files.count, "report")
    }

    private var warnings: [String] {
        guard !results.warnings.isEmpty else { return [] }
        let lines = results.warnings.prefix(limits.items).map { "  \(style.warning("!")) \(SafeText.line($0))" }
        return [style.heading("Warnings")] + lines + rest(of: results.warnings.count, "warning")
    }

    private var completeness: String? {
        guard let completeness = results.completeness else { return nil }
        let lost =
            (completeness.lost.prefix(limits.items).map { "  lost: \(SafeText.line($0.rawValue))" }
            + rest(of: completeness.lost.count, "lost test")).map { "\n\($0)" }.joined()
        return RunSentence.text(of: completeness) + lost
    }

    private var verdict: String {
        let tests = results.totals.tests
        let total = tests == 0 ? "" : "\(RunSentence.count(tests, "test")): "
        let line = "\(total)\(RunSentence(results).counts) (\(DurationText.short(results.duration)))"
        let mark = results.hasPassed ? style.success("✔ ") : style.failure("✘ ")
        guard let verdict = results.verdict else { return mark + line }
        if verdict.exitCode == .passed { return mark + line }
        return "\(mark)\(line)\n  exit code \(verdict.exitCode.rawValue): \(SafeText.line(verdict.reason))"
    }

    // MARK: - Parts

    private func entry(for test: TestRecord) -> [String] {
        let attempt = test.deciding
        let quarantined = results.isQuarantined(test.id) ? ", quarantined" : ""
        let attempts = test.attempts.count > 1 ? ", \(test.attempts.count) attempts" : ""
        let time = DurationText.short(test.duration)
        var lines = [
            "  \(style.failure("✘")) \(TestTitle.text(of: test)) \(style.dim("(\(test.outcome.rawValue), \(time)\(attempts)\(quarantined))"))"
        ]
        if let standing = results.comparison.flatMap({ ComparisonWords($0).standing(of: test.id) }) {
            lines.append(style.dim("    \(standing)"))
        }
        let words = FailureWords(attempt?.reason)
        if !words.line.isEmpty { lines.append("    \(SafeText.line(words.line, limit: 400))") }
        if let location = test.identity.location {
            lines.append(
                style.dim("    \(SafeText.line(location.file, limit: 200))\(location.line.map { ":\($0)" } ?? "")"))
        }
        return lines + shown(words.details)
    }

    /// The head and the tail of the trace, which is where the cause stands, as a rule.
    private func shown(_ details: String) -> [String] {
        let block = SafeText.block(details, limit: 16 << 10)
        var lines = block.split(separator: "\n", omittingEmptySubsequences: false).map {
            SafeText.line(String($0), limit: 240)
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        if lines.count > limits.detailLines {
            let head = limits.detailLines / 3
            let tail = limits.detailLines - head
            let note = "… \(lines.count - head - tail) lines left out …"
            lines = Array(lines.prefix(head)) + [note] + Array(lines.suffix(tail))
        }
        return lines.map { style.dim("      \($0)") }
    }

    private func rest(of count: Int, _ noun: String, shown: Int? = nil) -> [String] {
        let shown = shown ?? limits.items
        return count > shown ? ["  … and \(RunSentence.count(count - shown, "more \(noun)"))"] : []
    }

    private func padded(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
