import CICore
import GRDB

extension SQLiteRun {
    static let insertion = """
        INSERT INTO batch (run, number, id, suite, units, estimate, requirement, rank, needs)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    static func arguments(
        of batch: SharedBatch, in run: Int64, as number: Int, rank: Int, needs: Int
    ) -> StatementArguments {
        [
            run, number, batch.id.rawValue, batch.suite.rawValue, StoredBatch.text(of: batch.units),
            batch.estimate.microseconds, batch.requirement, rank, needs,
        ]
    }

    static func batch(_ row: Row) -> SharedBatch {
        StoredBatch.batch(
            id: row["id"], suite: row["suite"], units: row["units"], estimate: row["estimate"],
            requirement: row["requirement"])
    }

    static func lease(_ row: Row) -> (rank: Int, lease: Lease) {
        (
            row["rank"],
            Lease(number: row["number"], token: row["token"], batch: batch(row), isIsolated: row["isolated"])
        )
    }

    static func orphan(_ row: Row) -> Orphan {
        let isDone = row["state"] == RunBook.State.done.rawValue
        return Orphan(
            number: row["number"], batch: batch(row),
            ending: isDone ? .done(results: row["results"] ?? "") : .givenUp(deaths: row["deaths"]))
    }

    func progress() throws -> QueueProgress {
        var progress = QueueProgress()
        let counts = try Row.fetchAll(
            try database.cachedStatement(
                sql: "SELECT state, COUNT(*) FROM batch WHERE run = :run GROUP BY state"), arguments: ["run": id])
        for row in counts { progress.count(state: row[0], row[1]) }
        progress.nodes = try number("SELECT COUNT(*) FROM node WHERE run = :run AND presence = 0")
        progress.stop = try String.fetchOne(
            try database.cachedStatement(sql: "SELECT stop FROM run WHERE id = :run"), arguments: ["run": id])
        return progress
    }
}

extension QueueProgress {
    /// Takes the count of a state as databases store it.
    mutating func count(state: Int, _ count: Int) {
        switch RunBook.State(rawValue: state) {
        case .waiting?: waiting += count
        case .leased?: leased += count
        case .done?: done += count
        case .failed?: failed += count
        case .cancelled?: cancelled += count
        case .cut?, nil: break
        }
    }
}
