import CICore
import GRDB

extension SQLiteQueue {
    package func lease(_ seat: QueueSeat, _ wish: LeaseWish) async throws(QueueError) -> [Lease] {
        try await write(seat.key) { run in
            let requirements = wish.requirements.map {
                StoredBatch.text(of: $0.map { UnitID($0) })
            }
            return try Row.fetchAll(
                try run.database.cachedStatement(sql: Self.claim),
                arguments: [
                    "run": run.id, "seat": seat.number, "count": wish.count, "requirements": requirements,
                    "alone": wish.isIdle && wish.count == 1, "now": try run.tick(),
                ]
            ).map(SQLiteRun.lease).sorted { ($0.rank, $0.lease.number) < ($1.rank, $1.lease.number) }.map(\.lease)
        }
    }

    private static let claim = """
        UPDATE batch SET state = 1, holder = :seat, token = token + 1
        WHERE run = :run AND EXISTS (SELECT 1 FROM node WHERE run = :run AND number = :seat AND presence = 0)
            AND number IN (
            SELECT number FROM batch INDEXED BY batch_ready
            WHERE run = :run AND state = 0 AND needs = 0 AND (isolated = 0 OR :alone)
                AND (:requirements IS NULL OR requirement IN (SELECT value FROM json_each(:requirements)))
                AND (shunned IS NULL OR shunned <> :seat OR shunned_until <= :now)
            ORDER BY rank, number LIMIT :count)
        RETURNING number, token, isolated, rank, id, suite, units, estimate, requirement
        """

    package func finish(_ seat: QueueSeat, _ ended: [EndedLease]) async throws(QueueError) -> EndAnswer {
        try await write(seat.key) { run in
            var answer = EndAnswer(accepted: [])
            var failed = 0
            let statement = try run.database.cachedStatement(
                sql: """
                    UPDATE batch SET state = 2, results = :results WHERE run = :run AND number = :number
                        AND state = 1 AND holder = :seat AND token = :token
                    """)
            for end in ended {
                try statement.execute(
                    arguments: [
                        "results": end.results, "run": run.id, "number": end.lease.number, "seat": seat.number,
                        "token": end.lease.token,
                    ])
                guard run.database.changesCount == 1 else {
                    if try run.answers(seat, end.lease) { answer.accepted.insert(end.lease.number) }
                    continue
                }
                answer.accepted.insert(end.lease.number)
                failed += end.failed
                try run.unlock(end.lease.number)
            }
            if failed > 0 {
                try run.execute("UPDATE run SET failures = failures + :failed WHERE id = :run", ["failed": failed])
                answer.failures = try run.number("SELECT failures FROM run WHERE id = :run")
            }
            return answer
        }
    }

    package func release(_ seat: QueueSeat, _ leases: [Lease]?) async throws(QueueError) {
        try await write(seat.key) { run in
            let named = leases.map { Dictionary($0.map { ($0.number, $0.token) }) { first, _ in first } }
            for held in try run.held(by: seat.number) where named.map({ $0[held.number] == held.token }) ?? true {
                try run.apply(QueueRules.afterRelease(held.facts), to: held, shunning: seat.number)
            }
        }
    }

    package func beat(_ seat: QueueSeat) async throws(QueueError) -> QueueProgress {
        try await write(seat.key) { run in
            let now = try run.tick()
            try run.execute(
                """
                UPDATE node SET heard = :now, presence = CASE presence WHEN 2 THEN 0 ELSE presence END
                WHERE run = :run AND number = :seat
                """, ["now": now, "seat": seat.number])
            try run.execute("UPDATE run SET touched = :now WHERE id = :run", ["now": now])
            try run.sweep(at: now)
            return try run.progress()
        }
    }

    package func stop(_ key: QueueKey, because reason: String) async throws(QueueError) {
        try await write(key) { run in
            try run.execute("UPDATE run SET stop = :reason WHERE id = :run AND stop IS NULL", ["reason": reason])
            try run.execute("UPDATE batch SET state = 4 WHERE run = :run AND state = 0")
        }
    }

    package func leases(_ seat: QueueSeat) async throws(QueueError) -> [Lease] {
        try await write(seat.key) { run in
            try run.held(by: seat.number).map { held in
                Lease(
                    number: held.number, token: held.token, batch: held.batch, isIsolated: held.facts.isIsolated)
            }
        }
    }

    package func adopt(_ seat: QueueSeat, knowing known: Set<Int>) async throws(QueueError) -> [Orphan] {
        try await write(seat.key) { run in
            try run.execute(
                """
                UPDATE batch SET holder = :seat WHERE run = :run AND state IN (2, 3) AND (holder IS NULL
                    OR holder IN (SELECT number FROM node WHERE run = :run AND presence = 2))
                """, ["seat": seat.number])
            return try Row.fetchAll(
                run.database,
                sql: "SELECT * FROM batch WHERE run = ? AND holder = ? AND state IN (2, 3) ORDER BY number",
                arguments: [run.id, seat.number]
            ).filter { !known.contains($0["number"]) }.map(SQLiteRun.orphan)
        }
    }

    package func held(_ seat: QueueSeat) async throws(QueueError) -> Set<Int> {
        try await write(seat.key) { run in
            Set(
                try Int.fetchAll(
                    run.database, sql: "SELECT number FROM batch WHERE run = ? AND holder = ? AND state IN (2, 3)",
                    arguments: [run.id, seat.number]))
        }
    }

    package func seal(_ seat: QueueSeat) async throws(QueueError) {
        try await write(seat.key) { run in
            try run.execute(
                "UPDATE node SET presence = 1 WHERE run = :run AND number = :seat", ["seat": seat.number])
        }
    }
}
