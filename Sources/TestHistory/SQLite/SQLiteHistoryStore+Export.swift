import CICore
import GRDB
package import SystemPackage

extension SQLiteHistoryStore {
    package func export(
        _ tables: [ExportTable], _ body: (ExportTable, [ExportCell]) throws -> Void
    ) throws {
        // The body's own errors pass through `read` in an envelope, so that they are not taken for the database's.
        var failure: (any Error)?
        try read { database in
            for table in tables {
                let rows = try Row.fetchCursor(database, sql: table.query)
                let columns = table.columns.indices
                while failure == nil, let row = try rows.next() {
                    do { try body(table, columns.map { ExportCell(row[$0]) }) } catch { failure = error }
                }
                guard failure == nil else { return }
            }
        }
        if let failure { throw failure }
    }

    package func copy(to path: FilePath) throws(HistoryError) {
        do {
            var configuration = Configuration()
            configuration.journalMode = .default
            let copy = try DatabaseQueue(path: path.string, configuration: configuration)
            try backup(to: copy)
            // The copy is one file, whatever the original keeps beside itself.
            try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try copy.close()
        } catch {
            throw HistoryError(error, at: path)
        }
    }

    package func tallies(_ query: HistoryQuery) throws(HistoryError) -> [TestTally] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT suite.name, test.selector, container.selector, SUM(outcome != 1), SUM(outcome >= 2),
                        SUM(is_flaky), SUM(duration_us * 1.0)
                    FROM result JOIN test ON test.id = test_id JOIN suite ON suite.id = test.suite_id
                    JOIN container ON container.id = container_id JOIN hardware ON hardware.id = hardware_id
                    WHERE (:suite IS NULL OR suite.name = :suite) AND (:hardware IS NULL OR hardware.name = :hardware)
                    GROUP BY test.id ORDER BY suite.name, test.selector
                    """, arguments: ["suite": query.suite?.kept, "hardware": query.hardware?.kept]
            ).map { row in
                TestTally(
                    test: TestID(suite: SuiteName(row[0]), selector: row[1]), suite: SuiteName(row[0]),
                    container: row[2],
                    count: TestTally.Count(
                        runs: row[3], failures: row[4], flaky: row[5],
                        time: .seconds((row[6] as Double) / 1e6)))
            }
        }
    }
}

extension ExportCell {
    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .integer(number)
        case .double(let number): self = .number(number)
        case .string(let text): self = .text(text)
        // The schema keeps none.
        case .blob: self = .null
        }
    }
}

extension ExportTable {
    private static func time(_ column: String) -> String {
        "strftime('%Y-%m-%dT%H:%M:%fZ', \(column) / 1e6, 'unixepoch')"
    }

    private static func outcome(_ column: String) -> String {
        "CASE \(column) WHEN 0 THEN 'passed' WHEN 1 THEN 'skipped' WHEN 2 THEN 'failed' ELSE 'errored' END"
    }

    /// In the order of time, so that what comes later stands at a table's end.
    fileprivate var query: String {
        switch self {
        case .runs:
            """
            SELECT run.name, \(Self.time("started_us")), commit_sha, branch, hardware.name, is_complete
            FROM run JOIN hardware ON hardware.id = hardware_id ORDER BY started_us, run.id
            """
        case .nodes:
            """
            SELECT run.name, number, hardware.name, lost, batches, busy_us / 1e6, machine_id
            FROM run CROSS JOIN node ON run_id = run.id LEFT JOIN hardware ON hardware.id = node.hardware_id
            ORDER BY started_us, run.id, number
            """
        case .tests:
            """
            SELECT suite.name || '::' || test.selector, suite.name, test.selector, container.selector
            FROM test JOIN suite ON suite.id = test.suite_id JOIN container ON container.id = container_id
            ORDER BY test.id
            """
        // A result of one attempt is that attempt; one of several from before attempts were kept has the last alone.
        case .attempts:
            """
            SELECT run.name, suite.name || '::' || test.selector, coalesce(attempt.number, result.attempts),
                \(Self.outcome("coalesce(attempt.outcome, result.outcome)")),
                coalesce(attempt.duration_us, result.duration_us) / 1e6, hardware.name,
                \(Self.outcome("result.outcome")), is_flaky
            FROM run CROSS JOIN result ON result.run_id = run.id JOIN test ON test.id = result.test_id
            JOIN suite ON suite.id = test.suite_id JOIN hardware ON hardware.id = result.hardware_id
            LEFT JOIN attempt ON attempt.test_id = result.test_id AND attempt.hardware_id = result.hardware_id
                AND attempt.started_us = result.started_us AND attempt.run_id = result.run_id
            ORDER BY run.started_us, run.id, result.test_id, attempt.number
            """
        case .hardware:
            """
            SELECT hardware.name, COUNT(run.id), \(Self.time("MIN(started_us)")), \(Self.time("MAX(started_us)"))
            FROM hardware LEFT JOIN run ON run.hardware_id = hardware.id GROUP BY hardware.id ORDER BY hardware.name
            """
        case .machines:
            """
            SELECT machine.id, fingerprint, labels, hardware.name, host, \(Self.time("seen_us")), document
            FROM machine JOIN hardware ON hardware.id = hardware_id ORDER BY machine.id
            """
        case .artifacts:
            """
            SELECT run.name, test, artifact.name, media_type, size, sha256, place, url
            FROM run CROSS JOIN artifact ON run_id = run.id ORDER BY started_us, run.id, artifact.id
            """
        }
    }
}
