package import CICore
package import CIProviders

/// Results as Markdown for a comment, a check or a job summary: the verdict first, then what needs a person.
///
/// What is too long is left out in whole items, so that the structure stays valid: the verdict and the links always
/// stay, and no part takes all the room from those behind it.
package struct MarkdownReport: Sendable {
    private let model: ReportModel
    private let text: MarkdownText
    private let dialect: MarkdownDialect
    /// Those whom the forge is to tell; a report that told everybody would be read by nobody.
    private let mentioned: Set<String>
    private static let mentionLimit = 10

    private var results: RunResults { model.results }
    private var facts: ReportFacts { model.facts }

    package init(
        _ results: RunResults, facts: ReportFacts, settings: ReportSettings = ReportSettings(), dialect: MarkdownDialect
    ) {
        model = ReportModel(results, facts: facts, settings: settings)
        self.dialect = dialect
        text = MarkdownText(dialect)
        mentioned = settings.owners == .mention ? Self.owners(in: model) : []
    }

    /// The first that can be mentioned, in the order of the failures.
    private static func owners(in model: ReportModel) -> Set<String> {
        var owners: Set<String> = []
        for case .failures(let tests) in model.parts.map(\.body) {
            for name in tests.prefix(itemLimit).flatMap({ OwnerNames(of: $0, in: model).shown })
            where owners.count < mentionLimit && OwnerNames.canBeMentioned(name) {
                owners.insert(name)
            }
        }
        return owners
    }

    /// Heading, counts and completeness: what is left of a report where there is no room for more.
    package var head: String {
        let heading = "### \(results.hasPassed ? "✅" : "❌") \(text.plain(facts.title)): \(RunSentence(results).verdict)"
        guard model.settings.wants(.verdict) else {
            return [heading, proof].compactMap(\.self).joined(separator: "\n\n")
        }
        var line = [RunSentence(results).counts, DurationText.short(results.duration)]
        if let commit = facts.commit { line.append("commit \(text.code(String(commit.prefix(10))))") }
        if facts.url != nil { line.append(text.link("build", to: facts.url)) }
        var lines = [heading, line.joined(separator: " · ")]
        if let verdict = results.verdict, ![.passed, .testsFailed].contains(verdict.exitCode) {
            lines.append(text.plain(verdict.reason))
        }
        if let words = results.comparison.map(ComparisonWords.init) {
            lines.append(text.plain([words.counts, words.baseline].filter { !$0.isEmpty }.joined(separator: ", ")))
        }
        if let reason = results.missingBaseline { lines.append(text.plain(reason)) }
        return (lines + [proof].compactMap(\.self)).joined(separator: "\n\n")
    }

    private var proof: String? {
        model.settings.wants(.completeness) ? results.completeness.map(RunSentence.text(of:)) : nil
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
        model.parts.filter { !$0.isForPages }.map(section).filter { !$0.items.isEmpty }
    }

    private func section(_ part: ReportPart) -> MarkdownSection {
        let title = "#### \(part.title)" + (part.remark.map { "\n\n\($0)" } ?? "")
        switch part.body {
        case .failures(let tests):
            return MarkdownSection(
                title: title, noun: part.noun, separator: dialect.hasDetails ? "\n" : "\n\n",
                items: tests.prefix(Self.itemLimit).map(entry), total: part.total)
        case .lines(let lines):
            return MarkdownSection(
                title: title, noun: part.noun, items: lines.prefix(Self.itemLimit).map { "- \(line($0))" },
                total: part.total)
        case .table(let table): return self.table(table, title, part)
        case .commands(let commands):
            let block = text.block(commands.joined(separator: "\n"), language: "sh", limit: 8 << 10)
            return MarkdownSection(title: title, noun: nil, items: commands.isEmpty ? [] : [block])
        }
    }

    /// More than any forge takes.
    private static let itemLimit = 500

    private func line(_ line: ReportPart.Line) -> String {
        let quote = line.quote.map { ": \(text.code($0, limit: 160))" } ?? ""
        let links = line.places.map { text.link($0.title, to: $0.url) }.joined(separator: ", ")
        return (line.isSentence ? text.plain(line.text) : text.code(line.text)) + line.note + quote
            + (links.isEmpty ? "" : ": \(links)")
    }

    private func table(_ table: ReportPart.Table, _ title: String, _ part: ReportPart) -> MarkdownSection {
        let rows = table.rows.map { row in
            let cells = zip(table.columns, row).map { column, cell in column.isName ? text.code(cell) : cell }
            if dialect.hasTables { return "| \(cells.joined(separator: " | ")) |" }
            let words = zip(table.columns, cells).map { column, cell in column.words(cell) }
            return "- " + words.joined(separator: words.count > 2 ? ", " : " ")
        }
        guard dialect.hasTables else {
            return MarkdownSection(title: title, noun: part.noun, items: rows, total: part.total)
        }
        let head = "| \(table.columns.map(\.title).joined(separator: " | ")) |"
        let rule = "| \(table.columns.map { $0.isFigure ? "---:" : "---" }.joined(separator: " | ")) |"
        return MarkdownSection(title: "\(title)\n\n\(head)\n\(rule)", noun: part.noun, items: rows, total: part.total)
    }

    private func entry(for test: TestRecord) -> String {
        let attempt = test.deciding
        let notes = [
            test.outcome == .errored ? "errored" : nil, DurationText.short(test.duration),
            test.attempts.count > 1 ? "\(test.attempts.count) attempts" : nil,
            results.isQuarantined(test.id) ? "quarantined" : nil,
            results.comparison.flatMap { ComparisonWords($0).standing(of: test.id) },
            FlipHistory.marks(of: test, in: results).map { "last runs \($0)" },
            test.identity.location.map { "\($0.file)\($0.line.map { ":\($0)" } ?? "")" },
        ].compactMap(\.self)
        let words = FailureWords(attempt?.reason)
        let block = [words.line, words.details].filter { !$0.isEmpty }.joined(separator: "\n\n")
        let attached = AttachmentList(of: test, in: results).lines.map { "- \(line($0))" }
        let body =
            (block.isEmpty ? [] : [text.block(block)])
            + (attached.isEmpty ? [] : ["Attached:\n\n" + attached.joined(separator: "\n")])
        return text.fold(
            TestTitle.text(of: test), note: "(\(notes.joined(separator: ", ")))",
            tail: OwnerNames(of: test, in: model).text { text.owner($0, isMention: mentioned.contains($0)) },
            body: body.isEmpty ? nil : body.joined(separator: "\n\n"))
    }
}
