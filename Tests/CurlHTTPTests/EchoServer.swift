import Hummingbird
import NIOCore

/// Real Hummingbird on loopback that tells what it was sent.
enum EchoServer {
    /// Serves while the body runs, and hands it the server's address.
    static func serving<Value: Sendable>(
        _ body: @escaping @Sendable (_ url: String) async throws -> Value
    ) async throws -> Value {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router(), configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) })
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await application.run()
                return nil
            }
            group.addTask {
                var iterator = ports.makeAsyncIterator()
                return try await body("http://127.0.0.1:\(await iterator.next() ?? 0)")
            }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CancellationError()
        }
    }

    private static func router() -> Router<BasicRequestContext> {
        let router = Router()
        // Any method: the method, the path with its query, the headers, an empty line, then the body as it came.
        for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete] {
            router.on("echo/**", method: method) { request, _ in
                let head =
                    [request.method.rawValue, request.uri.string] + request.headers.map { "\($0.name): \($0.value)" }
                var bytes = ByteBuffer(string: head.joined(separator: "\n") + "\n\n")
                for try await part in request.body { bytes.writeImmutableBuffer(part) }
                return Response(status: .ok, body: .init(byteBuffer: bytes))
            }
        }
        // How many bytes came, and the sum of every 997th modulo 2^32, without keeping them.
        router.put("weigh") { request, _ in
            var count = 0
            var sum: UInt32 = 0
            for try await part in request.body {
                let first = (997 - count % 997) % 997
                part.withUnsafeReadableBytes { bytes in
                    for index in stride(from: first, to: bytes.count, by: 997) { sum &+= UInt32(bytes[index]) }
                }
                count += part.readableBytes
            }
            return "\(count) \(sum)"
        }
        router.get("status/{code}") { _, context in
            let code = try context.parameters.require("code", as: Int.self)
            return Response(status: .init(code: code), headers: [.location: "/echo/elsewhere"])
        }
        router.head("head") { _, _ in Response(status: .ok, headers: [.eTag: "\"1\""]) }
        return router
    }
}
