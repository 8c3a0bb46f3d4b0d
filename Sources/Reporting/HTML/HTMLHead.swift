import CICore

/// The top of the page: the verdict, the counts, what it is compared with, and the proof that nothing was left out.
struct HTMLHead {
    let report: HTMLReport

    private var results: RunResults { report.results }

    func write(to writer: inout MarkupWriter) {
        writer.raw("<header class=\"")
        writer.raw(results.hasPassed ? "good" : "bad")
        writer.raw("\"><h1><span aria-hidden=\"true\">")
        writer.raw(results.hasPassed ? "✔ " : "✘ ")
        writer.raw("</span>")
        writer.text("\(SafeText.line(report.facts.title, limit: 200)): \(RunSentence(results).verdict)".utf8)
        writer.raw("</h1>")
        if report.settings.wants(.verdict) { writeCounts(to: &writer) }
        for line in lines { paragraph(line, to: &writer) }
        writeShares(to: &writer)
        writer.raw("</header>")
    }

    private func writeCounts(to writer: inout MarkupWriter) {
        writer.raw("<p>")
        writer.text("\(RunSentence(results).counts) in \(DurationText.short(results.duration))".utf8)
        if let commit = report.facts.commit {
            writer.raw(" · commit <code>")
            writer.text(SafeText.line(String(commit.prefix(10))).utf8)
            writer.raw("</code>")
        }
        if let link = report.facts.url.flatMap(BadgeLink.init) {
            writer.raw(" · <a href=\"")
            writer.text(link.utf8)
            writer.raw("\">build</a>")
        }
        writer.raw("</p>")
    }

    private var lines: [String] {
        var lines = report.settings.wants(.verdict) ? verdictLines : []
        if report.settings.wants(.completeness), let completeness = results.completeness {
            lines.append(RunSentence.text(of: completeness))
        }
        return lines
    }

    private var verdictLines: [String] {
        var lines: [String] = []
        if let verdict = results.verdict, ![.passed, .testsFailed].contains(verdict.exitCode) {
            lines.append(SafeText.line(verdict.reason))
        }
        if let words = results.comparison.map(ComparisonWords.init) {
            lines.append([words.counts, words.baseline].filter { !$0.isEmpty }.joined(separator: ", "))
        }
        return lines + [results.missingBaseline.map { SafeText.line($0) }].compactMap(\.self)
    }

    private func paragraph(_ text: String, to writer: inout MarkupWriter) {
        writer.raw("<p>")
        writer.text(text.utf8)
        writer.raw("</p>")
    }

    /// A bar of the outcomes' shares.
    private func writeShares(to writer: inout MarkupWriter) {
        let totals = results.totals
        guard totals.tests > 0 else { return }
        let flaky = min(totals.flaky, totals.passed)
        let parts: [(StaticString, Int)] = [
            ("p", totals.passed - flaky), ("k", flaky), ("s", totals.skipped), ("f", totals.failed + totals.errored),
        ]
        writer.raw("<svg class=\"shares\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">")
        var start = 0
        for (name, count) in parts where count > 0 {
            // However few failed, they are seen.
            let width = max(400, count * 100_000 / totals.tests)
            writer.raw("<rect class=\"")
            writer.raw(name)
            writer.raw("\" x=\"")
            writer.hundredths(min(start, 100_000 - width))
            writer.raw("\" width=\"")
            writer.hundredths(width)
            writer.raw("\" height=\"10\"/>")
            start += width
        }
        writer.raw("</svg>")
    }
}
