package import CICore
package import CIProviders

/// Results as Markdown for a comment, a check or a job summary: the verdict first, then what needs a person.
///
/// What is too long is left out in whole items, so that the structure stays valid: the verdict and the links always
/// stay, failures go before flaky tests, those before the slowest.
package struct MarkdownReport: Sendable {
    private let results: RunResults
    private let facts: ReportFacts
    private let text: MarkdownText
    private let dialect: MarkdownDialect

    package init(_ results: RunResults, facts: ReportFacts, dialect: MarkdownDialect) {
        self.results = results
        self.facts = facts
        self.dialect = dialect
        text = MarkdownText(dialect)
    }

    /// Heading, counts and completeness: what is left of a report where there is no room for more.
    package var head: String {
        let heading = "### \(results.hasPassed ? "✅" : "❌") \(text.plain(facts.title)): \(RunSentence(results).verdict)"
        var line = [RunSentence(results).counts, DurationText.short(results.duration)]
        if let commit = facts.commit { line.append("commit \(text.code(String(commit.prefix(10))))") }
        if facts.url != nil { line.append(text.link("build", to: facts.url)) }
        var lines = [heading, "", line.joined(separator: " · ")]
        if let verdict = results.verdict, ![.passed, .testsFailed].contains(verdict.exitCode) {
            lines += ["", text.plain(verdict.reason)]
        }
        if let words = results.comparison.map(ComparisonWords.init) {
            lines += ["", text.plain([words.counts, words.baseline].filter { !$0.isEmpty }.joined(separator: ", "))]
        }
        if let reason = results.missingBaseline { lines += ["", text.plain(reason)] }
        if let completeness = results.completeness { lines += ["", RunSentence.text(of: completeness)] }
        return lines.joined(separator: "\n")
    }

    /// What comes below the head, within a budget.
    package func details(within budget: TextBudget) -> String { MarkdownSection.join(sections, within: budget).text }

    /// Head and details.
    package func document(within budget: TextBudget) -> String { pages(1, within: budget)[0] }

    /// Head and details on at most so many pages, each within the budget: a section that does not fit goes on, on the
    /// next page, where it broke off.
    package func pages(_ count: Int, within budget: TextBudget) -> [String] {
        let head = head
        var pages: [String] = []
        var left = sections
        repeat {
            let start = pages.isEmpty ? head + "\n\n" : ""
            let (text, rest) = MarkdownSection.join(
                left, within: budget - TextBudget(start + "\n"), goesOn: pages.count < count - 1)
            pages.append(text.isEmpty && pages.isEmpty ? head + "\n" : start + text + "\n")
            left = rest
        } while !left.isEmpty && pages.count < count
        return pages
    }

    private var sections: [MarkdownSection] {
        ([lost] + failures + [flaky] + changes + [slowest, warnings]).filter { !$0.items.isEmpty }
    }

    private var lost: MarkdownSection {
        MarkdownSection(
            title: "#### Lost: not known to have run", noun: "lost test",
            items: (results.completeness?.lost ?? []).map { "- \(text.code($0.rawValue))" })
    }

    private var failures: [MarkdownSection] {
        results.failureGroups.map { group in
            MarkdownSection(
                title: "#### \(group.title)", noun: group.noun, separator: dialect.hasDetails ? "\n" : "\n\n",
                items: group.tests.lazy.prefix(Self.itemLimit).map(entry), total: group.tests.count)
        }
    }

    /// What else is different from the run that this one is compared with.
    private var changes: [MarkdownSection] {
        guard let comparison = results.comparison else { return [] }
        let lists = [
            ("Fixed", "fixed test", comparison.fixed), ("Newly skipped", "newly skipped test", comparison.newlySkipped),
            ("Removed", "removed test", comparison.removed),
        ]
        let slower = MarkdownSection(
            title: "#### Slower than before", noun: nil,
            items: comparison.slower.prefix(10).map {
                "- \(text.code($0.test.rawValue)): \(ComparisonWords.change($0))"
            })
        return lists.map { title, noun, tests in
            MarkdownSection(
                title: "#### \(title)", noun: noun,
                items: tests.prefix(Self.itemLimit).map { "- \(text.code($0.rawValue))" }, total: tests.count)
        } + [slower]
    }

    private var flaky: MarkdownSection {
        MarkdownSection(
            title: "#### Flaky", noun: "flaky test",
            items: results.flaky.prefix(Self.itemLimit).map { test in
                let failed = test.attempts.filter(\.outcome.isFailure)
                let reason = failed.last?.reason?.message.map { ": \(text.code($0, limit: 160))" } ?? ""
                return "- \(text.code(TestTitle.text(of: test))), passed after \(failed.count) failed\(reason)"
            }, total: results.flaky.count)
    }

    private var slowest: MarkdownSection {
        let slow = results.slowest(10)
        let rows = slow.map { test in
            let time = DurationText.short(test.duration)
            let name = text.code(TestTitle.text(of: test))
            return dialect.hasTables ? "| \(time) | \(name) |" : "- \(time) \(name)"
        }
        return MarkdownSection(
            title: "#### Slowest" + (dialect.hasTables ? "\n\n| time | test |\n| ---: | --- |" : ""), noun: nil,
            items: rows)
    }

    private var warnings: MarkdownSection {
        MarkdownSection(
            title: "#### Warnings", noun: "warning",
            items: results.warnings.prefix(Self.itemLimit).map { "- \(text.plain($0))" },
            total: results.warnings.count)
    }

    /// More than any forge takes.
    private static let itemLimit = 500

    private func entry(for test: TestRecord) -> String {
        let attempt = test.deciding
        let notes = [
            test.outcome == .errored ? "errored" : nil, DurationText.short(test.duration),
            test.attempts.count > 1 ? "\(test.attempts.count) attempts" : nil,
            results.isQuarantined(test.id) ? "quarantined" : nil,
            results.comparison.flatMap { ComparisonWords($0).standing(of: test.id) },
            test.identity.location.map { "\($0.file)\($0.line.map { ":\($0)" } ?? "")" },
        ].compactMap(\.self)
        let words = FailureWords(attempt?.reason)
        let body = [words.line, words.details].filter { !$0.isEmpty }.joined(separator: "\n\n")
        return text.fold(
            TestTitle.text(of: test), note: "(\(notes.joined(separator: ", ")))",
            body: body.isEmpty ? nil : text.block(body))
    }
}
