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
}
