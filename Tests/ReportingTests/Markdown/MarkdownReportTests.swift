import CICore
import CIProviders
import Reporting
import Testing

struct MarkdownReportTests {
    private func test(_ name: String, _ outcome: Outcome = .passed, message: String? = nil) -> TestRecord {
        let identity = TestIdentity(suite: "unit", className: "tests/test_a.py", name: name)
        return TestRecord(
            id: TestID("unit::tests/test_a.py::\(name)"), identity: identity, container: "tests/test_a.py",
            attempts: [
                Attempt(
                    outcome: outcome, duration: .milliseconds(120),
                    reason: message.map {
                        Attempt.Reason(type: "AssertionError", message: $0, details: "trace of \($0)")
                    })
            ])
    }

    private func report(_ tests: [TestRecord], _ dialect: MarkdownDialect = .gitHub) -> MarkdownReport {
        MarkdownReport(
            RunResults(tests: tests, duration: .seconds(3)),
            facts: .init(title: "dt-ci", commit: "0123456789abcdef", url: "https://ci.example.com/1"), dialect: dialect)
    }

    private static let wide = TextBudget(scalars: 60_000, bytes: 200_000)

    @Test func `a green run is a heading, its counts and its slowest tests`() {
        let text = report([test("test_a"), test("test_b")]).document(within: Self.wide)
        #expect(text.hasPrefix("### ✅ dt-ci: 2 tests passed\n\n2 passed · 3.00 s · commit `0123456789` · [build]("))
        #expect(text.contains("| 0.12 s | `unit › tests/test_a.py › test_a` |"))
    }

    @Test func `a failure shows its message and trace in a fold`() {
        let text = report([test("test_a", .failed, message: "1 != 2"), test("test_b")]).document(within: Self.wide)
        #expect(text.contains("### ❌ dt-ci: 1 of 2 tests failed"))
        #expect(text.contains("<details><summary>❌ <code>unit › tests/test_a.py › test_a</code> (0.12 s)</summary>"))
        #expect(text.contains("```text\nAssertionError: 1 != 2\n\ntrace of 1 != 2\n```"))
    }

    private func owned(
        by owners: [String], _ naming: OwnerNaming, _ dialect: MarkdownDialect = .gitHub, tests: Int = 1
    ) -> String {
        var results = RunResults(
            tests: (0..<tests).map { test("test_\($0)", .failed, message: "no") }, duration: .seconds(3))
        for (index, test) in results.tests.enumerated() {
            results.background[test.id] = .init(owners: tests == 1 ? owners : [owners[index % owners.count]])
        }
        return MarkdownReport(
            results, facts: .init(title: "dt-ci"), settings: ReportSettings(owners: naming), dialect: dialect
        ).document(within: Self.wide)
    }

    @Test(arguments: [MarkdownDialect.gitHub, .gitLab, .azure, .bitbucket])
    func `owners stand in code, where no forge looks for mentions`(dialect: MarkdownDialect) {
        let text = owned(by: ["@acme/core", "dev@example.com", "`@x` <b>@y"], .name, dialect)
        #expect(text.contains("@acme/core"))
        let bare = Self.outsideOfCode(text)
        #expect(!bare.contains("@acme") && !bare.contains("@example") && !bare.contains("@x") && !bare.contains("@y"))
        #expect(!owned(by: ["@acme/core"], .off, dialect).contains("acme"))
    }

    @Test func `a mention is what the forge can know, ten at most, and nothing else`() {
        let text = owned(by: ["@acme/core", "dev@example.com", "@<img>", "@a b", "@", "@-x"], .mention)
        #expect(text.contains("owned by @acme/core, <code>dev@example.com</code>, <code>@&lt;img&gt;</code>"))
        #expect(text.contains(" and 1 more</summary>"))
        let many = owned(by: (0..<30).map { "@team\($0)" }, .mention, tests: 30)
        #expect(Self.outsideOfCode(many).ranges(of: "@team").count == 10)
        #expect(many.contains("<code>@team29</code>"))
    }

    @Test func `a file's name is no mention in the line of a fold`() {
        var failed = test("test_a", .failed, message: "no")
        failed.identity.location = .init(file: "src/@everyone/a#12.py", line: 3)
        #expect(!report([failed]).document(within: Self.wide).contains("@everyone"))
    }

    @Test(arguments: [MarkdownDialect.azure, .bitbucket])
    func `where nothing folds there is no HTML`(dialect: MarkdownDialect) {
        let text = report([test("test_a", .failed, message: "no"), test("test_b")], dialect).document(within: Self.wide)
        #expect(!text.contains("<details>"))
        #expect(!text.contains("<code>"))
        #expect(dialect.hasTables == text.contains("| ---: |"))
    }

    @Test(
        arguments: [
            "@everyone", "#123", "<img src=x onerror=alert(1)>", "a|b", "`` ``` ````", "[x](javascript:1)",
            "</code></summary></details>", "::error::x", "##vso[task.complete]", "<!-- dt-ci end -->",
            "\u{202E}evil\u{1B}[31m", "![x](http://evil/x.png)",
        ], [MarkdownDialect.gitHub, .gitLab, .azure, .bitbucket])
    func `a hostile name or message stays inside code`(text: String, dialect: MarkdownDialect) {
        let shown = report([test(text, .failed, message: text), test("b")], dialect).document(within: Self.wide)
        #expect(!Self.outsideOfCode(shown).contains("evil"))
        #expect(!Self.outsideOfCode(shown).contains("everyone"))
        #expect(!Self.outsideOfCode(shown).contains("onerror"))
        #expect(!shown.contains("\u{202E}"))
        #expect(!shown.contains("<!-- dt-ci"))
        let bare = Self.outsideOfCode(shown)
        #expect(bare.components("<details>") == bare.components("</details>"))
    }

    @Test(arguments: [300, 1000, 5000, 65_000]) func `every budget holds and the verdict always stays`(limit: Int) {
        let tests = (0..<300).map { index in
            test("test_\(index)_🧪", .failed, message: String(repeating: "مرحبا 🧪 ", count: 300))
        }
        let budget = TextBudget(scalars: limit, bytes: limit)
        let text = report(tests).document(within: budget)
        #expect(budget.holds(TextBudget(text)))
        #expect(text.contains("300 of 300 tests failed"))
        #expect(text.components("<details>") == text.components("</details>"))
        if limit >= 5000 { #expect(text.contains("more failed tests")) }
    }

    @Test(arguments: [2, 3, 40]) func `pages keep to the budget and say each failure once, in order`(count: Int) {
        let tests = (0..<100).map { test("test_\($0)_", .failed, message: String(repeating: "مرحبا 🧪 ", count: 40)) }
        let budget = TextBudget(scalars: 6_000, bytes: 6_000)
        let pages = report(tests).pages(count, within: budget)
        #expect(pages.count <= count && pages.allSatisfy { budget.holds(TextBudget($0)) })
        let text = pages.joined()
        let shown = tests.indices.filter { text.contains("test_\($0)_<") }
        #expect(shown == Array(0..<shown.count) && shown.allSatisfy { text.components("test_\($0)_<") == 1 })
        #expect(text.components("### ❌ dt-ci") == 1)
        let missing = 100 - shown.count
        #expect(text.contains("… and \(missing) more failed tests") == (missing > 0))
        #expect(text.contains("#### Slowest") || missing > 0)
        #expect((count == 40) == (missing == 0))
    }

    @Test func `a report that fits is one page`() {
        #expect(report([test("test_a"), test("test_b")]).pages(2, within: Self.wide).count == 1)
    }

    /// The text without code spans, fenced blocks and `<code>`.
    private static func outsideOfCode(_ text: String) -> String {
        var result = ""
        var fence: Substring?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let ticks = line.prefix { $0 == "`" }
            if let open = fence {
                if line == open { fence = nil }
                continue
            }
            if ticks.count >= 3, line.hasSuffix("text") {
                fence = ticks
                continue
            }
            result += withoutSpans(String(line)) + "\n"
        }
        return result
    }

    private static func withoutSpans(_ line: String) -> String {
        var rest = line[...]
        var result = ""
        while let start = rest.firstIndex(of: "`") {
            result += rest[..<start]
            let ticks = rest[start...].prefix { $0 == "`" }
            let body = rest[ticks.endIndex...]
            guard let end = body.firstRange(of: ticks) else { return result + rest[start...] }
            rest = rest[end.upperBound...]
        }
        result += rest
        while let open = result.firstRange(of: "<code>"), let close = result.firstRange(of: "</code>") {
            guard open.upperBound <= close.lowerBound else { break }
            result.removeSubrange(open.lowerBound..<close.upperBound)
        }
        return result
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(_ part: String) -> Int { ranges(of: part).count }
}
