import CICore
import SystemPackage

@testable import Orchestrator

/// Tools that answer as they were recorded: the first answer whose word is among the arguments.
struct RecordedProcesses: ProcessPort {
    /// One recorded answer.
    struct Answer: Sendable {
        var word: String
        var exit: ProcessExit = .exited(0)
        var output = ""
        var errors = ""
        /// Written to the argument after the word.
        var file: String?
    }

    var answers: [Answer]

    func capture(
        _ command: ProcessCommand, limit: Int, timeout: Duration
    ) async throws(ProcessError) -> CapturedProcess {
        guard let answer = answers.first(where: { command.arguments.contains($0.word) }) else {
            throw ProcessError(code: .system(1), description: "unexpected process \(command.arguments)")
        }
        if let text = answer.file, let index = command.arguments.firstIndex(of: answer.word) {
            do {
                try LocalFileSystem().write(Array(text.utf8), to: FilePath(command.arguments[index + 1]))
            } catch {
                throw ProcessError(code: .system(1), description: "\(error)")
            }
        }
        return CapturedProcess(
            exit: answer.exit, standardOutput: Array(answer.output.utf8), standardError: Array(answer.errors.utf8))
    }

    func locate(_ name: String, path: String) -> FilePath? { FilePath("/bin").appending(name) }

    /// A recording below `Fixtures/runners`.
    static func text(_ name: String) throws -> String {
        let tests = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
        return try LocalFileSystem().text(of: tests.appending("Fixtures/runners").appending(name))
    }
}
