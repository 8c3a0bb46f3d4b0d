import Foundation
import Testing

@Suite struct ReportCommandTests {
    private let home: TemporaryDirectory

    init() throws {
        home = try TemporaryDirectory()
        try home.write("<testsuite name='s'><testcase name='ok'/></testsuite>", to: "out/a/good.xml")
        try home.write(
            "<testsuite name='s'><testcase name='bad'><failure message='why'/></testcase></testsuite>",
            to: "out/b/bad.xml")
        try home.write("<project/>", to: "out/pom.xml")
        try home.write("notes", to: "out/notes.txt")
    }

    private func report(_ arguments: String...) async throws -> DTCIBinary.Output {
        try await DTCIBinary(in: home.url).run(["report"] + arguments)
    }

    @Test func `a directory is searched, what is no report is a warning, and the exit code is 0`() async throws {
        let output = try await report("out")
        #expect(output.exitCode == 0)
        #expect(output.standardError == "warning: out/pom.xml: not JUnit XML: its root element is <project>\n")
        #expect(output.lines.last?.hasPrefix("✘ 2 tests: 1 passed, 1 failed") == true)
        #expect(!output.standardOutput.contains("\u{1B}"))
    }

    @Test(arguments: ["out/**/*d.xml", "out/{a,b}/*.xml", "./out/?/*.xml"])
    func `a quoted glob finds the same files`(pattern: String) async throws {
        let output = try await report(pattern, "--summary")
        #expect(output.exitCode == 0)
        #expect(output.lines.last?.hasPrefix("✘ 2 tests: 1 passed, 1 failed") == true)
        #expect(output.standardError.isEmpty)
    }

    @Test func `what is missing is named and makes the exit code 2, after the rest is shown`() async throws {
        let mixed = try await report("out/a/good.xml", "gone.xml", "nothing-*.xml")
        #expect(mixed.exitCode == 2)
        #expect(mixed.lines.last?.hasPrefix("✔ 1 test: 1 passed") == true)
        #expect(mixed.standardError == "warning: gone.xml does not exist\nwarning: nothing-*.xml matches no files\n")
        let none = try await report("gone.xml")
        #expect(none.exitCode == 2)
        #expect(none.standardError.hasSuffix("error: no report could be read\n"))
        #expect(try await report("out/pom.xml").exitCode == 2)
    }

    @Test func `failures decide the exit code only when that is asked for`() async throws {
        #expect(try await report("out/b").exitCode == 0)
        #expect(try await report("out/b", "--fail-on-failures").exitCode == 1)
        #expect(try await report("out/b", "--fail-on-failures", "--summary").exitCode == 1)
        #expect(try await report("out/a", "--fail-on-failures").exitCode == 0)
    }

    @Test func `JSON and JUnit files are written whole and read back`() async throws {
        for format in ["json", "junit"] {
            let name = format == "json" ? "results.json" : "junit.xml"
            #expect(try await report("out/a", "out/b", "--format", format, "--output", name).exitCode == 0)
            let again = try await report(name, "--format", "json")
            #expect(again.exitCode == 0)
            #expect(again.standardOutput.contains("\"schema\":\"dt-ci/results/v1\""))
            #expect(again.standardOutput.contains("\"message\":\"why\""))
        }
        #expect(try await report("out/a", "--format", "json", "--output", "none/x.json").exitCode == 4)
        #expect(try await report("out/a", "--format", "junit", "--summary").exitCode == 2)
    }

    @Test func `a format that is asked for is not guessed`() async throws {
        try home.write("ok 1 - fine\n", to: "x.log")
        #expect(try await report("x.log", "--input-format", "tap").lines.last?.hasPrefix("✔ 1 test") == true)
        #expect(try await report("out/a/good.xml", "--input-format", "trx").exitCode == 2)
        #expect(try await report("x.log", "--input-format", "tapp").exitCode == 2)
    }

    @Test func `a directory of a run's results counts once, whatever else lies in it`() async throws {
        try home.write("", to: "node/.keep")
        _ = try await report("out/a", "out/b", "--format", "json", "--output", "node/results.json")
        _ = try await report("out/a", "out/b", "--format", "junit", "--output", "node/junit.xml")
        try home.write(home.text("node/junit.xml"), to: "node/runs/1/report.xml")
        let output = try await report("node")
        #expect(output.standardError.isEmpty)
        #expect(output.lines.last?.hasPrefix("✘ 2 tests: 1 passed, 1 failed") == true)
        try home.write("{}", to: "node/results.json")
        #expect(try await report("node").lines.last?.hasPrefix("✘ 4 tests") == true)
    }

    @Test func `Markdown is a comment of the forge that is named`() async throws {
        let plain = try await report("out", "--format", "markdown", "--title", "unit")
        #expect(plain.exitCode == 0)
        #expect(plain.standardOutput.hasPrefix("### ❌ unit: 1 of 2 tests failed\n"))
        #expect(plain.standardOutput.contains("<details>"))
        let lists = try await report("out", "--format", "markdown", "--dialect", "bitbucket")
        #expect(!lists.standardOutput.contains("<details>") && !lists.standardOutput.contains("| ---"))
    }

    @Test func `sections are chosen by name, and a slip is put right`() async throws {
        let chosen = try await report("out", "--sections", "verdict, new-failures", "--max-failures", "1")
        #expect(chosen.standardOutput.hasPrefix("Failures\n") && !chosen.standardOutput.contains("Slowest"))
        let slip = try await report("out", "--sections", "newfailures")
        #expect(slip.exitCode == 2)
        #expect(slip.standardError.contains("no section is called newfailures: did you mean new-failures?"))
        #expect(try await report("out", "--sections", "verdict", "--format", "json").exitCode == 2)
        #expect(try await report("out", "--max-failures=-1").exitCode == 2)
    }

    @Test func `a template is rendered, and a broken one is one line with its place`() async throws {
        try home.write("{{title}}: {{verdict}}\n{{#failures}}- {{name}}: {{message}}\n{{/failures}}", to: "house.md")
        let house = try await report("out", "--template", "house.md", "--title", "T")
        #expect(house.standardOutput == "T: 1 of 2 tests failed\n- bad: why\n")
        try home.write("\n{{#failures}}", to: "broken.md")
        let broken = try await report("out", "--template", "broken.md", "--output", "none.md")
        #expect(broken.exitCode == 2)
        #expect(broken.standardError.contains("error: broken.md:2: a section is not closed"))
        #expect(!FileManager.default.fileExists(atPath: home.url.appending(path: "none.md").path))
        #expect(try await report("out", "--template", "gone.md").exitCode == 2)
        #expect(try await report("out", "--template", "house.md", "--format", "json").exitCode == 2)
    }
}
