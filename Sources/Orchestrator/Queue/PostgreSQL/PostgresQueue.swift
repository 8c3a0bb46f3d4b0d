import CICore
package import PostgreSQL
import Synchronization

/// A queue in a PostgreSQL database, for many machines.
///
/// Each worker's statement skips what others have locked, so that none waits for another; the server's clock decides what
/// is late.
package final class PostgresQueue: RunQueue {
    private let connection: PostgresConnection
    private let bell: QueueBell
    private let isReady = Mutex(false)
    /// The row of each run that was asked for.
    private let runs = Mutex<[QueueKey: Int]>([:])

    /// Connects when it is first asked for something.
    package init(_ url: PostgresURL, limits: PostgresSession.Limits = .init()) {
        let bell = QueueBell()
        self.bell = bell
        connection = PostgresConnection(
            url, limits: limits, greeting: "listen \(PostgresQueueSchema.channel)", onNotification: { _ in bell.ring() }
        )
    }

    package var place: String { connection.url.description }

    package func change(within limit: Duration) async { await bell.wait(limit) }

    package func close() async { await connection.close() }

    /// Runs the body on the connection, with the tables in place.
    func perform<Value: Sendable>(
        _ body: @escaping @Sendable (PostgresSession) throws -> Value
    ) async throws(QueueError) -> Value {
        do {
            return try await connection.perform { session in
                if !self.isReady.withLock({ $0 }) {
                    try PostgresQueueSchema.migrate(session, at: self.place)
                    self.isReady.withLock { $0 = true }
                }
                return try body(session)
            }
        } catch {
            throw Self.error(error)
        }
    }

    /// The same about a run.
    func perform<Value: Sendable>(
        _ key: QueueKey, _ body: @escaping @Sendable (PostgresRun) throws -> Value
    ) async throws(QueueError) -> Value {
        try await perform { session in
            guard let id = try self.row(of: key, session) else { throw QueueError.missing(key, at: self.place) }
            return try body(PostgresRun(id: id, key: key, session: session))
        }
    }

    private func row(of key: QueueKey, _ session: PostgresSession) throws -> Int? {
        if let id = runs.withLock({ $0[key] }) { return id }
        let id = try session.rows(
            "select id from dt_ci.queue_run where name = $1::text and attempt = $2::int",
            [.text(key.run), .integer(key.attempt)]
        ).first?.integer(0)
        runs.withLock { $0[key] = id }
        return id
    }

    /// Forgets rows that may be gone.
    func forgetRows() { runs.withLock { $0 = [:] } }

    private static func error(_ error: any Error) -> QueueError {
        if let error = error as? QueueError { return error }
        guard let error = error as? PostgresError else { return QueueError(.unusable, "\(error)") }
        switch error.code {
        case .malformedURL: return QueueError(.malformedURL, error.description)
        case .unreachable, .lost, .timedOut, .conflict: return QueueError(.unreachable, error.description)
        case .libraryMissing, .denied: return QueueError(.unusable, error.description)
        // A table or column that is not there or not ours.
        case .refused(let state) where ["42P01", "42703", "42P07", "42804"].contains(state):
            return QueueError(
                .foreign, "\(error.description): the schema dt_ci of this database is no queue of dt-ci")
        case .refused: return QueueError(.unusable, error.description)
        }
    }
}
