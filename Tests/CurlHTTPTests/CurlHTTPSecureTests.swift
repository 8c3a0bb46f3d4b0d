import CICore
import SystemPackage
import Testing

@testable import CurlHTTP

/// TLS against a real server with a certificate that no machine trusts by itself.
@Suite(.serialized)
struct CurlHTTPSecureTests {
    @Test(arguments: ["SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
    func `a certificate named in the environment is trusted, and HTTP 2 is spoken`(variable: String) async throws {
        let server = try SecureServer()
        let client = CurlHTTP(environment: [variable: server.certificate.string])
        let answer = try await client.send(HTTPRequest(.get, server.url))
        #expect(String(decoding: answer.body, as: UTF8.self) == "2.0 GET 0")
    }

    @Test(arguments: ["SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"])
    func `so is a directory of certificates`(variable: String) async throws {
        let server = try SecureServer()
        try Tool.run(["openssl", "rehash", server.directory.path.string])
        let client = CurlHTTP(environment: [variable: server.directory.path.string])
        #expect(try await client.send(HTTPRequest(.get, server.url)).status == 200)
    }

    @Test func `a body goes over HTTP 2 as well, many side by side`() async throws {
        let server = try SecureServer()
        let client = CurlHTTP(environment: ["SSL_CERT_FILE": server.certificate.string])
        let url = server.url
        let body = HTTPBody([UInt8](repeating: 0x61, count: 300_000))
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    let request = HTTPRequest(.post, url, body: body, timeout: .seconds(30))
                    return String(decoding: try await client.send(request).body, as: UTF8.self)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers == [String](repeating: "2.0 POST 300000", count: 20))
    }

    @Test func `an unknown certificate, a missing bundle and a wrong name are TLS errors`() async throws {
        let server = try SecureServer()
        let unknown = try #require(await failure(of: HTTPRequest(.post, server.url)))
        #expect(unknown.code == .tls)
        #expect(unknown.description.contains("certificate"), "\(unknown)")
        #expect(!unknown.mayHaveBeenDone)
        let missing = CurlHTTP(environment: ["SSL_CERT_FILE": "/nonexistent/ca.pem"])
        #expect(await failure(of: HTTPRequest(.post, server.url), by: missing)?.code == .tls)
        let trusting = CurlHTTP(environment: ["SSL_CERT_FILE": server.certificate.string])
        let otherName = server.url.replacing("127.0.0.1", with: "localhost")
        #expect(await failure(of: HTTPRequest(.post, otherName), by: trusting)?.code == .tls)
    }

    @Test func `a server without TLS is a TLS error too`() async throws {
        let server = try ScriptedServer { connection in
            connection.write("HTTP/1.1 400 Bad Request\r\n\r\n")
        }
        let error = try #require(
            await failure(of: HTTPRequest(.get, server.url.replacing("http://", with: "https://"))))
        #expect(error.code == .tls, "\(error)")
    }
}

/// Node's HTTP/2 server with a certificate of its own for 127.0.0.1; it answers the protocol's version, the method and
/// the length of the body.
private final class SecureServer {
    let directory: TemporaryDirectory
    let certificate: FilePath
    let url: String
    private let tool: Tool

    init() throws {
        directory = try TemporaryDirectory()
        certificate = directory.path.appending("ca.pem")
        let key = directory.path.appending("key").string
        try Tool.run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "2",
            "-subj", "/CN=dt-ci test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out",
            certificate.string,
        ])
        tool = try Tool(["node", "-e", Self.script, key, certificate.string])
        url = "https://127.0.0.1:\(try tool.line())"
    }

    private static let script = """
        const files = require('fs'), http2 = require('http2');
        const [key, cert] = process.argv.slice(1).map(path => files.readFileSync(path));
        const server = http2.createSecureServer({key, cert}, (request, answer) => {
            let count = 0;
            request.on('data', part => { count += part.length; });
            request.on('end', () => answer.end(`${request.httpVersion} ${request.method} ${count}`));
        });
        server.listen(0, '127.0.0.1', () => console.log(server.address().port));
        """
}
