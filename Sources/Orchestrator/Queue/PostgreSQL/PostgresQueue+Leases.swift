import CICore
import PostgreSQL

extension PostgresQueue {
    package func lease(_ seat: QueueSeat, _ wish: LeaseWish) async throws(QueueError) -> [Lease] {
        try await perform(seat.key) { run in
            try run.rows(
                Self.claim,
                [
                    .integer(seat.number), wish.requirements.map(PostgresValue.texts) ?? .null,
                    .text(wish.isIdle && wish.count == 1 ? "t" : "f"), .integer(wish.count),
                ]
            ).map { row in (rank: row.integer(3) ?? 0, lease: PostgresRun.lease(row)) }
                .sorted { ($0.rank, $0.lease.number) < ($1.rank, $1.lease.number) }.map(\.lease)
        }
    }

    private static let claim = """
        with picked as (
            select number from dt_ci.queue_batch
            where run = $1::int and state = 0 and needs = 0 and (not isolated or $4::bool)
                and exists (
                    select 1 from dt_ci.queue_node where run = $1::int and number = $2::int and presence = 0)
                and ($3::text[] is null or requirement = any ($3::text[]))
                and (shunned is null or shunned <> $2::int or shunned_until <= clock_timestamp())
            order by rank, number limit $5::int for update skip locked)
        update dt_ci.queue_batch b set state = 1, holder = $2::int, token = token + 1
        from picked where b.run = $1::int and b.number = picked.number
        returning b.number, token, isolated, rank, id, suite, units, estimate, requirement
        """

    package func leases(_ seat: QueueSeat) async throws(QueueError) -> [Lease] {
        try await perform(seat.key) { run in
            try run.rows(
                """
                select number, token, isolated, rank, id, suite, units, estimate, requirement
                from dt_ci.queue_batch where run = $1::int and holder = $2::int and state = 1 order by number
                """, [.integer(seat.number)]
            ).map(PostgresRun.lease)
        }
    }

    package func finish(_ seat: QueueSeat, _ ended: [EndedLease]) async throws(QueueError) -> EndAnswer {
        try await perform(seat.key) { run in
            let rows = try run.rows(
                Self.ending,
                [
                    .integer(seat.number), .integers(ended.map(\.lease.number)), .integers(ended.map(\.lease.token)),
                    .integers(ended.map(\.failed)), .texts(ended.map(\.results)),
                ])
            return EndAnswer(
                accepted: Set(rows.map { $0.integer(0) ?? -1 }),
                failures: rows.map { $0.integer(1) }.lazy.compactMap(\.self).first)
        }
    }

    /// What was said before is accepted again, and has no effects again: the last part sees the state before.
    private static let ending = """
        with given as (
            select * from unnest($3::int[], $4::bigint[], $5::int[], $6::text[]) g(number, token, failed, results)),
        ended as (
            update dt_ci.queue_batch b set state = 2, results = g.results from given g
            where b.run = $1::int and b.number = g.number and b.token = g.token and b.holder = $2::int and b.state = 1
            returning b.number, g.failed),
        freed as (
            update dt_ci.queue_batch b set needs = needs - d.count from (
                select batch, count(*) from dt_ci.queue_dependency join ended on need = number where run = $1::int
                group by batch) d
            where b.run = $1::int and b.number = d.batch returning b.needs),
        counted as (
            update dt_ci.queue_run set failures = failures + (select sum(failed) from ended)
            where id = $1::int and (select sum(failed) from ended) > 0 returning failures),
        woken as (select pg_notify('\(PostgresQueueSchema.channel)', '') from freed where needs = 0 limit 1)
        select number, (select failures from counted), (select count(*) from woken) from ended
        union all
        select b.number, null, 0 from dt_ci.queue_batch b join given g using (number, token)
        where b.run = $1::int and b.holder = $2::int and b.state = 2
        """

    package func release(_ seat: QueueSeat, _ leases: [Lease]?) async throws(QueueError) {
        try await perform(seat.key) { run in
            try run.session.transaction {
                let named = leases.map { Dictionary($0.map { ($0.number, $0.token) }) { first, _ in first } }
                for held in try run.held(by: seat.number) where named.map({ $0[held.number] == held.token }) ?? true {
                    try run.apply(QueueRules.afterRelease(held.facts), to: held, shunning: seat.number)
                }
                try run.wake()
            }
        }
    }

    package func beat(_ seat: QueueSeat) async throws(QueueError) -> QueueProgress {
        try await perform(seat.key) { run in
            try run.rows(
                """
                with me as (
                    update dt_ci.queue_node set heard = clock_timestamp(),
                        presence = case presence when 2 then 0 else presence end
                    where run = $1::int and number = $2::int)
                update dt_ci.queue_run set touched = clock_timestamp() where id = $1::int
                """, [.integer(seat.number)])
            try run.sweep()
            return try run.progress()
        }
    }

    package func stop(_ key: QueueKey, because reason: String) async throws(QueueError) {
        try await perform(key) { run in
            try run.session.transaction {
                try run.rows(
                    "update dt_ci.queue_run set stop = $2::text where id = $1::int and stop is null", [.text(reason)])
                try run.rows("update dt_ci.queue_batch set state = 4 where run = $1::int and state = 0")
                try run.wake()
            }
        }
    }

    package func adopt(_ seat: QueueSeat, knowing known: Set<Int>) async throws(QueueError) -> [Orphan] {
        try await perform(seat.key) { run in
            try run.rows(
                """
                update dt_ci.queue_batch set holder = $2::int where run = $1::int and state in (2, 3)
                    and (holder is null
                        or holder in (select number from dt_ci.queue_node where run = $1::int and presence = 2))
                """, [.integer(seat.number)])
            return try run.rows(
                """
                select number, state, deaths, results, id, suite, units, estimate, requirement
                from dt_ci.queue_batch where run = $1::int and holder = $2::int and state in (2, 3)
                    and number <> all ($3::int[])
                order by number
                """, [.integer(seat.number), .integers(Array(known))]
            ).map(PostgresRun.orphan)
        }
    }

    package func held(_ seat: QueueSeat) async throws(QueueError) -> Set<Int> {
        try await perform(seat.key) { run in
            Set(
                try run.rows(
                    "select number from dt_ci.queue_batch where run = $1::int and holder = $2::int and state in (2, 3)",
                    [.integer(seat.number)]
                ).map { $0.integer(0) ?? -1 })
        }
    }

    package func seal(_ seat: QueueSeat) async throws(QueueError) {
        try await perform(seat.key) { run in
            try run.rows(
                "update dt_ci.queue_node set presence = 1 where run = $1::int and number = $2::int",
                [.integer(seat.number)])
            try run.wake()
        }
    }
}
