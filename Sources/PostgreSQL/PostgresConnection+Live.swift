import Dispatch

/// A database connection for many tasks: what they ask for runs one after the other on a queue of its own, so that no
/// task's thread ever waits for the network.
///
/// `@unchecked`: the session is only touched on `queue`.
package final class PostgresConnection: @unchecked Sendable {
    package let url: PostgresURL
    private let queue = DispatchQueue(label: "dt-ci.postgres")
    private let session: PostgresSession
    private let onNotification: (@Sendable (String) -> Void)?
    private var watch: (any DispatchSourceRead)?

    /// Nothing is connected before something is asked for.
    ///
    /// - Parameters:
    ///   - url: the database.
    ///   - limits: how long things may take.
    ///   - greeting: statements for every new connection, such as `listen …`.
    ///   - library: libpq.
    ///   - onNotification: is given the channel of every notification, and "" for a connection that is new or gone,
    ///     since what was notified in between is unknown.
    package init(
        _ url: PostgresURL, limits: PostgresSession.Limits = .init(), greeting: String = "",
        library: PostgresLibrary = .system, onNotification: (@Sendable (String) -> Void)? = nil
    ) {
        self.url = url
        self.onNotification = onNotification
        session = PostgresSession(url, limits: limits, greeting: greeting, library: library)
        guard onNotification != nil else { return }
        session.onLink = { [weak self] in self?.watch($0) }
    }

    deinit { watch?.cancel() }

    /// Runs the body with the session; connects first where there is no connection.
    package func perform<Value: Sendable>(
        _ body: @escaping @Sendable (PostgresSession) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                self.watch?.suspend()
                let watched = self.watch
                let result = Result { try body(self.session) }
                if let onNotification = self.onNotification { self.session.readNotifications().forEach(onNotification) }
                watched?.resume()
                continuation.resume(with: result)
            }
        }
    }

    /// Runs one statement.
    @discardableResult
    package func rows(_ statement: String, _ values: [PostgresValue] = []) async throws -> PostgresRows {
        try await perform { try $0.rows(statement, values) }
    }

    /// Ends the connection; the next statement makes a new one.
    package func close() async {
        await withCheckedContinuation { continuation in
            queue.async {
                self.session.close()
                continuation.resume()
            }
        }
    }

    /// The handler keeps the link alive: a socket must not be closed while it is watched.
    private func watch(_ link: PostgresLink?) {
        watch?.cancel()
        watch = nil
        onNotification?("")
        guard let link else { return }
        let source = DispatchSource.makeReadSource(fileDescriptor: link.socket, queue: queue)
        source.setEventHandler { [weak self] in
            guard let self else { return }
            guard let channels = link.notifications() else {
                session.close()
                return
            }
            for channel in channels { onNotification?(channel) }
        }
        source.setCancelHandler { withExtendedLifetime(link) {} }
        watch = source
        source.activate()
    }
}
