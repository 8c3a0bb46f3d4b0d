import CICore
import CurlHTTP
import Foundation
import StorageServer
import Testing

@testable import CIProviders

/// A real storage server, and clients of it.
final class S3Server: Sendable {
    static let secret = StorageServer.secret
    private let server: StorageServer
    var port: Int { server.port }

    init() throws { server = try StorageServer() }

    /// A fault to come.
    struct Fault: Encodable {
        /// A part of `METHOD /path?query`.
        var match: String
        /// `cut`, `refuse`, `fail` or `stall`.
        var kind: String
        var count = 1
    }

    /// A request that came.
    struct Entry: Decodable {
        var line: String
        var bytes: Int
    }

    /// A client of a bucket of its own.
    func client(_ bucket: String, secret: String = secret, prefix: String = "") async throws -> S3Client {
        let client = S3Client(
            try S3Address("s3://\(bucket)\(prefix)?endpoint=http://127.0.0.1:\(port)"),
            keys: .held(S3Credentials(accessKey: "AK", secretKey: Secret(secret))), exchange: .forStorageTests(),
            files: LocalFileSystem())
        if secret == Self.secret {
            var request = S3Client.Request(.put)
            request.accepted = [409]
            try await client.send(request)
        }
        return client
    }

    func plan(_ faults: Fault...) async throws {
        _ = try await send(.post, "/_faults", Array(try JSONEncoder().encode(faults)))
    }

    /// What came for a bucket.
    func requests(of bucket: String) async throws -> [Entry] {
        try JSONDecoder().decode([Entry].self, from: Data(try await send(.get, "/_requests")))
            .filter { $0.line.contains("/\(bucket)") }
    }

    private func send(_ method: HTTPRequest.Method, _ path: String, _ body: [UInt8] = []) async throws -> [UInt8] {
        let http = CurlHTTP(environment: [:], agent: "dt-ci-tests")
        return try await http.send(
            HTTPRequest(
                method, "http://127.0.0.1:\(port)\(path)", body: HTTPBody(body), timeout: .seconds(60),
                answerLimit: 64 << 20)
        ).body
    }
}

extension Exchange {
    /// As for other tests, but several requests at a time and by the real time, which signatures need.
    static func forStorageTests(tries: Int = 4) -> Exchange {
        var manners = Manners()
        manners.timeout = .seconds(120)
        manners.budget = .seconds(600)
        manners.tries = tries
        manners.writesAtOnce = 4
        return Exchange(
            ports: Ports(
                http: CurlHTTP(environment: [:], agent: "dt-ci-tests"), clock: PatientClock(), now: { Date() },
                random: { $0.lowerBound }),
            manners: manners)
    }
}
