package import CICore
package import CIProviders

/// Results as Markdown for a comment, a check or a job summary: the verdict first, then what needs a person.
///
/// What is too long is left out in whole items, so that the structure stays valid: the verdict and the links always
/// stay, failures go before flaky tests, those before the slowest.
package struct MarkdownReport: Sendable {
    private let results: RunResults
    private let facts: Facts
    private let text: MarkdownText
    private let dialect: MarkdownDialect

    /// What a reader wants to know beside the results.
    package struct Facts: Sendable, Hashable {
        /// The heading's first words, such as `dt-ci` or `dt-ci / linux`.
        package var title: String
        package var commit: String?
        /// The page of the build.
        package var url: String?

        package init(title: String, commit: String? = nil, url: String? = nil) {
            self.title = title
            self.commit = commit
            self.url = url
        }
    }

    package init(_ results: RunResults, facts: Facts, dialect: MarkdownDialect) {
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
        if let completeness = results.completeness { lines += ["", RunSentence.text(of: completeness)] }
        return lines.joined(separator: "\n")
    }

    /// What comes below the head, within a budget.
    package func details(within budget: TextBudget) -> String {
        var left = budget
        var parts: [String] = []
        for section in sections {
            guard let part = section.text(within: left) else { continue }
            parts.append(part)
            left = left - TextBudget(part + "\n\n")
        }
        return parts.joined(separator: "\n\n")
    }

    /// Head and details.
    package func document(within budget: TextBudget) -> String {
        let head = head
        let details = details(within: budget - TextBudget(head + "\n\n\n"))
        return details.isEmpty ? head + "\n" : "\(head)\n\n\(details)\n"
    }

    private var sections: [MarkdownSection] {
        [lost, failures, flaky, slowest, warnings].filter { !$0.items.isEmpty }
    }

    private var lost: MarkdownSection {
        MarkdownSection(
            title: "#### Lost: not known to have run", noun: "lost test",
            items: (results.completeness?.lost ?? []).map { "- \(text.code($0.rawValue))" })
    }

    private var failures: MarkdownSection {
        MarkdownSection(
            title: "#### Failures", noun: "failed test", separator: dialect.hasDetails ? "\n" : "\n\n",
            items: results.failures.lazy.prefix(Self.itemLimit).map(entry), total: results.failures.count)
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
            test.identity.location.map { "\($0.file)\($0.line.map { ":\($0)" } ?? "")" },
        ].compactMap(\.self)
        let words = FailureWords(attempt?.reason)
        let body = [words.line, words.details].filter { !$0.isEmpty }.joined(separator: "\n\n")
        return text.fold(
            TestTitle.text(of: test), note: "(\(notes.joined(separator: ", ")))",
            body: body.isEmpty ? nil : text.block(body))
    }
}

/// One part of a report: a title and items, each of which stays whole or goes.
struct MarkdownSection {
    let title: String
    /// What one item is, for "… and 3 more"; `nil` where leaving some out needs no words.
    let noun: String?
    let separator: String
    let items: [String]
    /// Of the things themselves, where fewer are among the items.
    let total: Int

    init(title: String, noun: String?, separator: String = "\n", items: some Sequence<String>, total: Int? = nil) {
        self.title = title
        self.noun = noun
        self.separator = separator
        self.items = Array(items)
        self.total = total ?? self.items.count
    }

    /// As many items as fit, and a line that says how many did not; `nil` if not even one fits.
    func text(within budget: TextBudget) -> String? {
        let gap = title.hasSuffix("|") ? "\n" : "\n\n"
        var left = budget - TextBudget(title + gap + (noun.map { rest(of: total, $0) } ?? ""))
        var taken: [String] = []
        for item in items {
            let size = TextBudget(item + separator)
            guard left.holds(size) else { break }
            left = left - size
            taken.append(item)
        }
        guard !taken.isEmpty else { return nil }
        let missing = total - taken.count
        let note = noun.map { missing > 0 ? rest(of: missing, $0) : "" } ?? ""
        return title + gap + taken.joined(separator: separator) + note
    }

    private func rest(of count: Int, _ noun: String) -> String {
        "\n\n… and \(count) more \(noun)\(count == 1 ? "" : "s")"
    }
}
