import Foundation
import Testing

@testable import dt_ci

/// `dt-ci history …` as a user runs it.
@Suite struct HistoryCommandTests {
    private static let junit = """
        <testsuite name="s"><testcase classname="c" file="t/a.py" name="x" time="1.5"/>
        <testcase classname="c" file="t/a.py" name="evil&#10;::error::y" time="0.5"/></testsuite>
        """

    @Test func `good files are imported, bad ones are named, and the exit code says so`() async throws {
        let home = try TemporaryDirectory()
        try home.write(Self.junit, to: "j.xml")
        try home.write("{\"t/b.py::y\": 2.5}", to: ".test_durations")
        try home.write("{\"t/b.py::y\": 1, \"z\"", to: "cut.json")
        try home.write("nothing", to: "text")
        let dtci = DTCIBinary(in: home.url)
        let output = try await dtci.run(
            "history", "import", "--suite", "unit", "j.xml", ".test_durations", "cut.json", "text", "gone")
        #expect(output.exitCode == 2)
        #expect(output.lines.count == 3)
        #expect(output.standardError.contains("error: cut.json: line 1, column 21: the JSON ends in the middle"))
        #expect(output.standardError.contains("error: text: it is no test report of a known format"))
        #expect(output.standardError.contains("error: gone: cannot be read"))
        #expect(home.exists(".dt-ci/history.db"))
        #expect(try home.text(".dt-ci/.gitignore") == "*\n")
        let durations = try await dtci.run("history", "durations")
        #expect(durations.exitCode == 0)
        #expect(
            durations.lines.map { $0.split(separator: " ").joined(separator: " ") }.dropFirst() == [
                "2.50 s 22.5 s 1 1 imported unit t/b.py", "2.00 s 18.0 s 2 1 imported unit t/a.py",
            ])
    }

    @Test func `importing the same again changes nothing`() async throws {
        let home = try TemporaryDirectory()
        try home.write("{\"t/b.py::y\": 2.5}", to: "d.json")
        let dtci = DTCIBinary(in: home.url)
        for _ in 0..<2 { #expect(try await dtci.run("history", "import", "d.json").exitCode == 0) }
        let shown = try await dtci.run("history", "show", "b.py", "--json")
        let answer = try #require(
            JSONSerialization.jsonObject(with: Data(shown.standardOutput.utf8)) as? [String: Any])
        #expect(answer["schema"] as? String == "dt-ci/history-test/v1")
        #expect(answer["id"] as? String == "pytest::t/b.py::y")
        #expect((answer["results"] as? [Any])?.count == 1)
    }

    @Test(arguments: [["durations"], ["slow"], ["flaky"], ["show", "x"], ["prune"], ["export"], ["owners"]])
    func `where nothing is, the reader is told how to get some`(arguments: [String]) async throws {
        let home = try TemporaryDirectory()
        let output = try await DTCIBinary(in: home.url).run(["history"] + arguments)
        #expect(output.exitCode == 2)
        #expect(output.standardError.contains("there is no history at"))
        #expect(!home.exists(".dt-ci"))
    }

    @Test func `names of tests reach the terminal defused`() async throws {
        let home = try TemporaryDirectory()
        try home.write(Self.junit, to: "j.xml")
        let dtci = DTCIBinary(in: home.url)
        #expect(try await dtci.run("history", "import", "--suite", "unit", "j.xml").exitCode == 0)
        for arguments in [["slow"], ["show", "evil"]] {
            let output = try await dtci.run(["history"] + arguments)
            #expect(output.exitCode == 0)
            #expect(output.standardOutput.contains("evil"))
            #expect(!output.lines.contains { $0.hasPrefix("::") })
        }
    }

    @Test func `the store is what the option says, then the variable, then the file`() async throws {
        let home = try TemporaryDirectory()
        try home.write("{\"t::y\": 1}", to: "d.json")
        try home.write("version: 1\nhistory: sqlite:file.db\n", to: "project/dt-ci.yml")
        let project = home.url.appending(path: "project")
        let variable = DTCIBinary(in: project, environment: ["DTCI_HISTORY": "sqlite:variable.db"])
        #expect(
            try await variable.run("history", "import", "../d.json", "--history", "sqlite:option.db").exitCode == 0)
        #expect(try await variable.run("history", "import", "../d.json").exitCode == 0)
        #expect(try await DTCIBinary(in: project).run("history", "import", "../d.json").exitCode == 0)
        for path in ["option.db", "variable.db", "file.db"] {
            #expect(home.exists("project/\(path)"), "\(path)")
        }
        let refused = try await variable.run("history", "slow", "--history", "postgres://me:secret@db/x")
        #expect(refused.exitCode == 2)
        #expect(refused.standardError.contains("PostgreSQL") && !refused.standardError.contains("secret"))
    }

    @Test func `the export is whole, in both forms`() async throws {
        let home = try TemporaryDirectory()
        try home.write("{\"=t::\\\"a\\\",b\": 1.25, \"t::c\": 0.5}", to: "d.json")
        let dtci = DTCIBinary(in: home.url)
        #expect(try await dtci.run("history", "import", "--suite", "=u", "d.json").exitCode == 0)
        let lines = try await dtci.run("history", "export").lines
        #expect(lines.count == 3)
        #expect(lines.first == "{\"schema\":\"dt-ci/history-export/v1\"}")
        for line in lines { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        let table = try await dtci.run("history", "export", "--format", "csv", "--limit", "1").standardOutput
        #expect(table.contains("\r\n\"'=u::=t::\"\"a\"\",b\",passed,false,1,1.250000,imported,import-"))
    }

    @Test func `a damaged history is an error that says what to do`() async throws {
        let home = try TemporaryDirectory()
        try home.write(String(repeating: "garbage ", count: 1000), to: ".dt-ci/history.db")
        let output = try await DTCIBinary(in: home.url).run("history", "slow")
        #expect(output.exitCode == 4)
        #expect(output.standardError.contains("move it away"))
    }
}
