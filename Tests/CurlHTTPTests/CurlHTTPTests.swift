import CICore
import SystemPackage
import Testing

@testable import CurlHTTP

/// What a well-behaved server gets and gives.
struct CurlHTTPTests {
    @Test(arguments: [HTTPRequest.Method.get, .post, .put, .patch, .delete])
    func `every method arrives as it is called`(method: HTTPRequest.Method) async throws {
        let echo = try await echo(
            HTTPRequest(method, "/echo/a%2Fb/%2E%2E/c?q=%20x&r", headers: [HTTPHeader("X-A", "b c")]))
        #expect(echo.lines.first ?? "" == method.rawValue)
        #expect(echo.lines.dropFirst().first ?? "" == "/echo/a%2Fb/%2E%2E/c?q=%20x&r")
        #expect(echo.header("x-a") == "b c")
        #expect(echo.header("user-agent") == "dt-ci/9.9")
        #expect(echo.header("expect") == nil)
        #expect(echo.header("content-type") == nil)
        #expect(echo.body.isEmpty)
    }

    @Test func `a body without bytes has a length of zero`() async throws {
        #expect(try await echo(HTTPRequest(.post, "/echo/x")).header("content-length") == "0")
    }

    @Test func `pieces of a body arrive one after the other`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("piece")
        try LocalFileSystem().write(Array("0123456789".utf8), to: path)
        let body = HTTPBody([
            .bytes(Array("<".utf8)), .bytes([]), .file(path, offset: 2, count: 5), .file(path, offset: 10, count: 0),
            .bytes(Array(">".utf8)),
        ])
        let echo = try await echo(HTTPRequest(.post, "/echo/x", body: body))
        #expect(echo.body == "<23456>")
        #expect(echo.header("content-length") == "7")
    }

    @Test func `a secret goes out in its header, an empty value as such`() async throws {
        let headers = [
            HTTPHeader("Authorization", prefix: "Bearer ", secret: Secret("s3cr3t")), HTTPHeader("X-Empty", ""),
            HTTPHeader("X-Emoji", "✓"),
        ]
        let echo = try await echo(HTTPRequest(.get, "/echo/x", headers: headers))
        #expect(echo.header("authorization") == "Bearer s3cr3t")
        #expect(echo.header("x-empty") == "")
        #expect(echo.header("x-emoji") == "✓")
    }

    @Test(arguments: [200, 204, 301, 307, 404, 429, 500, 503])
    func `every status is an answer, redirects too`(status: Int) async throws {
        let answer = try await EchoServer.serving { url in
            try await Self.client.send(HTTPRequest(.get, "\(url)/status/\(status)"))
        }
        #expect(answer.status == status)
        #expect(answer[header: "LOCATION"] == "/echo/elsewhere")
    }

    @Test func `HEAD is answered by headers alone`() async throws {
        let answer = try await EchoServer.serving { try await Self.client.send(HTTPRequest(.head, "\($0)/head")) }
        #expect(answer.status == 200)
        #expect(answer[header: "etag"] == "\"1\"")
        #expect(answer.body.isEmpty)
    }

    @Test func `a range of a file of tens of megabytes is sent from the file`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("big")
        let block = [UInt8](unsafeUninitializedCapacity: 1 << 20) { bytes, count in
            for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: index &* 31 >> 3) }
            count = bytes.count
        }
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try file.closeAfter { for _ in 0..<48 { _ = try file.writeAll(block) } }
        let range = 1_000_001..<47_000_003
        var sum: UInt32 = 0
        for index in stride(from: range.lowerBound, to: range.upperBound, by: 997) {
            sum &+= UInt32(block[index & (1 << 20 - 1)])
        }
        let answer = try await EchoServer.serving { url in
            try await Self.client.send(
                HTTPRequest(
                    .put, "\(url)/weigh",
                    body: HTTPBody([.file(path, offset: Int64(range.lowerBound), count: Int64(range.count))]),
                    timeout: .seconds(60)))
        }
        #expect(String(decoding: answer.body, as: UTF8.self) == "\(range.count) \(sum)")
    }

    @Test func `two hundred requests at once all get their own answer`() async throws {
        let bodies = try await EchoServer.serving { url in
            try await withThrowingTaskGroup(of: (Int, String).self) { group in
                for index in 0..<200 {
                    group.addTask {
                        let request = HTTPRequest(
                            .post, "\(url)/echo/x", body: HTTPBody(Array("number \(index)".utf8)), timeout: .seconds(60)
                        )
                        return (index, Echo(try await Self.client.send(request)).body)
                    }
                }
                return try await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
            }
        }
        #expect(bodies == Dictionary(uniqueKeysWithValues: (0..<200).map { ($0, "number \($0)") }))
    }

    @Test func `a connection is used again`() async throws {
        let server = try ScriptedServer { connection in
            while !connection.head().isEmpty { connection.answer("ok") }
        }
        let client = CurlHTTP(environment: [:])
        for _ in 0..<5 { _ = try await client.send(HTTPRequest(.get, server.url)) }
        #expect(server.connections == 1)
    }

    @Test func `the thread ends with the client`() async throws {
        let server = try ScriptedServer { connection in
            while !connection.head().isEmpty { connection.answer("ok") }
        }
        weak var queue: TransferQueue?
        for _ in 0..<20 {
            let client = CurlHTTP(environment: [:])
            queue = client.queue
            _ = try await client.send(HTTPRequest(.get, server.url))
        }
        let deadline = ContinuousClock.now + .seconds(20)
        while queue != nil, .now < deadline { await Task.yield() }
        #expect(queue == nil)
    }

    private static let client = CurlHTTP(environment: [:], agent: "dt-ci/9.9")

    private func echo(_ request: HTTPRequest) async throws -> Echo {
        try await EchoServer.serving { url in
            var request = request
            request.url = url + request.url
            return Echo(try await Self.client.send(request))
        }
    }
}

/// A request as the echo server saw it.
struct Echo: Sendable {
    let lines: [Substring]
    let body: String

    init(_ answer: HTTPResponse) {
        let text = String(decoding: answer.body, as: UTF8.self)
        let end = text.firstRange(of: "\n\n")
        lines = text[..<(end?.lowerBound ?? text.endIndex)].split(separator: "\n", omittingEmptySubsequences: false)
        body = String(text[(end?.upperBound ?? text.endIndex)...])
    }

    func header(_ name: String) -> String? {
        lines.lazy.compactMap { line in
            guard line.lowercased().hasPrefix("\(name):") else { return nil }
            return String(line.dropFirst(name.count + 1).drop { $0 == " " })
        }.first
    }
}
