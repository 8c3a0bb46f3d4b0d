import CICore

/// What a person would see, as text for a terminal.
package struct ConsolePage: Sendable {
    private let report: SimulationReport
    private var text = ""

    /// Lines of one comment or summary that are shown.
    private static let lineLimit = 60

    /// The page of a report; everything that came from the job is made harmless to terminals.
    package static func text(_ report: SimulationReport) -> String {
        var page = ConsolePage(report: report)
        page.write()
        return page.text
    }

    private init(report: SimulationReport) { self.report = report }

    private mutating func write() {
        heading("What \(report.title) would show: \(report.occasion)")
        for status in report.exhibit.statuses { write(status) }
        for shown in report.exhibit.reports { write(shown) }
        for comment in report.exhibit.comments {
            let marks = comment.marks.isEmpty ? "" : " (\(comment.marks.joined(separator: ", ")))"
            line("")
            line("comment on \(comment.place) by \(comment.author)\(marks)")
            block(comment.markdown)
        }
        for summary in report.summaries {
            line("")
            line("job summary")
            block(summary)
        }
        for run in report.exhibit.testRuns { write(run) }
        for file in report.exhibit.files {
            line("file     \(file.shelf.trimmed): \(file.path)\(file.size > 0 ? ", \(file.size) bytes" : "")")
        }
        for note in report.exhibit.notes { line("\(note.tone.sign) \(note.kind): \(note.text)") }
        for annotation in report.log.annotations.prefix(Self.lineLimit) {
            line("\(annotation.tone.sign) log annotation: \(annotation.oneLine)")
        }
        requests()
    }

    private mutating func requests() {
        let exchanges = report.exchanges
        let faults = exchanges.filter { $0.fault != nil }
        line("")
        line("requests \(exchanges.count)\(faults.isEmpty ? "" : ", of which \(faults.count) were hit by faults")")
        for exchange in faults.prefix(20) {
            let fault = exchange.fault?.rawValue ?? ""
            line("  \(fault): \(exchange.request.method.rawValue) /\(exchange.api)\(exchange.request.path)")
        }
        if exchanges.isEmpty { line("  nothing was sent") }
    }

    private mutating func write(_ status: ShownStatus) {
        line("\(status.tone.sign) status   \(status.name): \(status.state), \(status.summary) (\(short(status.place)))")
    }

    private mutating func write(_ shown: ShownReport) {
        line("\(shown.status.tone.sign) \(shown.kind)  \(shown.status.name): \(shown.status.state)")
        if !shown.title.isEmpty { line("    \(shown.title)") }
        for figure in shown.figures.pairs { line("    \(figure.name): \(figure.value)") }
        for annotation in shown.annotations.prefix(Self.lineLimit) {
            line("    \(annotation.tone.sign) \(annotation.oneLine)")
        }
        if shown.annotations.count > Self.lineLimit {
            line("    … and \(shown.annotations.count - Self.lineLimit) annotations more")
        }
    }

    private mutating func write(_ run: ShownTestRun) {
        let failed = run.tests.filter { $0.tone == .bad }
        line("test run \(run.name): \(run.state), \(run.tests.count) tests, \(failed.count) failed")
        for test in failed.prefix(Self.lineLimit) { line("    ✗ \(test.name): \(test.message ?? test.result)") }
    }

    private mutating func heading(_ title: String) {
        text += "\n\(SafeText.line(title))\n"
        text += String(repeating: "─", count: min(100, title.count)) + "\n"
    }

    private mutating func line(_ line: String) { text += SafeText.line(line, limit: 2000) + "\n" }

    private mutating func block(_ markdown: String) {
        let lines = markdown.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for line in lines.prefix(Self.lineLimit) { text += "  │ \(SafeText.line(String(line), limit: 2000))\n" }
        if lines.count > Self.lineLimit { text += "  │ … and \(lines.count - Self.lineLimit) lines more\n" }
    }

    private func short(_ place: String) -> String {
        place.count == 40 && place.allSatisfy(\.isHexDigit) ? String(place.prefix(10)) : place
    }
}

extension String {
    fileprivate var trimmed: String { String(Substring(self).trimmingSpaces) }
}
