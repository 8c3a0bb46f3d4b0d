import Foundation
import Testing

@Suite struct DocsCommandTests {
    @Test func `pages that were just written pass the check, a changed one does not`() async throws {
        let directory = try TemporaryDirectory()
        let binary = DTCIBinary(in: directory.url)
        #expect(try await binary.run("docs", "--output", "pages").exitCode == 0)
        #expect(try await binary.run("docs", "--output", "pages", "--check").exitCode == 0)
        try directory.write("changed\n", to: "pages/commands.md")
        let differing = try await binary.run("docs", "--output", "pages", "--check")
        #expect(differing.exitCode == 2)
        #expect(differing.standardError.contains("commands.md"))
        #expect(try directory.text("pages/commands.md") == "changed\n")
    }

    @Test func `the command reference names options, variables and exit codes`() async throws {
        let directory = try TemporaryDirectory()
        #expect(try await DTCIBinary(in: directory.url).run("docs", "--output", ".").exitCode == 0)
        let page = try directory.text("commands.md")
        #expect(page.contains("## dt-ci config show\n"))
        #expect(page.contains("| `--slots <slots>` | `DTCI_SLOTS` |"))
        #expect(page.contains("| 4 | infrastructure: tests lost or an engine failed |"))
        #expect(!page.contains("dt-ci docs --output"))
    }

    @Test func `the README's matrix is renewed between its markers, and nothing else`() async throws {
        let directory = try TemporaryDirectory()
        let binary = DTCIBinary(in: directory.url)
        let begin = "<!-- support matrix: written by `dt-ci docs` -->"
        let end = "<!-- end of the support matrix -->"
        try directory.write("# Mine\n\n\(begin)\nof yesterday\n\(end)\n\nThe end.\n", to: "README.md")
        let differing = try await binary.run("docs", "--output", "pages", "--check")
        #expect(differing.exitCode == 2 && differing.standardError.contains("README.md"))
        #expect(try await binary.run("docs", "--output", "pages").exitCode == 0)
        #expect(try await binary.run("docs", "--output", "pages", "--check").exitCode == 0)
        let page = try directory.text("README.md")
        #expect(page.hasPrefix("# Mine\n\n\(begin)\n| CI service |"))
        #expect(page.hasSuffix(" |\n\(end)\n\nThe end.\n"))
        #expect(page.contains("\n| Jenkins | `JENKINS_URL` |") && page.contains("\n| Bitbucket | commit status, "))
        #expect(!page.contains("of yesterday"))
    }

    @Test func `a README without the markers is said to lack them`() async throws {
        let directory = try TemporaryDirectory()
        try directory.write("# Mine\n", to: "README.md")
        let refused = try await DTCIBinary(in: directory.url).run("docs", "--output", "pages")
        #expect(refused.exitCode == 2 && refused.standardError.contains("README.md has no lines <!-- support matrix"))
        #expect(try directory.text("README.md") == "# Mine\n")
    }
}
