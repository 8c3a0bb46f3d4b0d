import CICore
import PostgreSQL

extension PostgresQueue {
    private static let columns = """
        name, attempt, plan, source, version, rules, target, (extract(epoch from patience) * 1000)::bigint
        """

    package func run(_ key: QueueKey) async throws(QueueError) -> QueueRun? {
        try await perform { try Self.find(key, $0) }
    }

    private static func find(_ key: QueueKey, _ session: PostgresSession) throws -> QueueRun? {
        try session.rows(
            "select \(columns) from dt_ci.queue_run where name = $1::text and attempt = $2::int",
            [.text(key.run), .integer(key.attempt)]
        ).first.map(run)
    }

    package func openRuns() async throws(QueueError) -> [QueueRun] {
        try await perform { session in
            try session.rows(
                """
                select \(Self.columns) from dt_ci.queue_run r
                where exists (select 1 from dt_ci.queue_batch b where b.run = r.id and b.state in (0, 1))
                order by touched desc, id desc
                """
            ).map(Self.run)
        }
    }

    private static func run(_ row: PostgresRows.Row) -> QueueRun {
        QueueRun(
            key: QueueKey(run: row.text(0) ?? "", attempt: row.integer(1) ?? 1), plan: row.text(2) ?? "",
            commit: row.text(3), version: row.text(4) ?? "", rules: row.integer(5) ?? 0, target: row.text(6) ?? "{}",
            patience: .milliseconds(row.integer(7) ?? 0))
    }

    package func open(_ run: QueueRun, batches: [SharedBatch]) async throws(QueueError) -> QueueRun {
        try await perform { session in
            try session.transaction {
                let inserted = try session.rows(
                    """
                    insert into dt_ci.queue_run (name, attempt, plan, source, version, rules, target, patience)
                    values ($1, $2::int, $3, $4, $5, $6::int, $7, $8::bigint * interval '1 ms')
                    on conflict do nothing returning id
                    """,
                    [
                        .text(run.key.run), .integer(run.key.attempt), .text(run.plan), .optional(run.commit),
                        .text(run.version), .integer(run.rules), .text(run.target),
                        .integer(Int(run.patience.milliseconds)),
                    ])
                guard let id = inserted.first?.integer(0) else { return try Self.find(run.key, session) ?? run }
                try Self.insert(batches, into: id, session)
                return run
            }
        }
    }

    private static func insert(_ batches: [SharedBatch], into run: Int, _ session: PostgresSession) throws {
        let needs = QueueRules.needs(of: batches)
        try session.rows(
            """
            insert into dt_ci.queue_batch (run, number, id, suite, units, estimate, requirement, rank, needs)
            select $1::int, b.* from unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[],
                $8::int[], $9::int[]) b
            """,
            [
                .integer(run), .integers(Array(batches.indices)), .texts(batches.map(\.id.rawValue)),
                .texts(batches.map(\.suite.rawValue)), .texts(batches.map { StoredBatch.text(of: $0.units) }),
                .integers(batches.map { Int($0.estimate.microseconds) }), .texts(batches.map(\.requirement)),
                .integers(QueueRules.ranks(of: batches)), .integers(needs.map(\.count)),
            ])
        let pairs = needs.enumerated().flatMap { batch, needs in needs.map { (need: $0, batch: batch) } }
        guard !pairs.isEmpty else { return }
        try session.rows(
            """
            insert into dt_ci.queue_dependency (run, need, batch)
            select $1::int, d.* from unnest($2::int[], $3::int[]) d
            """, [.integer(run), .integers(pairs.map(\.need)), .integers(pairs.map(\.batch))])
    }

    package func join(_ key: QueueKey, as name: String) async throws(QueueError) -> QueueSeat {
        try await perform(key) { run in
            try run.session.transaction {
                // Two that arrive at once must not get one number.
                try run.rows("select 1 from dt_ci.queue_run where id = $1::int for update")
                let number = try run.rows(
                    """
                    insert into dt_ci.queue_node (run, number, name)
                    select $1::int, coalesce(max(number) + 1, 0), $2::text from dt_ci.queue_node where run = $1::int
                    returning number
                    """, [.text(name)]
                ).first?.integer(0)
                return QueueSeat(key: key, number: number ?? 0)
            }
        }
    }

    package func prune(olderThan age: Duration) async throws(QueueError) -> Int {
        let pruned = try await perform { session in
            try session.rows(
                "delete from dt_ci.queue_run where touched < clock_timestamp() - $1::bigint * interval '1 ms'",
                [.integer(Int(age.milliseconds))]
            ).changed
        }
        if pruned > 0 { forgetRows() }
        return pruned
    }
}
