import Foundation
import Testing

/// `dt-ci history export` into the formats of other tools, each read by that tool.
@Suite struct HistoryExportTests {
    private static let tools = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: ".build/history-tools/bin")
    private static var hasDuckDB: Bool {
        FileManager.default.isExecutableFile(atPath: tools.appending(path: "duckdb").path)
    }
    private static let names = [
        "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "=\u{301}x", "a,\"b\"", "two\nlines", "✓ é 漢",
        "'); DROP TABLE runs; --", "",
    ]

    private let home: TemporaryDirectory

    /// Two runs of one commit, in which a test is flaky, one fails, and names are hostile.
    init() async throws {
        home = try TemporaryDirectory()
        let hostile = Self.names.enumerated().map { index, name in
            "<testcase classname='h' file='t/h\(index).py' name=\"\(Self.escaped(name))\" time='0.5'/>"
        }
        let flaky =
            "<testcase classname='c' file='t/a.py' name='flaky' time='2'><flakyFailure message='m' time='1'/></testcase>"
        let broken = "<testcase classname='c' file='t/b.py' name='broken' time='3'><failure message='m'/></testcase>"
        for (file, cases) in [("one.xml", hostile + [flaky]), ("two.xml", [flaky, broken])] {
            try home.write("<testsuite name='s'>\(cases.joined())</testsuite>", to: file)
            let output = try await dtci("history", "import", "--suite", "unit", file)
            #expect(output.exitCode == 0, "\(output)")
        }
        try home.write("* @all\nt/a.py @alice @team/b\n", to: "CODEOWNERS")
    }

    private static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "\"", with: "&quot;")
            .replacingOccurrences(of: "\n", with: "&#10;").replacingOccurrences(of: "<", with: "&lt;")
    }

    private func dtci(_ arguments: String...) async throws -> DTCIBinary.Output {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return try await DTCIBinary(in: home.url, environment: ["PATH": "\(Self.tools.path):\(path)"]).run(arguments)
    }

    private func python(_ script: String) async throws -> DTCIBinary.Output {
        try await DTCIBinary(in: home.url).run(URL(filePath: "/usr/bin/env"), ["python3", "-c", script])
    }

    private func duckDB(_ sql: String, on database: String = "h.duckdb") async throws -> [[String: Any]] {
        let output = try await DTCIBinary(in: home.url).run(
            Self.tools.appending(path: "duckdb"), ["-no-init", "-readonly", "-json", database, "-c", sql])
        #expect(output.exitCode == 0, "\(output)")
        return try #require(
            JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8)) as? [[String: Any]], "\(output)")
    }

    @Test func `one document has every table`() async throws {
        let printed = try await dtci("history", "export", "--format", "json")
        let kept = try await dtci("history", "export", "--format", "json", "--output", "h.json")
        #expect(kept.exitCode == 0)
        #expect(try home.text("h.json") == printed.standardOutput)
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(printed.standardOutput.utf8)) as? [String: Any])
        #expect(document["schema"] as? String == "dt-ci/history-tables/v1")
        #expect(
            Set(document.keys) == ["schema", "runs", "nodes", "tests", "attempts", "hardware", "machines", "artifacts"])
        #expect((document["runs"] as? [Any])?.count == 2)
        let tests = try #require(document["tests"] as? [[String: Any]])
        #expect(tests.contains { $0["owners"] as? String == "@alice @team/b" })
        let attempts = try #require(document["attempts"] as? [[String: Any]])
        let flaky = attempts.filter { ($0["test"] as? String)?.hasSuffix("flaky") == true }
        #expect(flaky.compactMap { $0["outcome"] as? String } == ["failed", "passed", "failed", "passed"])
        #expect(flaky.compactMap { $0["attempt"] as? Int } == [1, 2, 1, 2])
        #expect(flaky.allSatisfy { $0["is_flaky"] as? Bool == true && $0["result"] as? String == "passed" })
    }

    @Test func `a spreadsheet gets no formulas`() async throws {
        #expect(try await dtci("history", "export", "--format", "csv", "--output", "out").exitCode == 0)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: home.url.appending(path: "out").path).sorted() == [
                "artifacts.csv", "attempts.csv", "hardware.csv", "machines.csv", "nodes.csv", "runs.csv", "tests.csv",
            ])
        let output = try await python(
            """
            import csv, json
            rows = list(csv.DictReader(open('out/tests.csv', newline='', encoding='utf-8')))
            assert all(len(r) == 5 and None not in r for r in rows), rows
            cells = [c for r in rows for c in r.values()]
            assert not [c for c in cells if c and c[0] in '=+-@\\t\\r\\n'], cells
            print(len(rows))
            """)
        #expect(output.exitCode == 0, "\(output)")
    }

    @Test func `the copy is the database, whole and by itself`() async throws {
        #expect(try await dtci("history", "export", "--format", "sqlite", "--output", "copy.db").exitCode == 0)
        let output = try await python(
            """
            import sqlite3
            db = sqlite3.connect('file:copy.db?mode=ro', uri=True)
            print(db.execute('pragma integrity_check').fetchone()[0], db.execute('pragma journal_mode').fetchone()[0],
                  db.execute('select count(*) from run').fetchone()[0])
            """)
        #expect(output.standardOutput == "ok delete 2\n", "\(output)")
        let shown = try await dtci("history", "export", "--history", "sqlite:copy.db")
        #expect(try await dtci("history", "export").standardOutput == shown.standardOutput)
        #expect(!home.exists("copy.db-wal"))
    }

    @Test(.enabled(if: hasDuckDB)) func `DuckDB has the tables with their types, and every name as it was`()
        async throws
    {
        let output = try await dtci("history", "export", "--format", "duckdb", "--output", "h.duckdb")
        #expect(output.exitCode == 0, "\(output)")
        let types = try await duckDB(
            "SELECT table_name || '.' || column_name AS c, data_type AS t FROM information_schema.columns")
        let known = Dictionary(types.map { ($0["c"] as? String ?? "", $0["t"] as? String ?? "") }) { first, _ in first }
        #expect(known["runs.started_at"] == "TIMESTAMP")
        #expect(known["attempts.seconds"] == "DOUBLE")
        #expect(known["attempts.is_flaky"] == "BOOLEAN")
        #expect(known["artifacts.size"] == "BIGINT")
        let printed = try await dtci("history", "export", "--format", "json").standardOutput
        let document = try #require(JSONSerialization.jsonObject(with: Data(printed.utf8)) as? [String: Any])
        let meant = try #require(document["tests"] as? [[String: Any]]).compactMap { $0["test"] as? String }
        #expect(meant.count == Self.names.count + 2)
        let found = try await duckDB("SELECT test FROM tests").compactMap { $0["test"] as? String }
        #expect(Set(found) == Set(meant))
        #expect(found.count == meant.count)
    }

    @Test(.enabled(if: hasDuckDB)) func `the views answer what people ask`() async throws {
        #expect(try await dtci("history", "export", "--format", "duckdb", "--output", "h.duckdb").exitCode == 0)
        let flaky = try await duckDB("SELECT * FROM flaky_tests")
        #expect(flaky.count == 1)
        #expect(flaky.first?["flaky_runs"] as? Int == 2)
        #expect(flaky.first?["owners"] as? String == "@alice @team/b")
        let failing = try await duckDB("SELECT * FROM failing_since")
        #expect(failing.count == 1)
        #expect((failing.first?["test"] as? String)?.hasSuffix("broken") == true)
        let owners = try await duckDB("SELECT owner, failures FROM by_owner ORDER BY owner")
        #expect(owners.compactMap { $0["owner"] as? String } == ["@alice", "@all", "@team/b"])
        #expect(owners.compactMap { $0["failures"] as? Int } == [0, 1, 0])
        for view in ["results", "slowest_tests", "by_day", "node_use"] {
            #expect(!(try await duckDB("SELECT count(*) AS n FROM \(view)")).isEmpty)
        }
    }

    @Test(.enabled(if: hasDuckDB)) func `the files for programs load by their own script`() async throws {
        #expect(try await dtci("history", "export", "--format", "parquet-csv", "--output", "files").exitCode == 0)
        var loader = DTCIBinary(in: home.url.appending(path: "files"))
        loader.environment["PATH"] = Self.tools.path + ":/usr/bin:/bin"
        let output = try await loader.run(
            URL(filePath: "/bin/sh"), ["-c", "duckdb -no-init -bail ../h.duckdb < schema.sql"])
        #expect(output.exitCode == 0, "\(output)")
        #expect(try await duckDB("SELECT count(*) AS n FROM runs").first?["n"] as? Int == 2)
    }

    @Test func `a machine without DuckDB says where to get it, and leaves what stood there`() async throws {
        try home.write("older", to: "h.duckdb")
        let output = try await DTCIBinary(in: home.url, environment: ["PATH": "/nowhere"]).run(
            "history", "export", "--format", "duckdb", "--output", "h.duckdb")
        #expect(output.exitCode == 2)
        #expect(output.standardError.contains("pip install duckdb-cli"), "\(output)")
        #expect(try home.text("h.duckdb") == "older")
    }

    @Test func `a DuckDB that fails leaves what stood there and nothing of its own`() async throws {
        try home.write("#!/bin/sh\necho broken >&2\nexit 3\n", to: "bin/duckdb")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: home.url.appending(path: "bin/duckdb").path)
        try home.write("older", to: "h.duckdb")
        let output = try await DTCIBinary(
            in: home.url, environment: ["PATH": home.url.appending(path: "bin").path + ":/bin"]
        ).run("history", "export", "--format", "duckdb", "--output", "h.duckdb")
        #expect(output.exitCode == 2)
        #expect(output.standardError.contains("broken"), "\(output)")
        #expect(try home.text("h.duckdb") == "older")
        let left = try FileManager.default.contentsOfDirectory(atPath: home.url.path)
        #expect(!left.contains { $0.hasSuffix(".tmp") }, "\(left)")
    }

    @Test(arguments: [
        (["--format", "duckdb"], "needs --output"), (["--format", "json", "--limit", "3"], "are for lists of results"),
        (["--format", "sqlite", "--output", ".dt-ci/history.db"], "is the history itself"),
        (["--format", "csv", "--output", "x", "--owners", "gone"], "gone: cannot read"),
        (["--format", "sqlite", "--output", "one.xml/h.db"], "cannot"),
    ])
    func `what cannot be is said in a sentence`(arguments: [String], sentence: String) async throws {
        let output = try await DTCIBinary(in: home.url).run(["history", "export"] + arguments)
        #expect(output.exitCode != 0)
        #expect(output.standardError.contains(sentence), "\(output.standardError)")
    }

    @Test func `owners have their tests, and nobody has the rest`() async throws {
        let output = try await dtci("history", "owners")
        let rows = output.lines.map { $0.split(separator: " ").joined(separator: " ") }
        #expect(rows.first == "FAILED FLAKY TESTS RUNS TIME OWNER")
        #expect(rows.contains("0 1 1 2 4.00 s @alice"), "\(rows)")
        #expect(rows.contains { $0.hasPrefix("1 0 ") && $0.hasSuffix("@all") }, "\(rows)")
        try home.write("/t/a.py @alice\n", to: "mine")
        let mine = try await dtci("history", "owners", "--owners", "mine", "--json")
        #expect(mine.standardOutput.contains(#""owner":null"#), "\(mine)")
        #expect(mine.standardOutput.contains(#""schema":"dt-ci/history-owners/v1""#))
    }

    @Test func `without owners it is said where they are looked for`() async throws {
        try FileManager.default.removeItem(at: home.url.appending(path: "CODEOWNERS"))
        let output = try await dtci("history", "owners")
        #expect(output.exitCode == 2)
        #expect(output.standardError.contains(".github/CODEOWNERS"), "\(output)")
    }
}
