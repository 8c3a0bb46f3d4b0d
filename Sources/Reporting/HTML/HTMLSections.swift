import CICore

/// The sections between the head and the list of all tests, those that need a person first.
struct HTMLSections {
    let model: ReportModel

    private var results: RunResults { model.results }

    /// More are in the list of all tests.
    private static let entryLimit = 200
    private static let nameLimit = 500

    func write(to writer: inout MarkupWriter) {
        let order = Dictionary(uniqueKeysWithValues: ReportSection.allCases.enumerated().map { ($1, $0) })
        let parts = model.parts
        let last = parts.firstIndex { order[$0.section, default: 0] >= order[.nodes, default: 0] } ?? parts.count
        for part in parts[..<last] { write(part, to: &writer) }
        writeCharts(to: &writer)
        for part in parts[last...] { write(part, to: &writer) }
    }

    private func write(_ part: ReportPart, to writer: inout MarkupWriter) {
        open(part, to: &writer)
        switch part.body {
        case .failures(let tests): write(tests, of: part, to: &writer)
        case .lines(let lines) where lines.contains { $0.test != nil }:
            write(lines.compactMap(\.test), of: part, to: &writer)
        case .lines(let lines):
            HTMLLines(lines: lines.prefix(Self.nameLimit)).write(to: &writer)
            rest(of: part, shown: Self.nameLimit, to: &writer)
        case .table(let table): HTMLTable(table: table).write(to: &writer)
        case .commands(let commands):
            writer.raw("<pre>")
            writer.text(commands.joined(separator: "\n").utf8)
            writer.raw("</pre>")
        }
        writer.raw("</section>")
    }

    private func write(_ tests: [TestRecord], of part: ReportPart, to writer: inout MarkupWriter) {
        let limit = model.settings.maxFailures ?? Self.entryLimit
        for (index, test) in tests.prefix(limit).enumerated() {
            HTMLEntry(test: test, model: model)
                .write(isOpen: index < 3 && part.section != .flaky, to: &writer)
        }
        rest(of: part, shown: limit, to: &writer)
    }

    private func writeCharts(to writer: inout MarkupWriter) {
        let timeline = TimelineChart(results.timeline)
        if model.settings.wants(.timeline), !timeline.isEmpty {
            writer.raw("<section><h2>Timeline</h2>")
            timeline.write(to: &writer)
            writer.raw("</section>")
        }
        let durations = DurationChart(results.tests)
        guard model.settings.wants(.durations), results.tests.count > 1, !durations.isEmpty else { return }
        writer.raw("<section><h2>How long tests take</h2>")
        durations.write(to: &writer)
        writer.raw("</section>")
    }

    private func open(_ part: ReportPart, to writer: inout MarkupWriter) {
        writer.raw("<section><h2>")
        writer.text(part.title.utf8)
        if part.noun != nil {
            writer.raw(" <span class=\"count\">")
            writer.number(part.total)
            writer.raw("</span>")
        }
        writer.raw("</h2>")
        guard let remark = part.remark else { return }
        writer.raw("<p class=\"note\">")
        writer.text(remark.utf8)
        writer.raw("</p>")
    }

    private func rest(of part: ReportPart, shown: Int, to writer: inout MarkupWriter) {
        guard part.total > shown else { return }
        writer.raw("<p>… and ")
        writer.number(part.total - shown)
        writer.raw(model.settings.wants(.tests) ? " more, in the list of all tests.</p>" : " more.</p>")
    }
}

/// Things with what there is to say of them, as a list.
struct HTMLLines {
    let lines: ArraySlice<ReportPart.Line>

    func write(to writer: inout MarkupWriter) {
        writer.raw("<ul>")
        for line in lines {
            writer.raw("<li>")
            if let address = line.address {
                write(ReportPart.Link(title: line.text, url: address), to: &writer)
            } else {
                writer.text(SafeText.line(line.text, limit: line.isSentence ? 400 : 240).utf8)
            }
            writer.text(line.note.utf8)
            for (index, link) in line.places.enumerated() {
                writer.raw(index == 0 ? ": " : ", ")
                write(link, to: &writer)
            }
            writer.raw("</li>")
        }
        writer.raw("</ul>")
    }

    /// Only to the web, or below the page itself.
    private func write(_ link: ReportPart.Link, to writer: inout MarkupWriter) {
        let target = link.url.flatMap { url in
            if url.hasPrefix("./") { return SafeText.line(url, limit: 1000) }
            return BadgeLink(url).map { _ in URLText.withoutCredentials(url) }
        }
        if let target {
            writer.raw("<a href=\"")
            writer.text(target.utf8)
            writer.raw("\">")
        }
        writer.text(SafeText.line(link.title, limit: 300).utf8)
        if target != nil { writer.raw("</a>") }
    }
}

/// Rows and columns.
struct HTMLTable {
    let table: ReportPart.Table

    func write(to writer: inout MarkupWriter) {
        writer.raw("<table><thead><tr>")
        for column in table.columns {
            writer.raw(column.isFigure ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">")
            writer.text(column.title.utf8)
            writer.raw("</th>")
        }
        writer.raw("</tr></thead><tbody>")
        for row in table.rows {
            writer.raw("<tr>")
            for (column, cell) in zip(table.columns, row) {
                writer.raw(column.isFigure ? "<td class=\"n\">" : "<td>")
                writer.text(SafeText.line(cell, limit: 240).utf8)
                writer.raw("</td>")
            }
            writer.raw("</tr>")
        }
        writer.raw("</tbody></table>")
    }
}
