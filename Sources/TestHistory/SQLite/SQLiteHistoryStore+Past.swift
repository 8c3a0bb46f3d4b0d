package import CICore
import GRDB

extension SQLiteHistoryStore {
    package func pastOutcomes(
        of tests: [TestID], limit: Int
    ) throws(HistoryError) -> [TestID: [TestBackground.PastOutcome]] {
        try read { database in
            let names = try Row.fetchAll(database, sql: "SELECT id, name FROM suite").map { row in
                (id: row[0] as Int64, prefix: (row[1] as String) + "::")
            }
            let statement = try database.cachedStatement(
                sql: """
                    SELECT outcome, is_flaky FROM result WHERE test_id = (
                        SELECT id FROM test WHERE suite_id = ? AND selector = ?)
                    ORDER BY started_us DESC, run_id DESC LIMIT ?
                    """)
            var past: [TestID: [TestBackground.PastOutcome]] = [:]
            for test in tests {
                // A suite's name may hold what looks like the separator.
                for (suite, prefix) in names where test.kept.hasPrefix(prefix) && past[test] == nil {
                    let selector = String(test.kept.dropFirst(prefix.count))
                    let outcomes = try Row.fetchAll(statement, arguments: [suite, selector, limit]).map { row in
                        TestBackground.PastOutcome(Outcome(stored: row[0]), isFlaky: row[1])
                    }
                    if !outcomes.isEmpty { past[test] = outcomes.reversed() }
                }
            }
            return past
        }
    }
}
