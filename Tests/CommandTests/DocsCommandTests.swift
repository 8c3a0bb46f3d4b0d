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
}
