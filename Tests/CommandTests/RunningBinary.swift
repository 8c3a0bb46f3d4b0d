import Foundation
import Testing

/// A `dt-ci` that was started and goes on, for tests that interrupt it.
final class RunningBinary: Sendable {
    private let process = Process()
    private let scratch: TemporaryDirectory
    private let ended: AsyncStream<ContinuousClock.Instant>

    /// Starts it; its streams go to files.
    init(_ binary: DTCIBinary, _ arguments: String...) throws {
        scratch = try TemporaryDirectory()
        let (stream, continuation) = AsyncStream<ContinuousClock.Instant>.makeStream()
        ended = stream
        process.executableURL = try DTCIBinary.executable()
        process.arguments = arguments
        process.environment = binary.environment
        process.currentDirectoryURL = binary.directory
        process.standardInput = FileHandle.nullDevice
        let streams = [try scratch.handle("stdout"), try scratch.handle("stderr")]
        // The child has them, and Foundation keeps a finished process; a close that fails harms no test.
        defer { for stream in streams { try? stream.close() } }
        process.standardOutput = streams[0]
        process.standardError = streams[1]
        process.terminationHandler = { _ in
            continuation.yield(.now)
            continuation.finish()
        }
        try process.run()
    }

    /// A test that fails on the way leaves nothing running.
    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// Sends a signal to `dt-ci` alone, as a CI service does.
    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits for its end.
    func end() async throws -> DTCIBinary.Output { try await endAndInstant().output }

    /// Waits for its end; the instant is that of the end itself, however long the test has to wait for a processor.
    func endAndInstant() async throws -> (output: DTCIBinary.Output, instant: ContinuousClock.Instant) {
        let instant = try #require(await ended.first { _ in true })
        let output = DTCIBinary.Output(
            exitCode: process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0),
            standardOutput: try scratch.text("stdout"), standardError: try scratch.text("stderr"))
        return (output, instant)
    }
}

/// A named pipe that a child writes to when it has come to a certain point; reading it waits for that.
struct Milestone {
    let path: String

    init(in directory: TemporaryDirectory, named name: String) {
        path = directory.url.appending(path: name).path
        mkfifo(path, 0o600)
    }

    /// What the child wrote, without the line break.
    ///
    /// - Throws: an expectation's failure after a minute in which nobody wrote.
    /// - Returns: the text up to the line break.
    func reached() async throws -> String {
        let path = path
        let text: String? = await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: Self.line(from: path)) }
        }
        return try #require(text, "nobody wrote to \(path)")
    }

    private static func line(from path: String) -> String? {
        let pipe = open(path, O_RDONLY | O_NONBLOCK)
        defer { close(pipe) }
        var text = ""
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            var entry = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, 1000) > 0 else { continue }
            var bytes = [UInt8](repeating: 0, count: 256)
            let count = read(pipe, &bytes, bytes.count)
            if count > 0 { text += String(decoding: bytes[..<count], as: UTF8.self) }
            if let end = text.firstIndex(of: "\n") { return String(text[..<end]) }
        }
        return nil
    }
}

/// Whether a process exists and has not ended: a zombie that nobody has waited for doesn't count.
func isAlive(_ process: Int32) -> Bool {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
    return status.split(separator: ")").last?.split(separator: " ").first != "Z"
}

/// Waits until none of the processes is alive, at most for the time.
func areGone(_ processes: [Int32], within limit: Duration) async -> Bool {
    let deadline = ContinuousClock.now + limit
    while processes.contains(where: isAlive) {
        if ContinuousClock.now > deadline { return false }
        await Task.yield()
    }
    return true
}
