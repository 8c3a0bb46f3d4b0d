package import CICore
import FoundationEssentials
import GRDB

extension SQLiteHistoryStore {
    package func extent() throws(HistoryError) -> HistoryExtent {
        try read { database in
            HistoryExtent(
                schema: try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0,
                runs: try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM run") ?? 0,
                tests: try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM test") ?? 0)
        }
    }

    package func timings(_ query: HistoryQuery) throws(HistoryError) -> [TestTiming] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT suite.name, test.selector, container.selector, hardware.name,
                        typical_us, upper_us, samples, seen_us
                    FROM estimate JOIN test ON test.id = test_id JOIN suite ON suite.id = test.suite_id
                    JOIN container ON container.id = container_id JOIN hardware ON hardware.id = hardware_id
                    WHERE (:suite IS NULL OR suite.name = :suite) AND (:hardware IS NULL OR hardware.name = :hardware)
                    ORDER BY typical_us DESC, suite.name, test.selector, hardware.name LIMIT :limit
                    """, arguments: query.arguments
            ).map { row in
                TestTiming(
                    suite: SuiteName(row[0]), selector: row[1], container: row[2], hardware: HardwareClass(row[3]),
                    learnt: TestTiming.Learnt(
                        typical: .microseconds(row[4] as Int64), upper: .microseconds(row[5] as Int64),
                        samples: row[6]),
                    seenAt: Date(historyMicroseconds: row[7]))
            }
        }
    }

    package func flaky(_ query: HistoryQuery) throws(HistoryError) -> [FlakyTest] {
        let found = try read { database in
            try Row.fetchAll(database, sql: Self.flakyTests, arguments: query.arguments).map { row in
                FlakyTest(
                    test: TestID(suite: SuiteName(row[0]), selector: row[1]), runs: row[2], flakyRuns: row[3],
                    lastSeen: Date(historyMicroseconds: row[4]))
            }
        }
        let sorted = found.sorted { ($1.rate, $1.flakyRuns, $0.test) < ($0.rate, $0.flakyRuns, $1.test) }
        return Array(sorted.prefix(query.limit))
    }

    package func tests(matching text: String, limit: Int) throws(HistoryError) -> [TestID] {
        let found = try read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT suite.name || '::' || selector AS name_in_full FROM test JOIN suite ON suite.id = suite_id
                    WHERE instr(name_in_full, :text) > 0
                    ORDER BY name_in_full = :text DESC, name_in_full LIMIT :limit
                    """, arguments: ["text": text.withoutNUL, "limit": limit])
        }
        return (found.first == text ? [text] : found).map { TestID($0) }
    }

    package func results(of test: TestID, limit: Int) throws(HistoryError) -> [PastResult] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: Self.pastResults + """
                     WHERE suite.name || '::' || test.selector = ? ORDER BY result.started_us DESC, run.id DESC LIMIT ?
                    """, arguments: [test.kept, limit]
            ).map(PastResult.init(row:))
        }
    }

    package func forEachResult(_ query: HistoryQuery, _ body: (PastResult) throws -> Void) throws {
        // The body's own errors pass through `read` in an envelope, so that they are not taken for the database's.
        var failure: (any Error)?
        try read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: Self.pastResults + """
                     WHERE (:suite IS NULL OR suite.name = :suite) AND (:hardware IS NULL OR hardware.name = :hardware)
                    ORDER BY run.started_us, run.id, result.test_id LIMIT :limit
                    """, arguments: query.arguments)
            while failure == nil, let row = try rows.next() {
                do { try body(PastResult(row: row)) } catch { failure = error }
            }
        }
        if let failure { throw failure }
    }

    private static let pastResults = """
        SELECT suite.name, test.selector, outcome, is_flaky, attempts, duration_us, hardware.name,
            run.name, run.started_us, commit_sha, branch, is_complete
        FROM run CROSS JOIN result ON result.run_id = run.id JOIN test ON test.id = test_id
        JOIN suite ON suite.id = test.suite_id JOIN hardware ON hardware.id = result.hardware_id
        """

    /// Flaky within a run, or failed where the same commit passed in another run on the same class of hardware.
    private static let flakyTests = """
        WITH seen AS (
            SELECT test_id, run_id, started_us FROM result
            WHERE is_flaky = 1 AND (:hardware IS NULL OR hardware_id = (SELECT id FROM hardware WHERE name = :hardware))
            UNION
            SELECT failed.test_id, failed.run_id, failed.started_us
            FROM result AS failed JOIN run AS red ON red.id = failed.run_id
            WHERE failed.outcome >= 2 AND red.commit_sha IS NOT NULL
            AND (:hardware IS NULL OR failed.hardware_id = (SELECT id FROM hardware WHERE name = :hardware))
            AND EXISTS (
                SELECT 1 FROM result AS passed JOIN run AS green ON green.id = passed.run_id
                WHERE passed.test_id = failed.test_id AND passed.hardware_id = failed.hardware_id
                AND passed.outcome = 0 AND green.commit_sha = red.commit_sha)
        )
        SELECT suite.name, selector,
            (SELECT COUNT(*) FROM result WHERE result.test_id = test.id AND outcome != 1
                AND (:hardware IS NULL OR hardware_id = (SELECT id FROM hardware WHERE name = :hardware))),
            COUNT(*), MAX(seen.started_us)
        FROM seen JOIN test ON test.id = seen.test_id JOIN suite ON suite.id = suite_id
        WHERE (:suite IS NULL OR suite.name = :suite) GROUP BY test.id
        """
}

extension HistoryQuery {
    fileprivate var arguments: StatementArguments {
        ["suite": suite?.kept, "hardware": hardware?.kept, "limit": limit]
    }
}

extension PastResult {
    fileprivate init(row: Row) {
        self.init(
            test: TestID(suite: SuiteName(row[0]), selector: row[1]), outcome: Outcome(stored: row[2]),
            isFlaky: row[3], attempts: row[4], duration: .microseconds(row[5] as Int64),
            hardware: HardwareClass(row[6]),
            run: Run(
                id: RunID(row[7]), startedAt: Date(historyMicroseconds: row[8]), commit: row[9], branch: row[10],
                isComplete: row[11]))
    }
}
