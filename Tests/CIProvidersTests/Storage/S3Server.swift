import CICore
import CurlHTTP
import Foundation
import Testing

@testable import CIProviders

/// moto's server with the guard of `Fixtures/storage/s3-server.py`; it ends with this object or this process.
final class S3Server: Sendable {
    static let secret = "server-secret"
    let port: Int
    private let process: Process
    /// Its end is the server's.
    private let lifeline: Pipe

    init() throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let package = tests.deletingLastPathComponent().deletingLastPathComponent()
        process = Process()
        process.executableURL = package.appending(path: ".build/storage-server/bin/python")
        process.arguments = [tests.appending(path: "Fixtures/storage/s3-server.py").path]
        process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]
        lifeline = Pipe()
        let output = Pipe()
        process.standardInput = lifeline
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty, byte[0] != 10 {
            line += byte
        }
        port = try #require(Int(String(decoding: line, as: UTF8.self)), "scripts/test installs the server")
    }

    deinit { process.terminate() }

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
            credentials: S3Credentials(accessKey: "AK", secretKey: Secret(secret)), exchange: .forStorageTests(),
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
