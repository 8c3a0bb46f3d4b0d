import CICore
import GRDB

extension SQLiteHistoryStore {
    package func record(_ run: HistoricalRun) throws(HistoryError) {
        try write { database in
            try RunRecorder(database: database, policy: policy).record(run)
            let runs = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM run") ?? 0
            if runs.isMultiple(of: Self.runsBetweenPrunings) { _ = try forget(policy, in: database) }
        }
    }

    package func prune(_ policy: HistoryPolicy) throws(HistoryError) -> Int {
        let forgotten = try write { try forget(policy, in: $0) }
        try writeWithoutTransaction { try $0.execute(sql: "VACUUM") }
        return forgotten
    }

    /// Pruning reads every result: too much to do after each run.
    private static let runsBetweenPrunings = 16

    /// The runs that go take their results with them, and tests without results go with their estimates. Estimates stay as
    /// they are where results remain, since what is forgotten is older than what they are made of.
    private func forget(_ policy: HistoryPolicy, in database: Database) throws -> Int {
        let before = try results(in: database)
        try database.execute(
            sql: "DELETE FROM run WHERE id IN (SELECT id FROM run ORDER BY started_us DESC, id DESC LIMIT -1 OFFSET ?)",
            arguments: [policy.runs])
        try database.execute(
            sql: """
                DELETE FROM result WHERE (test_id, hardware_id, started_us, run_id) IN (
                    SELECT test_id, hardware_id, started_us, run_id FROM (
                        SELECT *, row_number() OVER (
                            PARTITION BY test_id, hardware_id ORDER BY started_us DESC, run_id DESC) AS age
                        FROM result)
                    WHERE age > ?)
                """, arguments: [policy.resultsPerTest])
        try database.execute(
            sql: """
                DELETE FROM run WHERE id NOT IN (SELECT run_id FROM result) AND id NOT IN (SELECT run_id FROM batch);
                DELETE FROM test WHERE id NOT IN (SELECT test_id FROM result);
                DELETE FROM estimate WHERE NOT EXISTS (
                    SELECT 1 FROM result WHERE result.test_id = estimate.test_id
                    AND result.hardware_id = estimate.hardware_id);
                DELETE FROM container WHERE id NOT IN (SELECT container_id FROM test);
                DELETE FROM machine WHERE id NOT IN (SELECT machine_id FROM node WHERE machine_id IS NOT NULL);
                """)
        return before - (try results(in: database))
    }

    private func results(in database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM result") ?? 0
    }
}
