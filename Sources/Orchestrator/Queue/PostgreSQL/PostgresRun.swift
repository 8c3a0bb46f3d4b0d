import CICore
import PostgreSQL

/// One run on a connection.
struct PostgresRun {
    let id: Int
    let key: QueueKey
    let session: PostgresSession

    /// A leased batch, as far as the rules ask.
    struct Held {
        var number: Int
        var token: Int
        var batch: SharedBatch
        var facts: QueueRules.Facts
    }

    /// Runs a statement whose first parameter is the run.
    @discardableResult
    func rows(_ statement: String, _ values: [PostgresValue] = []) throws -> PostgresRows {
        try session.rows(statement, [.integer(id)] + values)
    }

    /// Whoever waits looks again once the transaction is through.
    func wake() throws { try session.rows("select pg_notify('\(PostgresQueueSchema.channel)', '')") }

    // MARK: Rows

    /// The last five columns of a row.
    private static func batch(_ row: PostgresRows.Row, from column: Int) -> SharedBatch {
        StoredBatch.batch(
            id: row.text(column) ?? "", suite: row.text(column + 1) ?? "", units: row.text(column + 2) ?? "",
            estimate: row.integer(column + 3) ?? 0, requirement: row.text(column + 4) ?? "")
    }

    static func lease(_ row: PostgresRows.Row) -> Lease {
        Lease(
            number: row.integer(0) ?? -1, token: row.integer(1) ?? -1, batch: batch(row, from: 4),
            isIsolated: row.flag(2))
    }

    static func orphan(_ row: PostgresRows.Row) -> Orphan {
        let isDone = row.integer(1) == RunBook.State.done.rawValue
        return Orphan(
            number: row.integer(0) ?? -1, batch: batch(row, from: 4),
            ending: isDone ? .done(results: row.text(3) ?? "") : .givenUp(deaths: row.integer(2) ?? 0))
    }

    func progress() throws -> QueueProgress {
        var progress = QueueProgress()
        let counts = try rows("select state, count(*) from dt_ci.queue_batch where run = $1::int group by state")
        for (state, count) in counts.map({ ($0.integer(0) ?? -1, $0.integer(1) ?? 0) }) {
            progress.count(state: state, count)
        }
        let row = try rows(
            """
            select (select count(*) from dt_ci.queue_node where run = $1::int and presence = 0), stop
            from dt_ci.queue_run where id = $1::int
            """
        ).first
        progress.nodes = row?.integer(0) ?? 0
        progress.stop = row?.text(1)
        return progress
    }

    // MARK: Ends

    /// Within a transaction: nobody else touches them meanwhile.
    func held(by node: Int) throws -> [Held] {
        try rows(
            """
            select number, token, deaths, isolated, id, suite, units, estimate, requirement from dt_ci.queue_batch
            where run = $1::int and holder = $2::int and state = 1 order by number for update
            """, [.integer(node)]
        ).map { row in
            let batch = Self.batch(row, from: 4)
            return Held(
                number: row.integer(0) ?? -1, token: row.integer(1) ?? -1, batch: batch,
                facts: .init(units: batch.units.count, deaths: row.integer(2) ?? 0, isIsolated: row.flag(3)))
        }
    }

    /// Takes back what nodes hold that were not heard of for too long.
    func sweep() throws {
        let late = """
            from dt_ci.queue_node n join dt_ci.queue_run r on r.id = n.run
            where n.run = $1::int and n.presence = 0 and n.heard < clock_timestamp() - r.patience
            """
        guard try rows("select 1 \(late) limit 1").count > 0 else { return }
        try session.transaction {
            let lost = try rows("select n.number \(late) order by n.number for update of n skip locked")
            for number in lost.map({ $0.integer(0) ?? -1 }) {
                try rows(
                    "update dt_ci.queue_node set presence = 2 where run = $1::int and number = $2::int",
                    [.integer(number)])
                for held in try held(by: number) {
                    try apply(QueueRules.afterDeath(held.facts), to: held, shunning: number)
                }
            }
            try wake()
        }
    }

    func apply(_ consequence: QueueRules.Consequence, to held: Held, shunning node: Int) throws {
        switch consequence {
        case .again(let deaths, let isIsolated):
            try rows(
                "update dt_ci.queue_batch b set rank = -1, deaths = $3::int, isolated = $4::bool, \(Self.waitingAgain)",
                [.integer(held.number), .integer(deaths), .text(isIsolated ? "t" : "f"), .integer(node)])
        case .giveUp(let deaths):
            try end(held, .failed, deaths: deaths)
            try rows(
                """
                update dt_ci.queue_batch b set needs = needs - 1 from dt_ci.queue_dependency d
                where d.run = $1::int and d.need = $2::int and b.run = d.run and b.number = d.batch
                """, [.integer(held.number)])
        case .cut(let deaths):
            try end(held, .cut, deaths: deaths)
            let first = try rows("select max(number) + 1 from dt_ci.queue_batch where run = $1::int")[0].integer(0) ?? 0
            for index in held.batch.units.indices {
                let part = held.batch.part(index)
                try rows(
                    """
                    insert into dt_ci.queue_batch (run, number, id, suite, units, estimate, requirement, rank)
                    values ($1::int, $2::int, $3, $4, $5, $6::bigint, $7, -1)
                    """,
                    [
                        .integer(first + index), .text(part.id.rawValue), .text(part.suite.rawValue),
                        .text(StoredBatch.text(of: part.units)), .integer(Int(part.estimate.microseconds)),
                        .text(part.requirement),
                    ])
                try rows(
                    "update dt_ci.queue_batch b set deaths = $3::int, isolated = $4::bool, \(Self.waitingAgain)",
                    [.integer(first + index), .integer(deaths), .text("t"), .integer(node)])
            }
            try handOn(held.number, to: first..<(first + held.batch.units.count))
        }
    }

    private static let waitingAgain = """
        state = case when r.stop is null then 0 else 4 end, holder = null, shunned = $5::int,
        shunned_until = clock_timestamp() + r.patience
        from dt_ci.queue_run r where r.id = $1::int and b.run = r.id and b.number = $2::int
        """

    private func end(_ held: Held, _ state: RunBook.State, deaths: Int) throws {
        try rows(
            """
            update dt_ci.queue_batch set state = $3::int, holder = null, deaths = $4::int
            where run = $1::int and number = $2::int
            """, [.integer(held.number), .integer(state.rawValue), .integer(deaths)])
    }

    /// What waited for a batch waits for its parts.
    private func handOn(_ number: Int, to parts: Range<Int>) throws {
        try rows(
            """
            update dt_ci.queue_batch b set needs = needs + $3::int from dt_ci.queue_dependency d
            where d.run = $1::int and d.need = $2::int and b.run = d.run and b.number = d.batch
            """, [.integer(number), .integer(parts.count - 1)])
        try rows(
            """
            insert into dt_ci.queue_dependency (run, need, batch)
            select run, p, batch from dt_ci.queue_dependency, unnest($3::int[]) p where run = $1::int and need = $2::int
            """, [.integer(number), .integers(Array(parts))])
        try rows(
            "delete from dt_ci.queue_dependency where run = $1::int and need = $2::int", [.integer(number)])
    }
}
