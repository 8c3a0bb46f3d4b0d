import Foundation
import Testing

/// A server that plays the CI services and forges and checks every request against their published descriptions; it lies
/// beside the project where its developers have it.
final class DescribedAPIs: Sendable {
    /// Of the server, without a slash at its end.
    let base: String
    private let process: Process
    private let directory: TemporaryDirectory

    private static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/apispec/conform/server.py")

    /// Whether the server is there, with what it needs.
    static let isPossible: Bool = {
        guard FileManager.default.fileExists(atPath: script.path) else { return false }
        let process = python(["-c", "import jsonschema, referencing"])
        process.standardError = FileHandle.nullDevice
        // Without Python there is no server.
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    private static func python(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        process.standardInput = FileHandle.nullDevice
        return process
    }

    /// Starts it on a port of its own.
    init() async throws {
        directory = try TemporaryDirectory()
        process = Self.python([
            Self.script.path, "--port", "0", "--log", directory.url.appending(path: "requests.jsonl").path,
        ])
        let greeting = Milestone(in: directory, named: "greeting")
        process.standardOutput = try FileHandle(forUpdating: URL(filePath: greeting.path))
        process.standardError = FileHandle.nullDevice
        try process.run()
        let line = try await greeting.reached()
        base = try #require(line.firstMatch(of: /http:\/\/[^\/]+/)).output.description
    }

    /// A test's process may ignore SIGTERM, and its children with it.
    deinit { kill(process.processIdentifier, SIGKILL) }

    /// One request with what the descriptions say of it.
    struct Request: Decodable, CustomStringConvertible {
        var provider: String
        var method: String
        var path: String
        var verdict: String
        var reasons: [String]?

        var description: String { "\(provider): \(method) \(path): \(verdict) \(reasons ?? [])" }
    }

    /// Every request so far.
    func requests() throws -> [Request] {
        try directory.text("requests.jsonl").split(separator: "\n").map {
            try JSONDecoder().decode(Request.self, from: Data($0.utf8))
        }
    }
}
