import CICore
import SystemPackage
import Testing

@testable import CIProviders

/// An environment as a service sets it, and every fact that must come out of it.
struct DetectionFixture: Sendable, CustomTestStringConvertible {
    var name: String
    var environment: [String: String]
    /// Event and property files by path.
    var files: [String: String] = [:]
    /// What git prints by its first argument; a git that nobody planned is a failure.
    var git: [String: String] = [:]
    /// What is known, as people read it; everything else must be unknown.
    var expected: [Fact: String]
    /// What decided each known fact.
    var sources: [Fact: String] = [:]
    /// Words of each warning, in their order.
    var warnings: [String] = []
    /// The services that the environment fits; `nil` = the one that was found, alone.
    var candidates: [String]?
    /// Lines of the book that say nothing.
    var mistakes: [String] = []

    var testDescription: String { name }

    /// Detects and gives the known facts as people read them.
    func detect() async -> Detection {
        await Detector(
            environment: environment, files: PlannedFiles(texts: files), processes: PlannedGit(answers: git),
            workingDirectory: "/work"
        ).detect()
    }
}

/// Files of a fixture; there are no others.
struct PlannedFiles: FileSystem {
    var texts: [String: String]

    func contents(of path: FilePath, limit: Int) throws(FileError) -> [UInt8] {
        guard let text = texts[path.string] else { throw missing(path) }
        return Array(text.utf8)
    }

    func kind(of path: FilePath) -> FileKind? { texts[path.string] == nil ? nil : .file }
    func size(of path: FilePath) -> Int? { texts[path.string]?.utf8.count }
    func write(_ bytes: [UInt8], to path: FilePath) throws(FileError) { throw missing(path) }
    func entries(of directory: FilePath) throws(FileError) -> [DirectoryEntry] { throw missing(directory) }
    func createDirectory(_ path: FilePath) throws(FileError) { throw missing(path) }
    func remove(_ path: FilePath) throws(FileError) { throw missing(path) }

    private func missing(_ path: FilePath) -> FileError {
        FileError(path: path, operation: "read", errno: .noSuchFileOrDirectory)
    }
}

/// A git with planned answers; anything else is an issue of the test.
struct PlannedGit: ProcessPort {
    var answers: [String: String]

    func capture(
        _ command: ProcessCommand, limit: Int, timeout: Duration
    ) async throws(ProcessError) -> CapturedProcess {
        #expect(timeout <= .seconds(2))
        guard command.arguments.first == "git", command.arguments.count > 1, let text = answers[command.arguments[1]]
        else {
            Issue.record("nobody planned \(command.arguments.joined(separator: " "))")
            throw ProcessError(code: .notFound, description: "not planned")
        }
        return CapturedProcess(exit: .exited(text.isEmpty ? 1 : 0), standardOutput: Array(text.utf8))
    }

    func locate(_ name: String, path: String) -> FilePath? { nil }
}

extension DetectionFixture {
    /// Every fixture of every service.
    static let all: [DetectionFixture] =
        gitHub + actions + gitLab + jenkins + azure + circleCI + bitbucket + teamCity + travis + buildkite + semaphore
        + generic + local + nodes
}

/// Commits that are easy to tell apart.
enum Commit {
    static let head = "1111111111111111111111111111111111111111"
    static let merge = "2222222222222222222222222222222222222222"
    static let base = "3333333333333333333333333333333333333333"
}
