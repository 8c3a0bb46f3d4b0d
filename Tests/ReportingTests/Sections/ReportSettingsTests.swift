import CICore
import CIProviders
import Reporting
import Testing

/// What is chosen of a report, in every rendering.
struct ReportSettingsTests {
    private static let titles: [ReportSection: String] = [
        .newFailures: "New failures", .stillFailing: "Still failing", .reproduce: "How to reproduce", .fixed: "Fixed",
        .flaky: "Flaky", .newlySkipped: "Newly skipped", .removed: "Removed", .slower: "Slower than before",
        .slowest: "Slowest", .nodes: "Nodes", .artifacts: "Artifacts", .warnings: "Warnings", .files: "Reports",
    ]
    private static let results = GoldenResults.rich.value
    private static let facts = ReportFacts(title: "T")

    private func renderings(_ settings: ReportSettings) -> [String] {
        var page = ""
        HTMLReport(Self.results, facts: Self.facts, settings: settings, form: .single).files {
            page += String(decoding: $1, as: UTF8.self)
        }
        let budget = TextBudget(scalars: 60_000, bytes: 60_000)
        return [page, ConsoleReport(Self.results, settings: settings, isColored: false).text]
            + [MarkdownDialect.gitHub, .bitbucket].map {
                MarkdownReport(Self.results, facts: Self.facts, settings: settings, dialect: $0).document(
                    within: budget)
            }
    }

    @Test(arguments: titles.keys.sorted { $0.rawValue < $1.rawValue })
    func `a section comes alone where it is asked for alone`(section: ReportSection) throws {
        let title = try #require(Self.titles[section])
        for text in renderings(ReportSettings(sections: [section])) {
            // Headings: of Markdown, of a page, or a line of the console.
            func holds(_ title: String) -> Bool {
                text.contains("#### \(title)\n") || text.contains("<h2>\(title)") || text.hasPrefix("\(title)\n")
            }
            #expect(holds(title), "\(text.prefix(500))")
            for (other, heading) in Self.titles where other != section { #expect(!holds(heading), "\(heading)") }
            #expect(!text.contains("discovered 13"))
        }
    }

    @Test func `the verdict and the proof can be left out, the heading cannot`() {
        for text in renderings(ReportSettings(sections: [.verdict])) { #expect(text.contains("5 passed, 4 failed")) }
        for text in renderings(ReportSettings(sections: [.completeness])) {
            #expect(text.contains("discovered 13") && text.contains("test_lost"))
            #expect(!text.contains("compared with main"))
        }
    }

    @Test func `so many failures as were asked for, new ones first`() {
        for text in renderings(ReportSettings(sections: [.newFailures, .stillFailing], maxFailures: 2)) {
            #expect(text.contains("test_new") && !text.contains("known to be broken"))
            #expect(text.contains("1 more"))
        }
    }

    @Test func `no section takes all the room from the others`() {
        var results = Self.results
        let failed = results.tests[1]
        for number in 0..<400 {
            var test = failed
            test.id = TestID("unit::more\(number)")
            results.comparison?.newFailures.insert(test.id)
            results.tests.append(test)
        }
        let budget = TextBudget(scalars: 12_000, bytes: 12_000)
        let text = MarkdownReport(results, facts: Self.facts, dialect: .gitHub).document(within: budget)
        #expect(budget.holds(TextBudget(text)))
        #expect(text.utf8.count > 10_000, "what is left goes to the first section")
        for title in ["New failures", "Still failing", "How to reproduce", "Flaky", "Nodes", "Artifacts"] {
            #expect(text.contains("#### \(title)\n"), "\(title)")
        }
        #expect(text.contains("more new failures"))
    }
}
