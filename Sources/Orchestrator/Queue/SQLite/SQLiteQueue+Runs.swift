import CICore
import GRDB

extension SQLiteQueue {
    package func run(_ key: QueueKey) async throws(QueueError) -> QueueRun? {
        try await perform { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM run WHERE name = ? AND attempt = ?", arguments: [key.run, key.attempt]
            ).map(Self.run)
        }
    }

    package func openRuns() async throws(QueueError) -> [QueueRun] {
        try await perform { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM run WHERE EXISTS (SELECT 1 FROM batch WHERE batch.run = run.id AND state IN (0, 1))
                    ORDER BY touched DESC, id DESC
                    """
            ).map(Self.run)
        }
    }

    private static func run(_ row: Row) -> QueueRun {
        QueueRun(
            key: QueueKey(run: row["name"], attempt: row["attempt"]), plan: row["plan"], commit: row["source"],
            version: row["version"], rules: row["rules"], target: row["target"],
            patience: .milliseconds(row["patience"] as Int64))
    }

    package func open(_ run: QueueRun, batches: [SharedBatch]) async throws(QueueError) -> QueueRun {
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO run (name, attempt, plan, source, version, rules, target, patience, touched)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                    """,
                arguments: [
                    run.key.run, run.key.attempt, run.plan, run.commit, run.version, run.rules, run.target,
                    run.patience.milliseconds, try SQLiteRun.time(database, self.now()),
                ])
            if database.changesCount == 1 {
                try Self.insert(batches, into: database.lastInsertedRowID, database)
                return run
            }
            let found = try Row.fetchOne(
                database, sql: "SELECT * FROM run WHERE name = ? AND attempt = ?",
                arguments: [run.key.run, run.key.attempt])
            return found.map(Self.run) ?? run
        }
    }

    private static func insert(_ batches: [SharedBatch], into run: Int64, _ database: Database) throws {
        let ranks = QueueRules.ranks(of: batches)
        let needs = QueueRules.needs(of: batches)
        let batch = try database.cachedStatement(sql: SQLiteRun.insertion)
        let dependency = try database.cachedStatement(
            sql: "INSERT INTO dependency (run, need, batch) VALUES (?, ?, ?)")
        for index in batches.indices {
            try batch.execute(
                arguments: SQLiteRun.arguments(
                    of: batches[index], in: run, as: index, rank: ranks[index], needs: needs[index].count))
            for need in needs[index] { try dependency.execute(arguments: [run, need, index]) }
        }
    }

    package func join(_ key: QueueKey, as name: String) async throws(QueueError) -> QueueSeat {
        try await write(key) { run in
            let number = try run.number("SELECT COALESCE(MAX(number) + 1, 0) FROM node WHERE run = :run")
            try run.execute(
                "INSERT INTO node (run, number, name, heard) VALUES (:run, :number, :name, :now)",
                ["number": number, "name": name, "now": try run.tick()])
            return QueueSeat(key: key, number: number)
        }
    }

    package func prune(olderThan age: Duration) async throws(QueueError) -> Int {
        let pruned = try await write { database in
            let oldest = try SQLiteRun.time(database, self.now()) - age.milliseconds
            try database.execute(sql: "DELETE FROM run WHERE touched < ?", arguments: [oldest])
            return database.changesCount
        }
        if pruned > 0 { forgetRows() }
        return pruned
    }
}
