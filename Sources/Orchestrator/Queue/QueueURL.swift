import CICore
package import PostgreSQL
package import SystemPackage

/// Where a queue is, as `--queue` and `run: queue:` name it.
package enum QueueURL: Sendable, Hashable, CustomStringConvertible {
    /// In this process, for nobody else.
    case memory
    /// A SQLite file for the processes of one machine.
    case file(FilePath)
    /// A database for many machines.
    case postgres(PostgresURL)

    /// Reads `memory:`, `sqlite:PATH`, `postgres://…`, or a path; relative paths start from the project's root.
    ///
    /// - Throws: `.malformedURL` for anything else.
    package init(_ text: String, root: FilePath) throws(QueueError) {
        let scheme = text.prefix { $0 != ":" }
        guard scheme.count < text.count else {
            self = .file(try Self.path(text, root))
            return
        }
        let rest = text.dropFirst(scheme.count + 1)
        switch scheme {
        case "memory" where rest.isEmpty: self = .memory
        case "sqlite": self = .file(try Self.path(String(rest.hasPrefix("//") ? rest.dropFirst(2) : rest), root))
        case _ where PostgresURL.schemes.contains(String(scheme)):
            do {
                self = .postgres(try PostgresURL(text))
            } catch {
                throw QueueError(.malformedURL, error.description)
            }
        case _ where scheme.contains("/"): self = .file(try Self.path(text, root))
        default: throw Self.refusal(of: "\(scheme):")
        }
    }

    private static func path(_ text: String, _ root: FilePath) throws(QueueError) -> FilePath {
        guard !text.isEmpty, !text.utf8.contains(0), text != ":memory:" else { throw refusal(of: "this") }
        return root.pushing(FilePath(text))
    }

    /// Names the scheme only: the rest of a URL can hold a password.
    private static func refusal(of what: String) -> QueueError {
        QueueError(
            .malformedURL,
            "\(SafeText.line(what, limit: 40)) names no queue: use postgres://USER@HOST/DATABASE, sqlite:PATH or memory:"
        )
    }

    /// Opens the place; a database is asked when it is first needed.
    ///
    /// - Throws: for a file that is no queue or cannot be written.
    package func open() throws(QueueError) -> any RunQueue {
        switch self {
        case .memory: MemoryQueue()
        case .file(let path): try SQLiteQueue(path: path)
        case .postgres(let url): PostgresQueue(url)
        }
    }

    /// Without a password.
    package var description: String {
        switch self {
        case .memory: "memory:"
        case .file(let path): "sqlite:\(path)"
        case .postgres(let url): url.description
        }
    }

    /// Whether others can take part in a run that is there.
    package var isShared: Bool { self != .memory }
}
