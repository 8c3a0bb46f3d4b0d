import CICore
import Synchronization
import Testing

@testable import CurlHTTP

/// Proxies come from the given environment and from nowhere else.
struct CurlHTTPProxyTests {
    @Test(arguments: ["http_proxy", "all_proxy", "ALL_PROXY"])
    func `a plain request goes through the proxy of its variable`(variable: String) async throws {
        let heads = Heads()
        let proxy = try ScriptedServer { connection in
            heads.add(connection.head())
            connection.answer("by proxy")
        }
        let client = CurlHTTP(environment: [variable: "http://us%40er:p%3Aw@127.0.0.1:\(proxy.port)"])
        let answer = try await client.send(HTTPRequest(.get, "http://server.invalid/a?b"))
        #expect(answer.body == Array("by proxy".utf8))
        #expect(heads.all.first?.hasPrefix("GET http://server.invalid/a?b HTTP/1.1\r\n") == true)
        // us@er:p:w
        #expect(heads.all.first?.contains("Proxy-Authorization: Basic dXNAZXI6cDp3\r\n") == true)
    }

    @Test(arguments: ["https_proxy", "HTTPS_PROXY", "ALL_PROXY"])
    func `a TLS request asks for a tunnel and keeps its headers from the proxy`(variable: String) async throws {
        let heads = Heads()
        let proxy = try ScriptedServer { connection in
            heads.add(connection.head())
            connection.answer("", status: "403 Forbidden")
        }
        let client = CurlHTTP(environment: [variable: "http://user:hidden@127.0.0.1:\(proxy.port)"])
        let error = try #require(
            await failure(
                of: HTTPRequest(
                    .post, "https://server.invalid/path",
                    headers: [HTTPHeader("Private-Token", secret: Secret("s3cr3t"))]),
                by: client))
        #expect(error.code == .notConnected)
        #expect(!error.mayHaveBeenDone)
        #expect(error.description.contains("403"), "\(error)")
        #expect(!error.description.contains("hidden"))
        let head = try #require(heads.all.first)
        #expect(head.hasPrefix("CONNECT server.invalid:443 HTTP/1.1\r\n"))
        #expect(!head.contains("s3cr3t"))
        #expect(!head.contains("path"))
    }

    @Test(arguments: [
        ["HTTP_PROXY": "PROXY"], ["https_proxy": "PROXY"],
        ["http_proxy": "PROXY", "NO_PROXY": "example.com,127.0.0.1"],
        ["ALL_PROXY": "PROXY", "no_proxy": "*"], ["http_proxy": "PROXY", "no_proxy": "127.0.0.0/8"], ["http_proxy": ""],
    ])
    func `without a proxy for it a request goes straight there`(environment: [String: String]) async throws {
        let proxy = try ScriptedServer { _ in }
        let server = try ScriptedServer { connection in
            _ = connection.head()
            connection.answer("straight")
        }
        let client = CurlHTTP(environment: environment.mapValues { $0.replacing("PROXY", with: proxy.url) })
        #expect(try await client.send(HTTPRequest(.get, server.url)).body == Array("straight".utf8))
        #expect(proxy.connections == 0)
    }

    @Test func `a request's own proxy wins over what the environment says`() async throws {
        let proxy = try ScriptedServer { connection in
            _ = connection.head()
            connection.answer("own proxy")
        }
        let client = CurlHTTP(environment: ["http_proxy": "http://nowhere.invalid", "NO_PROXY": "*"])
        let answer = try await client.send(HTTPRequest(.get, "http://server.invalid/", proxy: proxy.url))
        #expect(answer.body == Array("own proxy".utf8))
    }

    @Test(arguments: ["http://nowhere.invalid:1", "gopher://user:hidden@h/", "http://user:hidden@127.0.0.1:1"])
    func `a proxy that cannot be used is an error that shows no password`(proxy: String) async throws {
        let client = CurlHTTP(environment: ["http_proxy": proxy])
        let error = try #require(await failure(of: HTTPRequest(.get, "http://server.invalid/"), by: client))
        #expect([.notResolved, .notConnected].contains(error.code), "\(error)")
        #expect(!error.description.contains("hidden"), "\(error)")
    }
}

/// What servers were asked, gathered over threads.
private final class Heads: Sendable {
    private let state = Mutex<[String]>([])

    var all: [String] { state.withLock { $0 } }

    func add(_ head: String) { state.withLock { $0.append(head) } }
}
