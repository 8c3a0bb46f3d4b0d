import Artifacts
import CICore
import CIProviders
import Reporting
import Testing

/// Every rendering of the same results, whole. `DTCI_UPDATE_GOLDEN=1 swift test --filter GoldenFileTests` writes the files
/// anew.
@Suite struct GoldenFileTests {
    private static let facts = ReportFacts(
        title: "dt-ci / linux", commit: "89abcdef0123456789", url: "https://ci.example.com/runs/7?a=1&b=2")

    @Test(arguments: GoldenResults.allCases, [false, true])
    func `the console`(results: GoldenResults, isColored: Bool) throws {
        try GoldenFile(name: "\(results)/console\(isColored ? "-colour" : "").txt")
            .expect(ConsoleReport(results.value, isColored: isColored).text)
    }

    @Test(arguments: GoldenResults.allCases, [MarkdownDialect.gitHub, .gitLab, .azure, .bitbucket])
    func `Markdown`(results: GoldenResults, dialect: MarkdownDialect) throws {
        try GoldenFile(name: "\(results)/\(dialect.id).md").expect(
            MarkdownReport(results.value, facts: Self.facts, dialect: dialect)
                .document(within: TextBudget(scalars: 30_000, bytes: 30_000)))
    }

    @Test(arguments: GoldenResults.allCases, HTMLReport.Form.allCases)
    func `pages`(results: GoldenResults, form: HTMLReport.Form) throws {
        try HTMLReport(results.value, facts: Self.facts, form: form).files { name, bytes in
            try GoldenFile(name: "\(results)/\(form)/\(name)").expect(String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test(arguments: GoldenResults.allCases) func `results.json, which reads back as it was`(results: GoldenResults)
        throws
    {
        var bytes: [UInt8] = []
        ResultsV1.write(results.value) { bytes += $0 }
        try GoldenFile(name: "\(results)/results.json").expect(
            String(decoding: bytes, as: UTF8.self).replacing(",\"", with: ",\n\""))
        let read = try bytes.withUnsafeBufferPointer { try ResultsV1.read($0) }
        #expect(read == results.value)
    }

    @Test(arguments: GoldenResults.allCases) func `JUnit XML`(results: GoldenResults) throws {
        var bytes: [UInt8] = []
        JUnitWriter(results.value).write { bytes += $0 }
        try GoldenFile(name: "\(results)/junit.xml").expect(String(decoding: bytes, as: UTF8.self))
    }

    @Test(arguments: ["house.html", "house.md", "house.json", "house.txt"])
    func `a template of each kind`(name: String) throws {
        let template = """
            {{title}}: {{verdict}}
            {{#comparison}}{{counts}}
            {{/comparison}}
            {{#failures}}
            {{title}} | {{message}} | {{standing}} | {{again}}
            {{details}}
            {{/failures}}
            {{#flaky}}{{name}} {{history}}{{/flaky}}
            {{^artifacts}}nothing left behind{{/artifacts}}
            """
        let text = try TemplateReport(template, name: name).text(of: GoldenResults.rich.value, facts: Self.facts)
        try GoldenFile(name: "rich/template-\(name)").expect(text)
    }
}
