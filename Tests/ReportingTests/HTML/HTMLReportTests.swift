import CICore
import FoundationEssentials
import Testing

@testable import Reporting

@Suite struct HTMLReportTests {
    private static let hostile =
        "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"' & \u{0}\u{1B}[31mred"

    private func results(_ count: Int, words: String = "boom") -> RunResults {
        RunResults(
            tests: (0..<count).map { index in
                let failed = index % 10 == 3
                return TestRecord(
                    id: TestID("unit::t\(index)"),
                    identity: TestIdentity(
                        suite: SuiteName("unit \(words)"), className: words, name: "t\(index) \(words)",
                        location: SourceLocation(file: "a/\(words).py", line: index)), container: "a.py",
                    attempts: [
                        Attempt(
                            outcome: failed ? .failed : .passed, duration: .milliseconds(index),
                            reason: failed ? .init(type: words, message: words, details: words) : nil,
                            output: failed ? words : nil)
                    ],
                    attachments: failed ? ["../\(words)", "/etc/passwd", "javascript:x", "shots/a.png"] : [])
            }, duration: .seconds(3))
    }

    private func pages(_ results: RunResults, _ form: HTMLReport.Form) -> [String: String] {
        var pages: [String: String] = [:]
        HTMLReport(results, facts: .init(title: Self.hostile, commit: "<b>", url: "javascript:alert(1)"), form: form)
            .files { pages[$0] = String(decoding: $1, as: UTF8.self) }
        return pages
    }

    @Test func `the single report is one file that fetches nothing`() throws {
        let pages = pages(results(30), .single)
        #expect(Array(pages.keys) == ["index.html"])
        let page = try #require(pages["index.html"])
        #expect(page.contains("default-src 'none'"))
        #expect(!page.contains("<link") && !page.contains("<img") && !page.contains("<script src"))
        #expect(page.contains("3 of 30 tests failed"))
    }

    @Test(arguments: HTMLReport.Form.allCases) func `a test's words stay text`(form: HTMLReport.Form) {
        for page in pages(results(30, words: Self.hostile), form).values {
            #expect(!page.contains("<img"))
            #expect(!page.contains("<script>alert"))
            #expect(!page.contains("\u{0}") && !page.contains("\u{1B}"))
            #expect(
                !page.contains("href=\"javascript") && !page.contains("href=\"./../") && !page.contains("href=\"/etc"))
        }
    }

    @Test func `the split report has no script and no inline style, and every test`() throws {
        let pages = pages(results(2500), .split)
        #expect(pages.keys.sorted() == ["index.html", "report.css", "tests-1.html", "tests-2.html", "tests-3.html"])
        for (name, page) in pages where name != "report.css" {
            #expect(!page.contains("<script") && !page.contains("<style") && !page.contains(" style="))
        }
        #expect(try #require(pages["tests-3.html"]).contains("t2499"))
        #expect(try #require(pages["index.html"]).contains("shots/a.png"))
    }

    @Test func `nothing at all is a page as well`() throws {
        let page = try #require(pages(RunResults(tests: []), .single)["index.html"])
        #expect(page.contains("no test ran"))
    }

    @Test func `new failures come before old ones`() throws {
        var results = results(30)
        var comparison = Comparison(
            point: .init(choice: .branch, commit: nil, branch: "main", at: .init(timeIntervalSince1970: 0)))
        comparison.newFailures = ["unit::t23"]
        comparison.stillFailing = ["unit::t3": .init(commit: "abc", at: .init(timeIntervalSince1970: 0), runs: 4)]
        comparison.fixed = ["unit::t5"]
        results.comparison = comparison
        let page = try #require(pages(results, .single)["index.html"])
        let new = try #require(page.firstRange(of: "New failures"))
        let old = try #require(page.firstRange(of: "Still failing"))
        #expect(new.lowerBound < old.lowerBound)
        #expect(page.contains("failing since abc of 1970-01-01, 4 runs"))
    }
}

@Suite struct AnsiTextTests {
    @Test(arguments: [
        ("plain <b>", "plain &lt;b&gt;"), ("\u{1B}[31mred\u{1B}[0m end", "<span class=\"a1\">red</span> end"),
        ("#x1B[1;92mok#x1B[m.", "<span class=\"a10 ab\">ok</span>."), ("\u{1B}[38;5;196mx\u{1B}[0m", "x"),
        ("\u{1B}[31mopen", "<span class=\"a1\">open</span>"), ("a\u{1B}[2Kb\u{1B}", "ab"),
        ("\u{1B}[31", ""), ("\u{1B}[99999999999999999999mx", "x"),
        ("\u{1B}[31m\u{1B}[32m\u{1B}[39mx", "<span class=\"a1\"></span><span class=\"a2\"></span>x"),
    ])
    func `colours become classes and nothing else of a terminal is left`(text: String, html: String) {
        var writer = MarkupWriter()
        var ansi = AnsiText(text)
        ansi.write(to: &writer)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == html)
    }
}
