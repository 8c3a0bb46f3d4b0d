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

    /// Runs a shell script, which has `dt-ci` as `$0`, and kills it once its log has the size; the threads that other
    /// tests run on are not used meanwhile, so that they neither wait nor let this one wait.
    private func run(
        _ script: String, killedAt size: Int? = nil
    ) async throws -> (reason: Process.TerminationReason, status: Int32) {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script, try DTCIBinary.executable().path]
        process.currentDirectoryURL = home.url
        process.environment = [:]
        process.standardOutput = FileHandle.nullDevice
        let errors = try FileHandle(forWritingTo: created("errors"))
        // Foundation keeps a finished process with all that it holds open; a close that fails harms no test.
        defer { try? errors.close() }
        process.standardError = errors
        try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in ended.resume() }
            do { try process.run() } catch { return ended.resume(throwing: error) }
            guard let size else { return }
            let log = home.url.appending(path: ".dt-ci/history.db-wal").path
            Thread.detachNewThread { Self.kill(process, onceSizeOf: log, exceeds: size) }
        }
        return (process.terminationReason, process.terminationStatus)
    }

    private static func kill(_ process: Process, onceSizeOf file: String, exceeds limit: Int) {
        while process.isRunning {
            var status = stat()
            // Not there yet: look again.
            guard stat(file, &status) == 0, status.st_size > limit else { continue }
            Foundation.kill(process.processIdentifier, SIGKILL)
            return
        }
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
        async let first = run(script.replacing("%", with: "0"))
        async let second = run(script.replacing("%", with: "1"))
        #expect(try await [first.status, second.status] == [0, 0])
        #expect(try await exported() == 2 * 4 * 300)
    }

    @Test func `a process killed while it writes leaves the last whole state`() async throws {
        try home.write(try durations(20, prefix: "small"), to: "small.json")
        try home.write(try durations(25_000, prefix: "large"), to: "large.json")
        let dtci = DTCIBinary(in: home.url)
        #expect(try await dtci.run("history", "import", "small.json").exitCode == 0)
        // Once the log grows past what the small import left, the transaction is under way.
        let end = try await run("exec \"$0\" history import large.json", killedAt: 400_000)
        #expect(end.reason == .uncaughtSignal && end.status == SIGKILL, "\(end)")
        #expect(try await exported() == 20)
        #expect(try await dtci.run("history", "import", "large.json").exitCode == 0)
        #expect(try await exported() == 25_020)
    }

    @Test func `a file that can't grow is a plain error, and what was there stays`() async throws {
        try home.write(try durations(20, prefix: "small"), to: "small.json")
        try home.write(try durations(20_000, prefix: "large"), to: "large.json")
        #expect(try await DTCIBinary(in: home.url).run("history", "import", "small.json").exitCode == 0)
        let end = try await run("trap '' XFSZ; ulimit -f 400; exec \"$0\" history import large.json")
        #expect(end.reason == .exit && end.status == 4, "\(end)")
        #expect(try home.text("errors").contains("cannot be"))
        #expect(try await exported() == 20)
    }
}
