import Foundation
import Synchronization

/// A real PostgreSQL server of this test process, started when it is first needed and gone with the process.
package final class PostgresServer: Sendable {
    /// The one that tests share; each takes a database of its own from it.
    package static let shared = Result { try PostgresServer() }

    package struct Trouble: Error, CustomStringConvertible {
        package let description: String
    }

    package let port: Int
    package let password: String
    /// With the socket in it.
    package let directory: String
    private let programs: String
    private let keeper: Keeper

    /// The keeper's ends of the pipes, one question at a time.
    private final class Keeper: Sendable {
        private let input: FileHandle
        private let output: FileHandle
        private let turn = Mutex(())

        init(_ input: FileHandle, _ output: FileHandle) {
            self.input = input
            self.output = output
        }

        func ask(_ word: String) throws -> String {
            try turn.withLock { _ in
                if !word.isEmpty { try input.write(contentsOf: Data("\(word)\n".utf8)) }
                var line: [UInt8] = []
                while let byte = try output.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") { line.append(byte) }
                return String(decoding: line, as: UTF8.self)
            }
        }
    }

    /// Starts one of its own, for tests that harm it.
    package init() throws {
        programs = try Self.programs()
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("keeper.sh")
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // The server refuses to run as root.
        let unprivileged = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        process.arguments =
            (geteuid() == 0 ? unprivileged : [])
            + ["bash", "-c", try String(contentsOf: script, encoding: .utf8), "keeper", programs]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        keeper = Keeper(input.fileHandleForWriting, output.fileHandleForReading)
        let words = try keeper.ask("").split(separator: " ")
        guard words.count == 4, words[0] == "ready", let port = Int(words[1]) else {
            throw Trouble(description: "the private PostgreSQL server did not start: \(words)")
        }
        self.port = port
        password = String(words[2])
        directory = String(words[3])
    }

    /// Kills it without a warning and starts it again.
    package func crash() throws { try expect("again", of: "crash") }

    /// Ends its connections and starts it again.
    package func restart() throws { try expect("again", of: "restart") }

    private func expect(_ answer: String, of word: String) throws {
        guard try keeper.ask(word) == answer else { throw Trouble(description: "the server did not come back") }
    }

    /// The URL of a new database.
    package func database() throws -> String {
        let name = "t\(UInt64.random(in: 0...UInt64.max))"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "\(programs)/createdb")
        process.arguments = ["-h", directory, "-p", "\(port)", "-U", "dtci", name]
        process.environment = ["PGPASSWORD": password, "PATH": "/usr/bin:/bin"]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Trouble(description: "createdb failed") }
        return url(name)
    }

    /// The URL of a database of this name, over loopback.
    package func url(_ database: String, password: String? = nil, options: String = "") -> String {
        "postgres://dtci:\(password ?? self.password)@127.0.0.1:\(port)/\(database)\(options)"
    }

    /// The newest version's programs, where Debian or the path has them.
    private static func programs() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).compactMap { Int($0) }
        let places =
            versions.sorted(by: >).map { "\(root)/\($0)/bin" }
            + (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        guard let found = places.first(where: { FileManager.default.isExecutableFile(atPath: "\($0)/initdb") }) else {
            throw Trouble(description: "no initdb here: install the package postgresql, as scripts/test does")
        }
        return found
    }
}
