import CICore
import Reporting
import Testing

struct TemplateReportTests {
    private func render(_ template: String, name: String = "house.txt", _ settings: ReportSettings = .init()) throws
        -> String
    {
        try TemplateReport(template, name: name)
            .text(of: GoldenResults.rich.value, facts: ReportFacts(title: "T"), settings: settings)
    }

    @Test(arguments: [
        ("one\n{{#failures}}\nname\n", "house.txt:4: a section is not closed by the end of the template"),
        ("{{#a}}{{/b}}", "house.txt:1: this ends another section than the one that is open"),
        ("x\n\n{{ two words }}", "house.txt:3: a tag is not closed or holds what no name may hold"),
        ("{{% CONTENT_TYPE: PERL}}", "house.txt:1: expected {{% CONTENT_TYPE: HTML, MARKDOWN, JSON, TEXT}}"),
        (String(repeating: "{{#a}}", count: 60), "house.txt:1: sections are nested deeper than 50"),
    ])
    func `a broken template is one line with its place`(template: String, words: String) {
        let failure = #expect(throws: TemplateReport.Failure.self) { try TemplateReport(template, name: "house.txt") }
        #expect(failure?.description.hasPrefix(words) == true, "\(failure?.description ?? "")")
        #expect(failure?.description.contains("\n") == false)
    }

    @Test func `a template that is too large is none`() {
        let text = String(repeating: "x", count: TemplateReport.templateLimit + 1)
        #expect(throws: TemplateReport.Failure.self) { try TemplateReport(text, name: "big.txt") }
    }

    @Test func `what would not end is not written`() {
        let nested =
            String(repeating: "{{#failures}}", count: 9) + String(repeating: "long ", count: 30)
            + String(repeating: "{{/failures}}", count: 9)
        #expect(throws: TemplateReport.Failure.self) { try render(nested) }
    }

    @Test func `the words of a test stay text in every kind`() throws {
        let template = "{{#failures}}{{message}}{{/failures}}"
        #expect(!(try render(template, name: "a.html").contains("<b>")))
        #expect(!(try render(template, name: "a.md.mustache").contains("<b>")))
        #expect(!(try render(template, name: "a.md").contains("@team")))
        let json = try render("[{{#failures}}\"{{details}}\",{{/failures}}0]", name: "a.json")
        #expect(JSONValue(json)?.array.count == 6)
        let plain = try render("{{#failures}}{{{details}}}{{/failures}}")
        #expect(!plain.contains("\u{1B}") && !plain.contains("##vso["))
    }

    @Test func `an own content type wins over the ending`() throws {
        #expect(try render("{{% CONTENT_TYPE: TEXT}}{{#warnings}}{{.}}{{/warnings}}", name: "a.html").contains("<b>"))
    }

    @Test func `lists are as long as was asked`() throws {
        let all = try render("{{#failures}}x{{/failures}}")
        #expect(all == "xxxxx")
        #expect(try render("{{#failures}}x{{/failures}}", ReportSettings(maxFailures: 2)) == "xx")
    }

    @Test func `names that are not there are nothing`() throws {
        #expect(try render("[{{nothing}}{{#nothing}}x{{/nothing}}{{^nothing}}y{{/nothing}}{{> partial}}]") == "[y]")
    }
}
