import Hummingbird
import Logging
import NIOCore

/// A server on a free port of 127.0.0.1 that lives as long as `body` runs.
struct LoopbackServer {
    /// Starts serving, hands over the port and stops when `body` ends.
    static func serving<Responder: HTTPResponder, Result: Sendable>(
        _ responder: Responder, while body: @escaping @Sendable (Int) async throws -> Result
    ) async throws -> Result where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        // What the server would say of itself has no place among a child's output.
        var logger = Logger(label: "simulator")
        logger.logLevel = .critical
        let application = Application(
            responder: responder, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                port.yield(channel.localAddress?.port ?? 0)
                port.finish()
            }, logger: logger)
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                try await application.run()
                return nil
            }
            group.addTask {
                var iterator = ports.makeAsyncIterator()
                return try await body(await iterator.next() ?? 0)
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }
}
