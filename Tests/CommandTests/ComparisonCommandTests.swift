import Foundation
import Testing

/// What is new since an earlier run, through the built binary.
struct ComparisonCommandTests {
    private let directory: TemporaryDirectory
    private let binary: DTCIBinary

    init() throws {
        directory = try TemporaryDirectory()
        binary = DTCIBinary(in: directory.url)
        try directory.write("test ! -e $1.bad", to: "test.sh")
        try directory.write("a\nb\nc\n", to: "units.txt")
        try directory.write(
            """
            version: 1
            suites:
              - {name: shell, runner: command, command: [sh, test.sh, "{{tests}}"], list: cat units.txt, units-per-batch: 1}
            """, to: "dt-ci.yml")
    }

    @Test func `failures are new, then old, then fixed, and removed tests are named`() async throws {
        let first = try await binary.run("run")
        #expect(first.exitCode == 0)
        #expect(!first.standardOutput.contains("compared with"))
        try directory.write("", to: "a.bad")
        let second = try await binary.run("run")
        #expect(second.standardOutput.contains("New failures\n"))
        #expect(second.standardOutput.contains(": 1 new failure\n"))
        try directory.write("", to: "b.bad")
        try directory.write("a\nb\n", to: "units.txt")
        let third = try await binary.run("run")
        #expect(third.standardOutput.contains("Still failing\n"))
        #expect(third.standardOutput.contains("failing since 2"))
        #expect(third.standardOutput.contains(", 2 runs, last runs ✓✗✗\n"))
        #expect(third.standardOutput.contains("1 new failure, 1 still failing, 1 removed"))
        try FileManager.default.removeItem(at: directory.url.appending(path: "a.bad"))
        let fourth = try await binary.run("run")
        #expect(fourth.standardOutput.contains("Fixed\n  shell::a\n"))
    }

    @Test func `a run without history is compared with the state of an earlier one`() async throws {
        try directory.write("", to: "a.bad")
        _ = try await binary.run("run")
        try directory.write(directory.text(".dt-ci/state.json"), to: "before.json")
        try FileManager.default.removeItem(at: directory.url.appending(path: ".dt-ci"))
        let again = try await binary.run("run", "--baseline", "before.json")
        #expect(again.exitCode == 1)
        #expect(again.standardOutput.contains("from a file: 1 still failing"))
        let rendered = try await binary.run("report", ".dt-ci/results.json")
        #expect(rendered.standardOutput.contains("Still failing\n"))
    }

    @Test func `how a failing test went before is shown, and how it is run alone`() async throws {
        for round in 0..<4 {
            if round == 1 { try directory.write("", to: "a.bad") }
            if round == 2 { try FileManager.default.removeItem(at: directory.url.appending(path: "a.bad")) }
            if round == 3 { try directory.write("", to: "a.bad") }
            _ = try await binary.run("run", "--quiet")
        }
        let shown = try await binary.run("report", ".dt-ci").standardOutput
        #expect(shown.contains("last runs ✓✗✓✗\n"))
        #expect(shown.contains("How to reproduce\n  dt-ci run --only shell::a\n"))
        let page = try directory.text(".dt-ci/report.html")
        #expect(page.contains("last runs ✓✗✓✗") && page.contains("<h2>Nodes"))
    }

    @Test func `a failing test's owners are named in every report`() async throws {
        try directory.write("* @acme/core\n", to: ".github/CODEOWNERS")
        try directory.write("", to: "b.bad")
        let output = try await binary.run("run")
        #expect(output.standardOutput.contains("    owned by @acme/core\n"), "\(output)")
        #expect(try directory.text(".dt-ci/report.html").contains(", owned by @acme/core"))
        #expect(try directory.text(".dt-ci/results.json").contains(#""owners":["@acme/core"]"#))
        let markdown = try await binary.run("report", ".dt-ci", "--format", "markdown", "--dialect", "github")
        #expect(markdown.standardOutput.contains("owned by <code>@acme/core</code></summary>"), "\(markdown)")
        try directory.write(directory.text("dt-ci.yml") + "\nreport: {owners: off}\n", to: "dt-ci.yml")
        #expect(!(try await binary.run("run").standardOutput.contains("owned by")))
    }

    @Test func `a baseline that cannot be read changes nothing but the words`() async throws {
        try directory.write("{", to: "before.json")
        let output = try await binary.run("run", "--baseline", "before.json")
        #expect(output.exitCode == 0)
        #expect(try directory.text(".dt-ci/results.json").contains("before.json is not whole"))
        let quiet = try await binary.run("run", "--baseline", "none")
        #expect(quiet.exitCode == 0)
        #expect(try !directory.text(".dt-ci/results.json").contains("missingBaseline"))
    }
}
