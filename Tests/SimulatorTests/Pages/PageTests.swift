import CICore
import Testing

@testable import Simulator

struct PageTests {
    @Test(arguments: [
        ("# A **b**", "<h1>A <strong>b</strong></h1>\n"),
        ("a\nb", "<p>a<br>\nb</p>\n"),
        ("- a\n  - b\n- c", "<ul><li>a<ul><li>b</li></ul></li>\n<li>c</li></ul>\n"),
        ("1. a\n2. b", "<ol><li>a</li>\n<li>b</li></ol>\n"),
        ("```\n<b>&\n```", "<pre><code>&lt;b&gt;&amp;</code></pre>\n"),
        ("> q", "<blockquote><p>q</p>\n</blockquote>\n"),
        ("`a<b` *c* ~~d~~ _e_ f_g_h", "<p><code>a&lt;b</code> <em>c</em> <del>d</del> <em>e</em> f_g_h</p>\n"),
        ("[t](https://x/y?a=1&b=2)", "<p><a href=\"https://x/y?a=1&amp;b=2\">t</a></p>\n"),
        ("a<!-- hidden\nmore -->b", "<p>ab</p>\n"),
        ("<details><summary>S</summary>\n\nx\n\n</details>", "<details><summary>S</summary>\n<p>x</p>\n</details>\n"),
        ("\\*a\\* &lt; &bogus;", "<p>*a* &lt; &amp;bogus;</p>\n"),
    ]) func `Markdown becomes HTML`(markdown: String, html: String) { #expect(MarkdownText.html(markdown) == html) }

    @Test func `a table has its cells, a bar within one included`() {
        let html = MarkdownText.html("| a | b |\n|---|--:|\n| x \\| y | 2 |\n| 1 |\n")
        #expect(html.contains("<th>a</th><th class=\"number\">b</th>"))
        #expect(html.contains("<td>x | y</td><td class=\"number\">2</td>"))
        #expect(html.contains("<td>1</td><td class=\"number\"></td>"))
    }

    private static let attacks = [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))",
        "![x](https://evil/x.png)", "<details open onclick=alert(1)>", "<a href=\"javascript:x\">y</a>",
        "`</code><script>`", "</details></main><script>", "<b onmouseover=x>", "[a](https://x\"onclick=y)",
        "<summary><script>x</script></summary>", "| <script> |\n|---|\n| <iframe> |", "\u{202E}abc", "<https://a\"b>",
        "***a**b*", "[[[[[[", "``````", "&#x3C;script>", "- <script>", "> <script>",
    ]

    @Test(arguments: attacks) func `nothing in a text becomes markup of its own`(attack: String) {
        let html = MarkdownText.html(attack) + HTMLText.escape(attack)
        for word in [
            "<script", "<img", "<iframe", " onerror=alert(1)>", "<b on", "href=\"javascript", "\u{202E}", "</main>",
        ] {
            #expect(!html.contains(word), "\(html)")
        }
        #expect(!html.replacing("<details open>", with: "").contains("<details open "))
        #expect(html.ranges(of: "<details").count == html.ranges(of: "</details>").count)
    }

    private func report(_ attack: String) -> SimulationReport {
        let status = ShownStatus(
            name: attack, state: attack, tone: .bad, summary: attack, url: "javascript:\(attack)", place: attack)
        let annotation = ShownAnnotation(path: attack, line: 1, tone: .bad, title: attack, message: attack)
        let exhibit = Exhibit(
            comments: [ShownComment(place: attack, author: attack, markdown: attack, marks: [attack])],
            statuses: [status],
            reports: [
                ShownReport(
                    kind: attack, status: status, title: attack, markdown: attack, annotations: [annotation],
                    figures: NamedValues([.init(attack, attack)]))
            ],
            testRuns: [
                ShownTestRun(
                    name: attack, state: attack,
                    tests: [ShownTest(name: attack, result: attack, tone: .bad, message: attack)])
            ],
            files: [ShownFile(shelf: attack, path: attack, size: 1)], notes: [ShownNote(kind: attack, text: attack)])
        var log = LogReading(.gitHubActions)
        _ = log.add(Array("::group::\(attack)\n::error::\(attack)\n\(attack)\n".utf8))
        return SimulationReport(
            scenario: Scenario(service: "github-actions", forge: "github", event: .fork), title: attack,
            context: BuildContext(service: "x"), exhibit: exhibit, log: log, summaries: [attack], exchanges: [])
    }

    @Test(arguments: attacks) func `nothing of a job escapes its place on the page`(attack: String) {
        let page = HTMLPage.html(report(attack))
        for word in ["<script", "<img", "<iframe", "<b on", "href=\"javascript", "\u{202E}"] {
            #expect(!page.contains(word))
        }
        #expect(page.ranges(of: "<div").count == page.ranges(of: "</div>").count)
        #expect(page.ranges(of: "<details").count == page.ranges(of: "</details>").count)
        #expect(page.ranges(of: "</main>").count == 1)
    }

    @Test func `the terminal gets no escapes and every part is there`() {
        let text = ConsolePage.text(report("a\u{1B}[31mb\u{7}"))
        #expect(!text.unicodeScalars.contains("\u{1B}") && !text.unicodeScalars.contains("\u{7}"))
        for word in ["status", "comment on", "test run", "file", "job summary", "log annotation", "from the fork"] {
            #expect(text.contains(word), "\(word)")
        }
    }
}
