import CICore

/// What a person would see, as one page that loads nothing and runs nothing.
package struct HTMLPage: Sendable {
    private let report: SimulationReport
    private var html = ""

    /// The page of a report; everything that came from the job is escaped.
    package static func html(_ report: SimulationReport) -> String {
        var page = HTMLPage(report: report)
        page.write()
        return page.html
    }

    private init(report: SimulationReport) { self.report = report }

    private mutating func write() {
        html = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(escape(report.title)): \(escape(report.occasion))</title>
            <style>\(HTMLStyle.text)</style></head><body>

            """
        head()
        html += "<main>"
        comments()
        statuses()
        for shown in report.exhibit.reports { write(shown) }
        for run in report.exhibit.testRuns { write(run) }
        for summary in report.summaries {
            html += section("Job summary") { $0 += "<div class=\"box md\">\(MarkdownText.html(summary))</div>" }
        }
        files()
        notes()
        html += HTMLLog.html(report.log)
        requests()
        html += "</main></body></html>\n"
    }

    private mutating func head() {
        let source = report.context.source
        let commit = source.commit ?? report.scenario.commit
        let facts: [(String, String?)] = [
            ("commit", String(commit.prefix(10))), ("branch", source.branch), ("tag", source.tag),
            ("run", report.context.execution.run.number), ("job", report.context.execution.job.name),
            ("by", report.context.actor),
        ]
        let shown = facts.compactMap { name, value in
            value.map { "<span>\(name) <b>\(escape($0))</b></span>" }
        }
        let state = report.exhibit.statuses.last?.tone ?? report.exhibit.reports.last?.status.tone ?? .neutral
        html += """
            <header><div class="bar"><span class="dot \(state.rawValue)">\(state.sign)</span><div>
            <h1>\(escape(report.scenario.repository.slug))<small>\(escape(report.occasion))</small></h1>
            <p>\(shown.joined())</p></div><span class="service">\(escape(report.title))<small>simulated</small></span>
            </div></header>

            """
    }

    private mutating func comments() {
        guard !report.exhibit.comments.isEmpty else { return }
        let comments = report.exhibit.comments
        html += section("Conversation") { html in
            for comment in comments {
                let marks = comment.marks.map { "<i class=\"mark\">\(escape($0))</i>" }.joined()
                let letter = comment.author.first.map { String($0).uppercased() } ?? "?"
                html += """
                    <div class="comment"><div class="avatar">\(escape(letter))</div><div class="box">
                    <div class="title"><b>\(escape(comment.author))</b> commented on \(escape(comment.place))\(marks)</div>
                    <div class="md">\(MarkdownText.html(comment.markdown))</div></div></div>

                    """
            }
        }
    }

    private mutating func statuses() {
        let statuses = report.exhibit.statuses
        guard !statuses.isEmpty else { return }
        html += section("Checks") { html in
            html += "<div class=\"box rows\">"
            for status in statuses {
                html += """
                    <div><span class="dot \(status.tone.rawValue)">\(status.tone.sign)</span><b>\(escape(status.name))</b>
                    <span class="dim">\(escape(status.summary))</span><span class="end">\(escape(status.state))
                    <code>\(escape(String(status.place.prefix(24))))</code>\(link(status.url))</span></div>

                    """
            }
            html += "</div>"
        }
    }

    private func link(_ url: String?) -> String {
        guard let url, HTMLText.isWebAddress(url) else { return "" }
        return " <a href=\"\(escape(url))\">Details</a>"
    }

    private mutating func write(_ shown: ShownReport) {
        html += section("\(shown.kind): \(shown.status.name)") { html in
            let status = shown.status
            html += "<div class=\"box\"><div class=\"title\"><span class=\"dot \(status.tone.rawValue)\">"
            html += "\(status.tone.sign)</span><b>\(escape(shown.title.isEmpty ? status.summary : shown.title))</b>"
            html += "<span class=\"end\">\(escape(status.state))\(link(status.url))</span></div>"
            let figures = shown.figures.pairs.map {
                "<span><b>\(escape($0.value))</b>\(escape($0.name))</span>"
            }
            if !figures.isEmpty { html += "<div class=\"figures\">\(figures.joined())</div>" }
            html += "<div class=\"md\">\(MarkdownText.html(shown.markdown))</div>"
            for annotation in shown.annotations.prefix(200) { html += Self.html(annotation) }
            if shown.annotations.count > 200 {
                html += "<p class=\"dim\">and \(shown.annotations.count - 200) annotations more</p>"
            }
            html += "</div>"
        }
    }

    private static func html(_ annotation: ShownAnnotation) -> String {
        let place = annotation.path.map { $0 + (annotation.line.map { ":\($0)" } ?? "") } ?? ""
        return """
            <div class="annotation \(annotation.tone.rawValue)"><code>\(HTMLText.escape(place))</code>
            <b>\(HTMLText.escape(annotation.title))</b><pre>\(HTMLText.escape(annotation.message))</pre></div>

            """
    }

    private mutating func write(_ run: ShownTestRun) {
        html += section("Tests: \(run.name)") { html in
            html += "<div class=\"box\"><table><thead><tr><th>Test</th><th>Result</th><th class=\"number\">Seconds</th>"
            html += "</tr></thead><tbody>"
            for test in run.tests.sorted(by: { $0.tone == .bad && $1.tone != .bad }).prefix(500) {
                let seconds = test.duration.map { DurationText.short($0) } ?? ""
                let message = test.message.map { "<pre>\(HTMLText.escape($0))</pre>" } ?? ""
                html += "<tr><td><span class=\"dot \(test.tone.rawValue)\">\(test.tone.sign)</span>"
                html += "\(HTMLText.escape(test.name))\(message)</td><td>\(HTMLText.escape(test.result))</td>"
                html += "<td class=\"number\">\(seconds)</td></tr>"
            }
            html += "</tbody></table></div>"
        }
    }

    private mutating func files() {
        let files = report.exhibit.files
        guard !files.isEmpty else { return }
        html += section("Files") { html in
            html += "<div class=\"box rows\">"
            for file in files {
                let size = file.size > 0 ? "\(file.size) bytes" : ""
                html += "<div><code>\(escape(file.path))</code><span class=\"end\">\(escape(file.shelf)) "
                html += "<span class=\"dim\">\(size)</span></span></div>"
            }
            html += "</div>"
        }
    }

    private mutating func notes() {
        let notes = report.exhibit.notes
        guard !notes.isEmpty else { return }
        html += section("Beside the build") { html in
            html += "<div class=\"box rows\">"
            for note in notes {
                html += "<div><span class=\"dot \(note.tone.rawValue)\">\(note.tone.sign)</span>\(escape(note.text))"
                html += "<span class=\"end dim\">\(escape(note.kind))</span></div>"
            }
            html += "</div>"
        }
    }

    private mutating func requests() {
        let exchanges = report.exchanges
        guard !exchanges.isEmpty else { return }
        html += section("Requests") { html in
            html += "<details class=\"box\"><summary>\(exchanges.count) requests to the simulated APIs</summary>"
            html += "<table><tbody>"
            for exchange in exchanges.prefix(500) {
                let fault = exchange.fault.map { "<i class=\"mark\">\($0.rawValue)</i>" } ?? ""
                html += "<tr><td>\(exchange.number)</td><td>\(exchange.request.method.rawValue)</td>"
                html += "<td><code>/\(escape(exchange.api + exchange.request.path))</code>\(fault)</td>"
                html += "<td class=\"number\">\(exchange.answer.status)</td></tr>"
            }
            html += "</tbody></table></details>"
        }
    }

    private func section(_ title: String, _ body: (inout String) -> Void) -> String {
        var html = "<section><h2>\(escape(title))</h2>"
        body(&html)
        return html + "</section>\n"
    }

    private func escape(_ text: String) -> String { HTMLText.escape(text) }
}
