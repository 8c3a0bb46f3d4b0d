import CICore
import GRDB

/// One run within a transaction.
struct SQLiteRun {
    let id: Int64
    let key: QueueKey
    let database: Database
    /// The process's own clock.
    let now: Int64

    /// A leased batch, as far as the rules ask.
    struct Held {
        var number: Int
        var token: Int
        var batch: SharedBatch
        var facts: QueueRules.Facts
    }

    func execute(_ sql: String, _ arguments: [String: (any DatabaseValueConvertible)?] = [:]) throws {
        try database.cachedStatement(sql: sql).execute(
            arguments: StatementArguments(arguments.merging(["run": id]) { given, _ in given }))
    }

    func number(_ sql: String) throws -> Int {
        try Int.fetchOne(try database.cachedStatement(sql: sql), arguments: ["run": id]) ?? 0
    }

    // MARK: The clock

    /// The time of the queue, which goes on with it.
    func tick() throws -> Int64 { try Self.time(database, now) }

    /// Small steps are not written: nothing here is that short.
    static func time(_ database: Database, _ own: Int64) throws -> Int64 {
        let stored = try Int64.fetchOne(try database.cachedStatement(sql: "SELECT time FROM clock")) ?? 0
        if own > stored + 100 {
            try database.cachedStatement(sql: "UPDATE clock SET time = ?").execute(arguments: [own])
        }
        return max(own, stored)
    }

    // MARK: Ends

    /// What waits for a batch that has ended waits for one less.
    func unlock(_ number: Int) throws {
        try execute(
            """
            UPDATE batch SET needs = needs - 1 WHERE run = :run
                AND number IN (SELECT batch FROM dependency WHERE run = :run AND need = :number)
            """, ["number": number])
    }

    /// Whether the batch's results are the node's, from this very lease.
    func answers(_ seat: QueueSeat, _ lease: Lease) throws -> Bool {
        try Row.fetchOne(
            database,
            sql: "SELECT 1 FROM batch WHERE run = ? AND number = ? AND state = 2 AND holder = ? AND token = ?",
            arguments: [id, lease.number, seat.number, lease.token]) != nil
    }

    func held(by node: Int) throws -> [Held] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT number, token, deaths, isolated, id, suite, units, estimate, requirement FROM batch
                WHERE run = ? AND holder = ? AND state = 1 ORDER BY number
                """, arguments: [id, node]
        ).map { row in
            let batch = Self.batch(row)
            return Held(
                number: row["number"], token: row["token"], batch: batch,
                facts: .init(units: batch.units.count, deaths: row["deaths"], isIsolated: row["isolated"]))
        }
    }

    /// Takes back what nodes hold that were not heard of for too long.
    func sweep(at time: Int64) throws {
        let lost = try Int.fetchAll(
            try database.cachedStatement(
                sql: """
                    SELECT number FROM node WHERE run = :run AND presence = 0
                        AND heard < :now - (SELECT patience FROM run WHERE id = :run)
                    """), arguments: ["run": id, "now": time])
        for number in lost {
            try execute("UPDATE node SET presence = 2 WHERE run = :run AND number = :seat", ["seat": number])
            for held in try held(by: number) {
                try apply(QueueRules.afterDeath(held.facts), to: held, shunning: number)
            }
        }
    }

    func apply(_ consequence: QueueRules.Consequence, to held: Held, shunning node: Int) throws {
        let until = try tick() + Int64(try number("SELECT patience FROM run WHERE id = :run"))
        let isStopped = try number("SELECT stop IS NOT NULL FROM run WHERE id = :run") == 1
        let state = (isStopped ? RunBook.State.cancelled : .waiting).rawValue
        switch consequence {
        case .again(let deaths, let isIsolated):
            try execute(
                """
                UPDATE batch SET state = :state, holder = NULL, rank = -1, deaths = :deaths, isolated = :isolated,
                    shunned = :node, shunned_until = :until WHERE run = :run AND number = :number
                """,
                [
                    "state": state, "deaths": deaths, "isolated": isIsolated, "node": node, "until": until,
                    "number": held.number,
                ])
        case .giveUp(let deaths):
            try end(held, .failed, deaths: deaths)
            try unlock(held.number)
        case .cut(let deaths):
            try end(held, .cut, deaths: deaths)
            let first = try number("SELECT MAX(number) + 1 FROM batch WHERE run = :run")
            for index in held.batch.units.indices {
                try database.cachedStatement(sql: Self.insertion).execute(
                    arguments: Self.arguments(
                        of: held.batch.part(index), in: id, as: first + index, rank: -1, needs: 0))
                try execute(
                    """
                    UPDATE batch SET state = :state, deaths = :deaths, isolated = 1, shunned = :node,
                        shunned_until = :until WHERE run = :run AND number = :number
                    """,
                    ["state": state, "deaths": deaths, "node": node, "until": until, "number": first + index])
            }
            try handOn(held.number, to: first..<(first + held.batch.units.count))
        }
    }

    private func end(_ held: Held, _ state: RunBook.State, deaths: Int) throws {
        try execute(
            "UPDATE batch SET state = :state, holder = NULL, deaths = :deaths WHERE run = :run AND number = :number",
            ["state": state.rawValue, "deaths": deaths, "number": held.number])
    }

    /// What waited for a batch waits for its parts.
    private func handOn(_ number: Int, to parts: Range<Int>) throws {
        try execute(
            """
            UPDATE batch SET needs = needs + :more WHERE run = :run
                AND number IN (SELECT batch FROM dependency WHERE run = :run AND need = :number)
            """, ["more": parts.count - 1, "number": number])
        for part in parts {
            try execute(
                """
                INSERT INTO dependency (run, need, batch)
                    SELECT run, :part, batch FROM dependency WHERE run = :run AND need = :number
                """, ["part": part, "number": number])
        }
        try execute("DELETE FROM dependency WHERE run = :run AND need = :number", ["number": number])
    }
}
