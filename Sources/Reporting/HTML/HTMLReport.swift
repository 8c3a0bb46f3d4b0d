package import CICore

/// Results as a page: what needs a person first, then pictures, then every test.
///
/// One file that works offline, or several without inline style or script: a `Part` is a file of its own then.
package struct HTMLReport: Sendable {
    private let model: ReportModel
    let form: Form

    var results: RunResults { model.results }
    var facts: ReportFacts { model.facts }
    var settings: ReportSettings { model.settings }

    /// Whether it is several files.
    package var isSplit: Bool { form == .split }

    /// How many files it is.
    package enum Form: String, Sendable, CaseIterable {
        /// One file with everything in it.
        case single
        /// A directory whose pages need no inline style or script, for a strict Content-Security-Policy such as Jenkins'.
        case split
    }

    package init(
        _ results: RunResults, facts: ReportFacts, settings: ReportSettings = ReportSettings(), form: Form
    ) {
        model = ReportModel(results, facts: facts, settings: settings)
        self.form = form
    }

    /// The name of the page to open.
    package static let entry = "index.html"

    /// The whole report: a file each, the page to open first.
    package func files<Failure: Error>(
        _ file: (_ name: String, _ bytes: [UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        var writer = MarkupWriter(capacity: 1 << 20)
        writePage(to: &writer)
        try file(Self.entry, writer.bytes)
        guard form == .split else { return }
        try file("report.css", Array(HTMLStyle.text.utf8))
        guard settings.wants(.tests) else { return }
        for number in 0..<HTMLTestPages.count(of: results.tests.count) {
            var page = MarkupWriter(capacity: 256 << 10)
            HTMLTestPages(report: self).write(page: number, to: &page)
            try file(HTMLTestPages.name(of: number), page.bytes)
        }
    }

    private func writePage(to writer: inout MarkupWriter) {
        open(title: facts.title, to: &writer)
        if settings.wants(.tests) { writer.raw("<a class=\"skip\" href=\"#tests\">To all tests</a>") }
        HTMLHead(report: self).write(to: &writer)
        writer.raw("<main>")
        HTMLSections(model: model).write(to: &writer)
        switch form {
        case _ where !settings.wants(.tests): break
        case .single: HTMLTestTable(results: results).write(to: &writer)
        case .split: HTMLTestPages(report: self).writeList(to: &writer)
        }
        writer.raw("</main>")
        close(to: &writer)
    }

    /// From the doctype to the body; the single file brings its own policy, in case a test's words get somewhere.
    func open(title: String, to writer: inout MarkupWriter) {
        writer.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        writer.raw("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
        writer.raw("<meta name=\"color-scheme\" content=\"light dark\"><title>")
        writer.text("\(results.hasPassed ? "✔" : "✘") \(SafeText.line(title, limit: 200))".utf8)
        writer.raw("</title>")
        switch form {
        case .single:
            writer.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
            writer.raw("style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\"><style>")
            writer.plain(HTMLStyle.text)
            writer.raw("</style>")
        case .split: writer.raw("<link rel=\"stylesheet\" href=\"report.css\">")
        }
        writer.raw("</head><body>")
    }

    func close(to writer: inout MarkupWriter) {
        writer.raw("<footer>Made by dt-ci</footer></body></html>\n")
    }
}
