import CICore

/// All tests of the split report: pages of plain tables, readable without any script.
struct HTMLTestPages {
    let report: HTMLReport

    static let pageSize = 1000

    /// How many pages so many tests need.
    static func count(of tests: Int) -> Int { (tests + pageSize - 1) / pageSize }

    static func name(of page: Int) -> String { "tests-\(page + 1).html" }

    /// Links to the pages, each with its first test.
    func writeList(to writer: inout MarkupWriter) {
        let tests = report.results.tests
        writer.raw("<section id=\"tests\"><h2>All tests</h2><ol>")
        for page in 0..<Self.count(of: tests.count) {
            writer.raw("<li><a href=\"")
            writer.plain(Self.name(of: page))
            writer.raw("\">from ")
            writer.text(TestTitle.text(of: tests[page * Self.pageSize]).utf8)
            writer.raw("</a></li>")
        }
        writer.raw("</ol></section>")
    }

    /// One page as a document.
    func write(page: Int, to writer: inout MarkupWriter) {
        let tests = report.results.tests
        let last = Self.count(of: tests.count) - 1
        report.open(title: "\(report.facts.title), tests \(page + 1) of \(last + 1)", to: &writer)
        writer.raw("<main><h1>All tests</h1>")
        writeLinks(page: page, last: last, to: &writer)
        writer.raw("<table><thead><tr><th scope=\"col\">Outcome</th><th scope=\"col\" class=\"n\">Time</th>")
        writer.raw("<th scope=\"col\">Test</th></tr></thead><tbody>")
        for test in tests[(page * Self.pageSize)..<min(tests.count, (page + 1) * Self.pageSize)] {
            writer.raw("<tr><td><span class=\"o ")
            writer.plain(test.isFlaky ? "k" : test.outcome.letter)
            writer.raw("\">")
            writer.text((test.isFlaky ? "flaky" : test.outcome.rawValue).utf8)
            writer.raw("</span></td><td class=\"n\">")
            writer.text(DurationText.short(test.duration).utf8)
            writer.raw("</td><td>")
            writer.text(TestTitle.text(of: test).utf8)
            writer.raw("</td></tr>")
        }
        writer.raw("</tbody></table>")
        writeLinks(page: page, last: last, to: &writer)
        writer.raw("</main>")
        report.close(to: &writer)
    }

    private func writeLinks(page: Int, last: Int, to writer: inout MarkupWriter) {
        writer.raw("<nav class=\"pages\"><a href=\"index.html\">Report</a>")
        for (title, target) in [("Previous", page - 1), ("Next", page + 1)] where (0...last).contains(target) {
            writer.raw(" <a href=\"")
            writer.plain(Self.name(of: target))
            writer.raw("\">")
            writer.text(title.utf8)
            writer.raw("</a>")
        }
        writer.raw("</nav>")
    }
}
