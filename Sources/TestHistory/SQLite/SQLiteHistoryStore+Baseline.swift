package import CICore
import FoundationEssentials
import GRDB

extension SQLiteHistoryStore {
    package func baseline(_ query: BaselineQuery) throws(HistoryError) -> Baseline? {
        try read { database in
            guard let run = try BaselineRun.find(query, in: database) else { return nil }
            return Baseline(point: run.point, tests: try run.tests(in: database))
        }
    }
}

/// The run that was chosen.
private struct BaselineRun {
    let id: Int64
    let point: Baseline.Point

    static func find(_ query: BaselineQuery, in database: Database) throws -> BaselineRun? {
        if let base = query.mergeBase,
            let row = try Row.fetchOne(database, sql: newest("commit_sha = ?"), arguments: [base])
        {
            return BaselineRun(row: row, .mergeBase)
        }
        return try Row.fetchOne(
            database,
            sql: newest("(:branch IS NULL OR branch = :branch) AND (:commit IS NULL OR commit_sha IS NOT :commit)"),
            arguments: ["branch": query.branch, "commit": query.commit]
        ).map { BaselineRun(row: $0, .branch) }
    }

    private static func newest(_ condition: String) -> String {
        """
        SELECT id, commit_sha, branch, started_us FROM run WHERE is_complete = 1 AND \(condition)
        ORDER BY started_us DESC, id DESC LIMIT 1
        """
    }

    private init(row: Row, _ choice: Baseline.Choice) {
        id = row[0]
        point = Baseline.Point(
            choice: choice, commit: row[1], branch: row[2], at: Date(historyMicroseconds: row[3]))
    }

    func tests(in database: Database) throws -> [TestID: Baseline.State] {
        var tests: [TestID: Baseline.State] = [:]
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT suite.name, selector, outcome, duration_us, test_id FROM result
                JOIN test ON test.id = test_id JOIN suite ON suite.id = suite_id WHERE run_id = ?
                """, arguments: [id])
        while let row = try rows.next() {
            let outcome = Outcome(stored: row[2])
            let failing = outcome.isFailure ? try standing(ofTest: row[4], in: database) : nil
            tests[TestID(suite: SuiteName(row[0]), selector: row[1])] = Baseline.State(
                outcome: outcome, duration: .microseconds(row[3] as Int64), failing: failing)
        }
        return tests
    }

    /// Goes back over the runs of the same branch until the test passes; skipped ones say nothing.
    private func standing(ofTest test: Int64, in database: Database) throws -> Baseline.Standing? {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT outcome, commit_sha, run.started_us FROM result JOIN run ON run.id = run_id
                WHERE test_id = :test AND outcome <> 1 AND (:branch IS NULL OR branch = :branch)
                AND run.started_us <= :at ORDER BY run.started_us DESC, run.id DESC
                """,
            arguments: ["test": test, "branch": point.branch, "at": point.at.historyMicroseconds])
        var standing: Baseline.Standing?
        while let row = try rows.next(), Outcome(stored: row[0]).isFailure {
            standing = Baseline.Standing(
                commit: row[1], at: Date(historyMicroseconds: row[2]), runs: (standing?.runs ?? 0) + 1)
        }
        return standing
    }
}
