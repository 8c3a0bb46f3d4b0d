package import CICore
import GRDB

extension SQLiteHistoryStore {
    package func durations(suite: SuiteName, hardware: HardwareClass) throws(HistoryError) -> DurationModel {
        try read { database in
            guard
                let suiteID = try Int64.fetchOne(
                    database, sql: "SELECT id FROM suite WHERE name = ?", arguments: [suite.kept]),
                let source = try source(of: suiteID, hardware: hardware, in: database)
            else { return .empty(suite: suite) }
            return DurationModel(
                suite: suite, byContainer: try timings(of: suiteID, source, in: database),
                invocation: try invocation(of: suiteID, source, in: database),
                borrowedFrom: source.name == hardware.kept ? nil : HardwareClass(source.name))
        }
    }

    /// The class of hardware that a model's figures are from.
    private struct Source {
        var id: Int64
        var name: String
    }

    /// The class itself if it knows any test of the suite, else the one that knows most, ties by name.
    private func source(of suite: Int64, hardware: HardwareClass, in database: Database) throws -> Source? {
        let own = try Row.fetchOne(
            database,
            sql: """
                SELECT id, name FROM hardware WHERE name = ? AND EXISTS (
                    SELECT 1 FROM estimate JOIN test ON test.id = test_id
                    WHERE suite_id = ? AND hardware_id = hardware.id)
                """, arguments: [hardware.kept, suite])
        let found =
            try own
            ?? Row.fetchOne(
                database,
                sql: """
                    SELECT hardware.id, name FROM test CROSS JOIN estimate ON test_id = test.id
                    JOIN hardware ON hardware.id = hardware_id
                    WHERE suite_id = ? GROUP BY hardware.id ORDER BY COUNT(*) DESC, name LIMIT 1
                    """, arguments: [suite])
        return found.map { Source(id: $0[0], name: $0[1]) }
    }

    /// In the order of the tests' numbers, which both tables are stored in: twice as fast as through an index.
    private func timings(
        of suite: Int64, _ source: Source, in database: Database
    ) throws -> [String: [DurationModel.Timing]] {
        var byID: [Int64: [DurationModel.Timing]] = [:]
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT container_id, selector, typical_us, upper_us, samples, seen_us
                FROM test NOT INDEXED CROSS JOIN estimate ON test_id = test.id AND hardware_id = ? WHERE suite_id = ?
                """, arguments: [source.id, suite])
        while let row = try rows.next() {
            let timing = DurationModel.Timing(
                selector: row[1], typical: row[2], upper: row[3], samples: row[4], seenAt: row[5])
            byID[row[0], default: []].append(timing)
        }
        let names = try Row.fetchCursor(
            database, sql: "SELECT id, selector FROM container WHERE suite_id = ?", arguments: [suite])
        var byName: [String: [DurationModel.Timing]] = [:]
        while let row = try names.next() {
            if let timings = byID.removeValue(forKey: row[0]) { byName[row[1]] = timings }
        }
        return byName
    }

    private func invocation(of suite: Int64, _ source: Source, in database: Database) throws -> InvocationCost? {
        let batches = try Row.fetchAll(
            database,
            sql: """
                SELECT suite.name, units, wall_us, tests_us FROM batch
                JOIN run ON run.id = run_id JOIN suite ON suite.id = suite_id
                WHERE suite_id = ? AND hardware_id = ? AND is_complete = 1
                ORDER BY started_us DESC, wall_us, batch.id LIMIT 60
                """, arguments: [suite, source.id]
        ).map { row in
            HistoricalRun.BatchTiming(
                suite: SuiteName(row[0]), units: row[1], wall: .microseconds(row[2] as Int64),
                tests: .microseconds(row[3] as Int64))
        }
        return InvocationCost(learningFrom: batches)
    }
}
