package import CICore

/// Results as text for a terminal or a CI log: what went wrong first, the verdict last.
///
/// Everything that comes from a test goes through `SafeText`, and the whole is bounded.
package struct ConsoleReport: Sendable {
    private let model: ReportModel
    private let style: ConsoleStyle
    private let limits: Limits
    private let advice: [String]

    private var results: RunResults { model.results }

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
    ///   - settings: which parts of it.
    ///   - isColored: whether a terminal reads it.
    ///   - limits: how much of it is shown.
    ///   - advice: lines below the verdict on what to do now, safe to show; `nil` = how to run again what failed, as a
    ///     part of its own.
    package init(
        _ results: RunResults, settings: ReportSettings = ReportSettings(), isColored: Bool, limits: Limits = Limits(),
        advice: [String]? = nil
    ) {
        var settings = settings
        if advice != nil { settings.sections.remove(.reproduce) }
        model = ReportModel(results, facts: ReportFacts(title: ""), settings: settings)
        self.advice = advice ?? []
        style = ConsoleStyle(isColored: isColored)
        self.limits = limits
    }

    /// The whole text, with a line feed at its end.
    package var text: String {
        let parts = model.parts.filter { !$0.isForPages && $0.section != .completeness }.map { lines(of: $0) }
        return (parts + [ending]).filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
            + "\n"
    }

    // MARK: - Parts

    private func lines(of part: ReportPart) -> [String] {
        let (lines, shown) = body(of: part)
        let more = part.noun.map { rest(of: part.total, $0, shown: shown) } ?? []
        return [style.heading(part.title)] + (part.remark.map { [style.dim("  \($0)")] } ?? []) + lines + more
    }

    /// The lines, and how many things they are of.
    private func body(of part: ReportPart) -> (lines: [String], shown: Int) {
        switch part.body {
        case .failures(let tests):
            let shown = tests.prefix(model.settings.maxFailures ?? limits.items)
            return (shown.flatMap(entry), shown.count)
        case .lines(let lines):
            let isShort = [.fixed, .newlySkipped, .removed, .slower].contains(part.section)
            let shown = lines.prefix(isShort ? limits.slowest : limits.items)
            return (shown.map { line($0, mark: Self.mark(of: part.section, style)) }, shown.count)
        case .table(let table):
            let shown = table.rows.prefix(part.section == .slowest ? limits.slowest : limits.items)
            if part.section == .files { return (shown.map(file), shown.count) }
            return (ConsoleTable(table, rows: Array(shown), hasHead: part.section != .slowest).lines, shown.count)
        case .commands(let commands):
            return (commands.map { "  \($0)" }, commands.count)
        }
    }

    private static func mark(of section: ReportSection, _ style: ConsoleStyle) -> String {
        switch section {
        case .flaky: style.warning("~") + " "
        case .warnings: style.warning("!") + " "
        default: ""
        }
    }

    private func line(_ line: ReportPart.Line, mark: String) -> String {
        let quote = line.quote.map { ": \(SafeText.line($0, limit: 160))" } ?? ""
        let links = line.places.map { link in
            SafeText.line(
                [link.title, link.url].compactMap(\.self).filter { $0 != "./\(link.title)" }.joined(separator: " "))
        }
        let places = links.isEmpty ? "" : ": \(links.joined(separator: ", "))"
        return "  \(mark)\(SafeText.line(line.text))\(line.note)\(quote)\(places)"
    }

    private func file(_ row: [String]) -> String {
        let failed = row[1] == "0" ? "" : ", \(style.failure("\(row[1]) failed"))"
        return "  \(ConsoleTable.padded(row[0], to: 6)) tests\(failed)  \(SafeText.line(row[2], limit: 200))"
    }

    // MARK: - The end

    private var ending: [String] {
        var lines: [String] = []
        if model.settings.wants(.verdict) { lines += [comparison].compactMap(\.self) }
        if model.settings.wants(.completeness) { lines += completeness }
        if model.settings.wants(.verdict) { lines.append(verdict) }
        return lines + advice.map { "  \($0)" }
    }

    private var comparison: String? {
        guard let words = results.comparison.map(ComparisonWords.init) else {
            // Whether it is new is asked of a failure alone.
            guard let reason = results.missingBaseline, results.totals.failed + results.totals.errored > 0 else {
                return nil
            }
            return style.dim(SafeText.line(reason, limit: 400))
        }
        return words.counts.isEmpty ? nil : style.dim("\(words.baseline): \(words.counts)")
    }

    private var completeness: [String] {
        guard let completeness = results.completeness else { return [] }
        return [RunSentence.text(of: completeness)]
            + completeness.lost.prefix(limits.items).map { "  lost: \(SafeText.line($0.rawValue))" }
            + rest(of: completeness.lost.count, "lost test", shown: limits.items)
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

    // MARK: - Failures

    private func entry(for test: TestRecord) -> [String] {
        let attempt = test.deciding
        let quarantined = results.isQuarantined(test.id) ? ", quarantined" : ""
        let attempts = test.attempts.count > 1 ? ", \(test.attempts.count) attempts" : ""
        let time = DurationText.short(test.duration)
        var lines = [
            "  \(style.failure("✘")) \(TestTitle.text(of: test)) \(style.dim("(\(test.outcome.rawValue), \(time)\(attempts)\(quarantined))"))"
        ]
        let past = [
            results.comparison.flatMap { ComparisonWords($0).standing(of: test.id) },
            FlipHistory.marks(of: test, in: results).map { "last runs \($0)" },
            OwnerNames(of: test, in: model).text,
        ].compactMap(\.self)
        if !past.isEmpty { lines.append(style.dim("    \(past.joined(separator: ", "))")) }
        let words = FailureWords(attempt?.reason)
        if !words.line.isEmpty { lines.append("    \(SafeText.line(words.line, limit: 400))") }
        if let location = test.identity.location {
            lines.append(
                style.dim("    \(SafeText.line(location.file, limit: 200))\(location.line.map { ":\($0)" } ?? "")"))
        }
        return lines + shown(words.details)
            + AttachmentList(of: test, in: results).lines.map { "    attached\(line($0, mark: "").dropFirst())" }
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

    private func rest(of count: Int, _ noun: String, shown: Int) -> [String] {
        count > shown ? ["  … and \(RunSentence.count(count - shown, "more \(noun)"))"] : []
    }
}
