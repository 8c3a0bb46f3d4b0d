/// One connection as the connection's own queue sees it: it connects when it is first needed, and again after a loss.
///
/// Every wait has an end: a server that is gone without a word is found out by `limits.statement`.
package final class PostgresSession {
    /// How long things may take.
    package struct Limits: Sendable, Hashable {
        package var connect: Duration
        /// The server's `statement_timeout`; this side waits a little longer.
        package var statement: Duration

        package init(connect: Duration = .seconds(10), statement: Duration = .seconds(30)) {
            self.connect = connect
            self.statement = statement
        }
    }

    private let url: PostgresURL
    private let limits: Limits
    /// Run on every new connection, such as `listen …`.
    private let greeting: String
    private var link: PostgresLink?
    private let library: PostgresLibrary
    /// Told of each new connection, to watch it for notifications.
    var onLink: ((PostgresLink?) -> Void)?

    init(_ url: PostgresURL, limits: Limits, greeting: String, library: PostgresLibrary) {
        self.url = url
        self.limits = limits
        self.greeting = greeting
        self.library = library
    }

    /// Runs one statement; it is prepared the first time.
    @discardableResult
    package func rows(_ statement: String, _ values: [PostgresValue] = []) throws(PostgresError) -> PostgresRows {
        let link = try connected()
        do {
            return try link.rows(statement, values, until: .now + limits.statement + .seconds(2))
        } catch {
            throw closing(after: error)
        }
    }

    /// Runs several statements without parameters.
    package func execute(_ script: String) throws(PostgresError) {
        let link = try connected()
        do {
            try link.execute(script, until: .now + limits.statement + .seconds(2))
        } catch {
            throw closing(after: error)
        }
    }

    /// All or nothing; what the body throws rolls it back.
    package func transaction<Value>(_ body: () throws -> Value) throws -> Value {
        try execute("begin")
        do {
            let value = try body()
            try execute("commit")
            return value
        } catch {
            // A lost connection has rolled back already, and the first error is the one to tell.
            if link != nil { try? execute("rollback") }
            throw error
        }
    }

    /// Ends the connection.
    func close() {
        link = nil
        onLink?(nil)
    }

    /// The channels of notifications that came along with answers.
    func readNotifications() -> [String] { link?.readNotifications() ?? [] }

    /// A connection in doubt is not used again.
    private func closing(after error: PostgresError) -> PostgresError {
        if error.code == .lost || error.code == .timedOut { close() }
        return error
    }

    private func connected() throws(PostgresError) -> PostgresLink {
        if let link {
            if link.isUsable { return link }
            close()
        }
        guard library.open() else { throw .missingLibrary }
        let new = try PostgresLink(url, until: .now + limits.connect)
        let milliseconds = limits.statement.components.seconds * 1000
        try new.execute(
            "set statement_timeout = \(milliseconds); set lock_timeout = \(milliseconds); "
                + "set idle_in_transaction_session_timeout = \(milliseconds * 2); \(greeting)",
            until: .now + limits.connect)
        link = new
        onLink?(new)
        return new
    }
}
