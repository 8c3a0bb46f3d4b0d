import Foundation
import Testing

/// The built `dt-ci` beside this test bundle, started as a user starts it.
struct DTCIBinary {
    /// Exactly what the child sees; `PATH` and `HOME` alone unless a test says otherwise.
    var environment: [String: String]
    /// Where it is started.
    var directory: URL

    init(in directory: URL, environment: [String: String] = [:]) {
        let inherited = ProcessInfo.processInfo.environment.filter { ["PATH", "HOME"].contains($0.key) }
        self.environment = inherited.merging(environment) { _, given in given }
        self.directory = directory
    }

    /// What a finished `dt-ci` left behind.
    struct Output {
        /// 128 + n when ended by a signal.
        var exitCode: Int32
        var standardOutput: String
        var standardError: String

        /// The lines of standard output.
        var lines: [String] { standardOutput.split(separator: "\n").map(String.init) }
    }

    /// Runs it to its end.
    func run(_ arguments: String..., input: String = "") async throws -> Output {
        try await run(arguments, input: input)
    }

    /// Runs it to its end.
    func run(_ arguments: [String], input: String = "") async throws -> Output {
        try await start(try Self.executable(), arguments, input: input)
    }

    /// Runs a line as if it were pasted into bash, where `dt-ci` is this binary.
    func paste(_ line: String) async throws -> Output {
        var pasted = self
        let place = try Self.executable().deletingLastPathComponent().path
        pasted.environment["PATH"] = "\(place):\(environment["PATH"] ?? "")"
        return try await pasted.start(URL(filePath: "/bin/bash"), ["-c", line], input: "")
    }

    /// Runs another program to its end, with the same environment and directory.
    func run(_ executable: URL, _ arguments: [String]) async throws -> Output {
        try await start(executable, arguments, input: "")
    }

    /// Both streams go to files, so that no pipe can fill up.
    private func start(_ executable: URL, _ arguments: [String], input: String) async throws -> Output {
        let scratch = try TemporaryDirectory()
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = directory
        try scratch.write(input, to: "stdin")
        let input = try FileHandle(forReadingFrom: scratch.url.appending(path: "stdin"))
        let streams = [try scratch.handle("stdout"), try scratch.handle("stderr")]
        // Foundation keeps a finished process with all that it holds open; a close that fails harms no test.
        defer { for stream in [input] + streams { try? stream.close() } }
        process.standardInput = input
        process.standardOutput = streams[0]
        process.standardError = streams[1]
        try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in ended.resume() }
            do { try process.run() } catch { ended.resume(throwing: error) }
        }
        return Output(
            exitCode: process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0),
            standardOutput: try scratch.text("stdout"), standardError: try scratch.text("stderr"))
    }

    /// `.build/<configuration>/dt-ci`: the test bundle lies in the same directory.
    static func executable() throws -> URL {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let besideBundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let candidates = [besideBundle, package.appending(path: ".build/debug")].map { $0.appending(path: "dt-ci") }
        return try #require(candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) })
    }
}

/// A directory of one test's own, removed when the last user lets go of it.
final class TemporaryDirectory: Sendable {
    /// Exists and is empty at first.
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "dt-ci-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        // What cannot be removed is left to the system's own cleaning of its temporary directory.
        try? FileManager.default.removeItem(at: url)
    }

    /// Writes a file, with the directories above it.
    func write(_ text: String, to path: String) throws {
        let file = url.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    /// The text of a file.
    func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: url.appending(path: path)), as: UTF8.self)
    }

    /// Whether anything is at a path.
    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: url.appending(path: path).path) }

    /// An empty file, open for writing.
    func handle(_ name: String) throws -> FileHandle {
        let file = url.appending(path: name)
        try Data().write(to: file)
        return try FileHandle(forWritingTo: file)
    }
}
