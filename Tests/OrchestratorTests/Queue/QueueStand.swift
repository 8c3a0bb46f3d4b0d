import CICore
import PostgreSQL
import PostgresServer
import Synchronization
import SystemPackage

@testable import Orchestrator

/// The places that every queue test runs at.
enum QueuePlace: String, CaseIterable, Sendable {
    case memory
    case sqlite
    case postgres

    /// A queue of its own there.
    func stand() throws -> QueueStand {
        switch self {
        case .memory: QueueStand.inMemory()
        case .sqlite: try QueueStand.inFile()
        case .postgres: try QueueStand.inDatabase()
        }
    }
}

/// One place with a queue, whose time the test makes.
struct QueueStand: Sendable {
    let queue: any RunQueue
    /// Another process's view of the same place.
    let another: @Sendable () throws -> any RunQueue
    /// Lets time pass for the queue.
    let advance: @Sendable (Duration) async throws -> Void

    static func inMemory() -> QueueStand {
        let clock = HandClock()
        let queue = MemoryQueue { clock.now }
        return QueueStand(queue: queue, another: { queue }, advance: { clock.advance($0) })
    }

    static func inFile() throws -> QueueStand {
        let clock = HandClock()
        let directory = try ScratchDirectory()
        let path = directory.path.appending("queue.db")
        return QueueStand(
            queue: try SQLiteQueue(path: path) { clock.now },
            another: {
                // The directory lives as long as somebody can open another one.
                try withExtendedLifetime(directory) { try SQLiteQueue(path: path) { clock.now } }
            }, advance: { clock.advance($0) })
    }

    static func inDatabase() throws -> QueueStand {
        let url = try PostgresURL(PostgresServer.shared.get().database())
        let admin = PostgresConnection(url)
        return QueueStand(
            queue: PostgresQueue(url), another: { PostgresQueue(url) },
            advance: { time in
                // The server's clock cannot be set: everything that was noted becomes older instead.
                let value = PostgresValue.integer(Int(time.milliseconds))
                for column in ["queue_node set heard = heard", "queue_run set touched = touched"] {
                    try await admin.rows("update dt_ci.\(column) - $1::bigint * interval '1 ms'", [value])
                }
                try await admin.rows(
                    """
                    update dt_ci.queue_batch set shunned_until = shunned_until - $1::bigint * interval '1 ms'
                    where shunned_until is not null
                    """, [value])
            })
    }

    /// A run with these batches, and a node in it.
    func begin(
        _ batches: [SharedBatch], key: QueueKey = QueueKey(run: "r"), patience: Duration = .seconds(60)
    ) async throws -> QueueSeat {
        _ = try await queue.open(.sample(key, patience: patience), batches: batches)
        return try await queue.join(key, as: "first")
    }
}

/// A clock that a test moves.
final class HandClock: Sendable {
    private let time = Mutex<Int64>(1_800_000_000_000)

    var now: Int64 { time.withLock { $0 } }

    func advance(_ duration: Duration) { time.withLock { $0 += duration.milliseconds } }
}

extension QueueRun {
    static func sample(_ key: QueueKey = QueueKey(run: "r"), patience: Duration = .seconds(60)) -> QueueRun {
        QueueRun(key: key, plan: "abc", commit: "c0ffee", version: "0.1.0", target: "{\"nodes\":2}", patience: patience)
    }
}

extension SharedBatch {
    /// A batch with so many units that takes so many seconds.
    static func sample(
        _ id: String, _ seconds: Int = 1, units: Int = 1, requirement: String = "", after: [String] = []
    ) -> SharedBatch {
        SharedBatch(
            id: BatchID(id), suite: "s", units: (0..<units).map { UnitID("s::\(id)-\($0)") },
            estimate: .seconds(seconds), requirement: requirement, after: after.map { BatchID($0) })
    }
}
