import Foundation
import Testing

/// The store under processes that fight, die and run out of room.
@Suite struct HistoryProcessTests {
    private let home: TemporaryDirectory

    init() throws { home = try TemporaryDirectory() }

    private func durations(_ count: Int, prefix: String) throws -> String {
        let tests = Dictionary(uniqueKeysWithValues: (0..<count).map { ("\(prefix)/f\($0 % 97).py::test_\($0)", 0.5) })
        return String(decoding: try JSONSerialization.data(withJSONObject: tests), as: UTF8.self)
    }

    private func start(_ script: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script, try DTCIBinary.executable().path]
        process.currentDirectoryURL = home.url
        process.environment = [:]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: created("errors"))
        try process.run()
        return process
    }

    private func created(_ name: String) throws -> URL {
        try home.write("", to: name)
        return home.url.appending(path: name)
    }

    private func exported() async throws -> Int {
        try await DTCIBinary(in: home.url).run("history", "export").lines.count - 1
    }

    @Test func `two processes that create and fill one history lose nothing`() async throws {
        for number in 0..<2 { try home.write(try durations(300, prefix: "p\(number)"), to: "\(number).json") }
        let script = "for i in 1 2 3 4; do \"$0\" history import --suite s$i %.json || exit 9; done"
        let processes = try (0..<2).map { try start(script.replacing("%", with: "\($0)")) }
        for process in processes {
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
        #expect(try await exported() == 2 * 4 * 300)
    }

    @Test func `a process killed while it writes leaves the last whole state`() async throws {
        try home.write(try durations(20, prefix: "small"), to: "small.json")
        try home.write(try durations(25_000, prefix: "large"), to: "large.json")
        let dtci = DTCIBinary(in: home.url)
        #expect(try await dtci.run("history", "import", "small.json").exitCode == 0)
        let writer = try start("exec \"$0\" history import large.json")
        // Once the log grows past what the small import left, the transaction is under way.
        let log = home.url.appending(path: ".dt-ci/history.db-wal").path
        while writer.isRunning {
            // Not there yet: look again.
            let size = try? FileManager.default.attributesOfItem(atPath: log)[.size] as? Int
            if let size, size > 400_000 { break }
            await Task.yield()
        }
        kill(writer.processIdentifier, SIGKILL)
        writer.waitUntilExit()
        #expect(writer.terminationReason == .uncaughtSignal)
        #expect(try await exported() == 20)
        #expect(try await dtci.run("history", "import", "large.json").exitCode == 0)
        #expect(try await exported() == 25_020)
    }

    @Test func `a file that can't grow is a plain error, and what was there stays`() async throws {
        try home.write(try durations(20, prefix: "small"), to: "small.json")
        try home.write(try durations(20_000, prefix: "large"), to: "large.json")
        #expect(try await DTCIBinary(in: home.url).run("history", "import", "small.json").exitCode == 0)
        let writer = try start("trap '' XFSZ; ulimit -f 400; exec \"$0\" history import large.json")
        writer.waitUntilExit()
        #expect(writer.terminationReason == .exit)
        #expect(writer.terminationStatus == 4)
        #expect(try home.text("errors").contains("cannot be"))
        #expect(try await exported() == 20)
    }
}
