package import CICore
import Dispatch
import GRDB
package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A queue in one SQLite file, for the processes of one machine.
///
/// Write-ahead log, every transaction takes its lock at the start. Its clock never goes back and is as far as that of the
/// process that is ahead, so that processes whose clocks differ do not take each other for lost.
///
/// `@unchecked`: `runs` is only touched on `turn`, everything else is immutable and safe to share.
package final class SQLiteQueue: RunQueue, @unchecked Sendable {
    package let path: FilePath
    let now: @Sendable () -> Int64
    private let database: DatabaseQueue
    private let turn = DispatchQueue(label: "dt-ci.queue")
    /// The row of each run that was asked for.
    private var runs: [QueueKey: Int64] = [:]
    private static let busyTimeout = Duration.seconds(20)
    private static let lookAgain = Duration.milliseconds(50)

    /// Opens the file; creates it and its directory where nothing is.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - files: where it is.
    ///   - now: the clock, in milliseconds.
    /// - Throws: `.foreign` for somebody else's database, `.otherVersion` for one of a newer dt-ci, `.unusable` for a
    ///   place where nothing can be written.
    package init(
        path: FilePath, files: some FileSystem = LocalFileSystem(),
        now: @escaping @Sendable () -> Int64 = QueueClock.milliseconds
    ) throws(QueueError) {
        self.path = path
        self.now = now
        do {
            try files.createDirectory(path.removingLastComponent())
            database = try Self.open(path)
            try database.writeWithoutTransaction(SQLiteQueueSchema.migrate)
        } catch {
            throw QueueError(error, at: path)
        }
    }

    package var place: String { "sqlite:\(path)" }

    private static func open(_ path: FilePath) throws -> DatabaseQueue {
        var configuration = GRDB.Configuration()
        configuration.journalMode = .wal
        configuration.label = "dt-ci.queue"
        // Transactions take a tenth of a millisecond, and SQLite's own waits are ten times that.
        configuration.busyMode = .callback { tries in
            usleep(tries < 100 ? 200 : 2000)
            return tries < 100 + Int(busyTimeout / .milliseconds(2))
        }
        // Switching to the write-ahead log takes a lock that SQLite does not wait for.
        for _ in 0..<100 {
            do {
                return try DatabaseQueue(path: path.string, configuration: configuration)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                continue
            }
        }
        return try DatabaseQueue(path: path.string, configuration: configuration)
    }

    // MARK: Transactions

    /// Runs a transaction that holds the write lock from its start; not on the caller's thread.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(QueueError) -> Value {
        try await perform { database in
            var value: Value?
            try database.inTransaction(.immediate) {
                value = try body(database)
                return .commit
            }
            guard let value else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
            return value
        }
    }

    /// A transaction about a run.
    func write<Value: Sendable>(
        _ key: QueueKey, _ body: @escaping @Sendable (SQLiteRun) throws -> Value
    ) async throws(QueueError) -> Value {
        try await write { database in
            guard let id = try self.row(of: key, database) else { throw QueueError.missing(key, at: self.place) }
            return try body(SQLiteRun(id: id, key: key, database: database, now: self.now()))
        }
    }

    /// Statements without a transaction of their own.
    func perform<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(QueueError) -> Value {
        let result: Result<Value, QueueError> = await withCheckedContinuation { continuation in
            turn.async {
                do {
                    continuation.resume(returning: .success(try self.database.writeWithoutTransaction(body)))
                } catch {
                    continuation.resume(returning: .failure(QueueError(error, at: self.path)))
                }
            }
        }
        return try result.get()
    }

    private func row(of key: QueueKey, _ database: Database) throws -> Int64? {
        if let id = runs[key] { return id }
        let id = try Int64.fetchOne(
            database, sql: "SELECT id FROM run WHERE name = ? AND attempt = ?", arguments: [key.run, key.attempt])
        runs[key] = id
        return id
    }

    /// Forgets rows that may be gone.
    func forgetRows() { turn.async { self.runs = [:] } }

    // MARK: Waiting

    /// Other processes are seen by the file's version.
    package func change(within limit: Duration) async {
        let end = ContinuousClock.now + limit
        let before = await version()
        // Cancelled, or over.
        while ContinuousClock.now < end, (try? await Task.sleep(for: Self.lookAgain)) != nil {
            if await version() != before { return }
        }
    }

    private func version() async -> Int? {
        // What cannot be read now is told by whoever asks for more than this.
        try? await perform { try Int.fetchOne($0, sql: "PRAGMA data_version") }
    }

    package func close() async {
        // Closing is a courtesy: the process may end without.
        await withCheckedContinuation { continuation in
            turn.async {
                try? self.database.close()
                continuation.resume()
            }
        }
    }
}

extension QueueError {
    /// Reads SQLite's result codes.
    init(_ error: any Error, at path: FilePath) {
        if let error = error as? QueueError {
            self = error
            return
        }
        switch error as? SQLiteQueueSchema.Problem {
        case .foreignDatabase?:
            self.init(.foreign, "\(path) is a database of another program, not a queue: choose another file")
            return
        case .newer(let version)?:
            self.init(
                .otherVersion,
                "the queue \(path) was made by a newer dt-ci (schema \(version), this one has "
                    + "\(SQLiteQueueSchema.migrations.count)): use one version of dt-ci on all nodes")
            return
        case nil: break
        }
        let database = error as? DatabaseError
        let reason = SafeText.line(database?.message ?? "\(error)", limit: 200)
        switch database?.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_FULL, .SQLITE_IOERR:
            self.init(.unreachable, "the queue \(path) cannot be used now: \(reason)")
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            self.init(.foreign, "\(path) is no queue, or is damaged (\(reason)): choose another file")
        default:
            self.init(.unusable, "the queue \(path) cannot be used: \(reason); check its permissions")
        }
    }
}
