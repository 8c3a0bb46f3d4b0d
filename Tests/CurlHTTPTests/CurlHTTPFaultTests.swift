import CICore
import Synchronization
import SystemPackage
import Testing

@testable import CurlHTTP

/// What servers do wrong, and what it is called here.
struct CurlHTTPFaultTests {
    @Test(arguments: Fault.all)
    func `a fault is an error of its kind and tells whether the request was sent`(fault: Fault) async throws {
        let server = try ScriptedServer { connection in
            _ = connection.head()
            fault.play(connection)
        }
        let request = HTTPRequest(.post, server.url + "/secret-path", timeout: fault.timeout)
        let error = try #require(await failure(of: request))
        #expect(error.code == fault.code, "\(error)")
        #expect(error.mayHaveBeenDone)
        #expect(error.description.hasPrefix("no answer from \(server.url): "), "\(error)")
        #expect(!error.description.contains("secret-path"))
    }

    @Test func `a host that is not there is told apart from one that does not listen`() async throws {
        let port = try ScriptedServer { _ in }.port
        let refused = try #require(await failure(of: HTTPRequest(.post, "http://127.0.0.1:\(port)/")))
        #expect(refused.code == .notConnected || refused.code == .broken, "\(refused)")
        let unknown = try #require(await failure(of: HTTPRequest(.post, "http://nowhere.invalid/")))
        #expect(unknown.code == .notResolved, "\(unknown)")
        #expect(!unknown.mayHaveBeenDone)
    }

    @Test(arguments: [
        "ftp://h/", "file:///etc/passwd", "//h/", "h", "http://", "http://u:p@h/", "http://h/a b", "http://h/\n",
    ])
    func `an address that is none is not gone to`(url: String) async throws {
        let error = try #require(await failure(of: HTTPRequest(.get, url)))
        #expect(error.code == .badURL)
        #expect(!error.description.contains("p@"))
    }

    @Test func `an endless header ends the exchange within its bound`() async throws {
        let sent = Mutex(0)
        let server = try ScriptedServer { connection in
            _ = connection.head()
            connection.write("HTTP/1.1 200 OK\r\n")
            let line = "X-Line: \(String(repeating: "x", count: 1000))\r\n"
            while connection.write(line) { sent.withLock { $0 += line.utf8.count } }
        }
        let error = try #require(await failure(of: HTTPRequest(.get, server.url, timeout: .seconds(20))))
        #expect(error.code == .broken)
        #expect(error.description.hasSuffix("the answer's header is too large"), "\(error)")
        #expect(sent.withLock { $0 } < 16 << 20)
    }

    @Test func `of 200 megabytes no more is fetched than is wanted`() async throws {
        let sent = Mutex(0)
        let server = try ScriptedServer { connection in
            _ = connection.head()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(200 << 20)\r\n\r\n")
            let part = [UInt8](repeating: 0x61, count: 1 << 20)
            while sent.withLock({ $0 }) < 200 << 20, connection.write(part) { sent.withLock { $0 += part.count } }
        }
        let answer = try await CurlHTTP(environment: [:]).send(
            HTTPRequest(.get, server.url, timeout: .seconds(30), answerLimit: 1 << 20))
        #expect(answer.isTruncated)
        #expect(answer.body.count == 1 << 20)
        #expect(sent.withLock { $0 } < 32 << 20)
    }

    @Test func `a gzip bomb stops at the limit`() async throws {
        let bomb = DeflateBomb.gzip(200 << 20)
        let server = try ScriptedServer { connection in
            _ = connection.head()
            connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(bomb.count)\r\n\r\n")
            connection.write(bomb)
        }
        let answer = try await CurlHTTP(environment: [:]).send(
            HTTPRequest(.get, server.url, timeout: .seconds(30), answerLimit: 3 << 20))
        #expect(answer.isTruncated)
        #expect(answer.body.count == 3 << 20)
        #expect(answer.body == [UInt8](repeating: 0, count: 3 << 20))
    }

    @Test(arguments: [(4, false), (5, false), (3, true), (0, true)])
    func `an answer as long as the limit is whole, one byte more is not`(limit: Int, isTruncated: Bool) async throws {
        let server = try ScriptedServer { connection in
            _ = connection.head()
            connection.answer("four")
        }
        let answer = try await CurlHTTP(environment: [:]).send(HTTPRequest(.get, server.url, answerLimit: limit))
        #expect(answer.isTruncated == isTruncated)
        #expect(answer.body == Array("four".utf8.prefix(limit)))
    }

    @Test func `interim answers are not the answer`() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.head()
            connection.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
            connection.answer("yes", status: "201 Created", header: "X-A: 1\r\nX-A:  2 \r\n")
        }
        let answer = try await CurlHTTP(environment: [:]).send(HTTPRequest(.put, server.url))
        #expect(answer.status == 201)
        #expect(answer.headers == [HTTPHeader("Content-Length", "3"), HTTPHeader("X-A", "1"), HTTPHeader("X-A", "2")])
    }

    @Test(arguments: [HTTPRequest.Method.post, .patch], [0, 5])
    func `what may not be done twice is sent once, though a used connection broke`(
        method: HTTPRequest.Method, bodySize: Int
    ) async throws {
        let posts = Mutex(0)
        let server = try ScriptedServer { connection in
            while case let head = connection.head(), !head.isEmpty {
                guard head.hasPrefix(method.rawValue) else {
                    connection.answer("ok")
                    continue
                }
                connection.skip(bodySize)
                posts.withLock { $0 += 1 }
                return
            }
        }
        let client = CurlHTTP(environment: [:])
        _ = try await client.send(HTTPRequest(.get, server.url))
        let request = HTTPRequest(method, server.url, body: HTTPBody([UInt8](repeating: 0x61, count: bodySize)))
        let error = try #require(await failure(of: request, by: client))
        #expect(error.code == .broken)
        #expect(error.mayHaveBeenDone)
        #expect(posts.withLock { $0 } == 1)
    }

    @Test func `a request that may be repeated is, over a new connection and with its body from the start`()
        async throws
    {
        let puts = Mutex(0)
        let server = try ScriptedServer { connection in
            while case let head = connection.head(), !head.isEmpty {
                if head.hasPrefix("PUT") {
                    connection.skip(5)
                    if puts.withLock({
                        $0 += 1; return $0
                    }) == 1 {
                        return
                    }
                }
                connection.answer("ok")
            }
        }
        let client = CurlHTTP(environment: [:])
        _ = try await client.send(HTTPRequest(.get, server.url))
        let answer = try await client.send(HTTPRequest(.put, server.url, body: HTTPBody(Array("hello".utf8))))
        #expect(answer.status == 200)
        #expect(puts.withLock { $0 } == 2)
    }

    @Test(arguments: [
        HTTPBody.Piece.file("/nonexistent/dt-ci", offset: 0, count: 3), .file("/tmp", offset: 0, count: 3),
        .file("/dev/null", offset: 0, count: 3), .file("/dev/null", offset: 0, count: -1),
    ])
    func `a file that cannot be read ends the request`(piece: HTTPBody.Piece) async throws {
        let server = try ScriptedServer { _ = $0.waitForClient() }
        let error = try #require(await failure(of: HTTPRequest(.put, server.url, body: HTTPBody([piece]))))
        #expect(error.code == .bodyUnreadable)
        #expect(!error.mayHaveBeenDone)
    }

    @Test func `cancelling ends the exchange at once`() async throws {
        let (heads, head) = AsyncStream.makeStream(of: String.self)
        let (ends, end) = AsyncStream.makeStream(of: Bool.self)
        let server = try ScriptedServer { connection in
            head.yield(connection.head())
            end.yield(connection.waitForClient())
        }
        let client = CurlHTTP(environment: [:])
        let task = Task { await failure(of: HTTPRequest(.post, server.url, timeout: .seconds(60)), by: client) }
        var seen = heads.makeAsyncIterator()
        #expect(await seen.next()?.isEmpty == false)
        task.cancel()
        let error = try #require(await task.value)
        #expect(error.code == .cancelled)
        #expect(error.mayHaveBeenDone)
        var ended = ends.makeAsyncIterator()
        #expect(await ended.next() == true)
    }

    @Test func `a task that is cancelled already sends nothing`() async throws {
        let server = try ScriptedServer { _ in }
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await failure(of: HTTPRequest(.post, server.url))
        }
        let error = try #require(await task.value)
        #expect(error.code == .cancelled)
        #expect(!error.mayHaveBeenDone)
        #expect(server.connections == 0)
    }

    @Test func `without the library the error names the package`() async throws {
        let client = CurlHTTP(environment: [:], agent: "dt-ci", library: CurlLibrary { false })
        let error = try #require(await failure(of: HTTPRequest(.get, "http://127.0.0.1/"), by: client))
        #expect(error.code == .libraryMissing)
        #expect(error.description.contains("libcurl4"))
    }
}

/// The error of a request; `nil` if it was answered.
func failure(of request: HTTPRequest, by client: CurlHTTP = CurlHTTP(environment: [:])) async -> HTTPError? {
    do {
        _ = try await client.send(request)
        return nil
    } catch {
        return error
    }
}

/// A way for a server to fail after it read a request.
struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var code = HTTPError.Code.broken
    var timeout = Duration.seconds(20)
    let play: @Sendable (ScriptedConnection) -> Void

    init(
        _ name: String, _ code: HTTPError.Code = .broken, timeout: Duration = .seconds(20),
        play: @escaping @Sendable (ScriptedConnection) -> Void
    ) {
        testDescription = name
        self.code = code
        self.timeout = timeout
        self.play = play
    }

    static let all = [
        Fault("closes without an answer") { _ in },
        Fault("resets without an answer") { $0.reset() },
        Fault("resets half way") { connection in
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            connection.reset()
        },
        Fault("ends before its length") { $0.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf") },
        Fault("ends within a chunk") { $0.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf") },
        Fault("sends a chunk without a size") {
            $0.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzebra\r\nhalf")
        },
        Fault("speaks no HTTP") { $0.write("\u{0}\u{1}SSH-2.0-OpenSSH\r\n\r\n") },
        Fault("packs what is no gzip") { connection in
            connection.answer("this is no gzip at all", header: "Content-Encoding: gzip\r\n")
        },
        Fault("has a header line without end") { connection in
            connection.write("HTTP/1.1 200 OK\r\nX: ")
            while connection.write(String(repeating: "x", count: 64 << 10)) {}
        },
        Fault("gives interim answers without end") { connection in
            while connection.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n") {}
        },
        Fault("says nothing", .timedOut, timeout: .milliseconds(300)) { _ = $0.waitForClient() },
        Fault("stops after a byte", .timedOut, timeout: .milliseconds(300)) { connection in
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx")
            _ = connection.waitForClient()
        },
    ]
}
