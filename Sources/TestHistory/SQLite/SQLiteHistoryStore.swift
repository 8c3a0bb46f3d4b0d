package import CICore
import GRDB
package import SystemPackage

/// The embedded history: one SQLite file that several processes may use at once.
///
/// Write-ahead log with `synchronous = NORMAL`: a killed process loses at most its unfinished transaction, a power cut at
/// most the last few; neither damages the file. Writers wait for each other up to `busyTimeout`; every write takes its
/// lock at the start, since a transaction that upgrades from reading fails at once.
package struct SQLiteHistoryStore: HistoryStore {
    package let path: FilePath
    let policy: HistoryPolicy
    private let queue: DatabaseQueue

    private static let busyTimeout = 20.0

    /// Opens the file and brings its schema up to date; creates it and its directory where nothing is.
    package init(
        path: FilePath, policy: HistoryPolicy = HistoryPolicy(), files: some FileSystem = LocalFileSystem()
    ) throws(HistoryError) {
        self.path = path
        self.policy = policy
        try Self.prepareDirectory(of: path, files: files)
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(Self.busyTimeout)
        configuration.label = "dt-ci.history"
        do {
            queue = try Self.opening { try DatabaseQueue(path: path.string, configuration: configuration) }
            try queue.writeWithoutTransaction(SQLiteSchema.migrate)
        } catch {
            throw HistoryError(error, at: path)
        }
    }

    package var location: String { "sqlite:\(path.string)" }

    /// Runs a query against one consistent state.
    func read<Value>(_ body: (Database) throws -> Value) throws(HistoryError) -> Value {
        do {
            return try queue.read(body)
        } catch {
            throw HistoryError(error, at: path)
        }
    }

    /// Runs a transaction that holds the write lock from its start.
    func write<Value>(_ body: (Database) throws -> Value) throws(HistoryError) -> Value {
        do {
            return try queue.writeWithoutTransaction { database in
                var value: Value?
                try database.inTransaction(.immediate) {
                    value = try body(database)
                    return .commit
                }
                guard let value else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
                return value
            }
        } catch {
            throw HistoryError(error, at: path)
        }
    }

    /// Runs statements that SQLite refuses within a transaction, such as `VACUUM`.
    func writeWithoutTransaction(_ body: (Database) throws -> Void) throws(HistoryError) {
        do {
            try queue.writeWithoutTransaction(body)
        } catch {
            throw HistoryError(error, at: path)
        }
    }

    /// Copies every page as of one instant.
    func backup(to copy: DatabaseQueue) throws { try queue.backup(to: copy) }

    /// Switching to the write-ahead log takes an exclusive lock that SQLite doesn't wait for: two processes that create the
    /// file at the same instant need another try.
    private static func opening(_ open: () throws -> DatabaseQueue) throws -> DatabaseQueue {
        for _ in 0..<100 {
            do {
                return try open()
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                continue
            }
        }
        return try open()
    }

    /// A new `.dt-ci` directory ignores itself in git.
    private static func prepareDirectory(of path: FilePath, files: some FileSystem) throws(HistoryError) {
        let directory = path.removingLastComponent()
        guard !directory.isEmpty, files.kind(of: directory) != .directory else { return }
        do {
            try files.createDirectory(directory)
            if directory.lastComponent?.string == ".dt-ci" {
                try files.write(Array("*\n".utf8), to: directory.appending(".gitignore"))
            }
        } catch {
            throw HistoryError(
                code: .unwritable, location: path.string,
                description: "the history at \(path) cannot be created: \(error); choose another place with --history",
                underlying: "\(error)")
        }
    }
}

extension HistoryError {
    /// Reads SQLite's result codes.
    init(_ error: any Error, at path: FilePath) {
        if let error = error as? HistoryError {
            self = error
            return
        }
        if let problem = error as? SQLiteSchema.Problem {
            self = Self.refusing(problem, at: path)
            return
        }
        let database = error as? DatabaseError
        let reason = database?.message ?? "\(error)"
        let (code, sentence): (Code, String) =
            switch database?.resultCode {
            case .SQLITE_CORRUPT, .SQLITE_NOTADB:
                (.corrupt, "is damaged (\(reason)): move it away, and the next run begins a new one")
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                (.busy, "is locked by another process (\(reason)): try again when that is done")
            case .SQLITE_FULL:
                (.unwritable, "cannot be written: the disk is full")
            case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_IOERR:
                (.unwritable, "cannot be opened or written (\(reason)): check its permissions and the disk")
            default:
                (.corrupt, "cannot be used (\(reason)): move it away, and the next run begins a new one")
            }
        self.init(
            code: code, location: path.string, description: "the history at \(path) \(sentence)",
            underlying: "\(error)")
    }

    private static func refusing(_ problem: SQLiteSchema.Problem, at path: FilePath) -> HistoryError {
        switch problem {
        case .foreignDatabase:
            HistoryError(
                code: .corrupt, location: path.string,
                description: "\(path) is a database of another program, not a history: choose another file")
        case .newer(let version):
            HistoryError(
                code: .newerSchema, location: path.string,
                description:
                    "the history at \(path) was written by a newer dt-ci (schema \(version), this one reads up to "
                    + "\(SQLiteSchema.migrations.count)): update dt-ci or choose another file")
        }
    }
}
