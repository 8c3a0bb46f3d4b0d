import CICore
import Synchronization
import SystemPackage

@testable import Orchestrator

/// A world in which a tool gives recorded answers: processes by what their arguments hold, files from memory.
final class RecordedTools: ProcessPort {
    /// What is printed, and what is written to the file that an option names.
    struct Answer: Sendable {
        var output = ""
        var exit = ProcessExit.exited(0)
        /// An option such as `--json=`, and what the tool writes there.
        var file: (option: String, text: String)?
    }

    private let answers: [(word: String, answer: Answer)]
    private let started = Mutex<[[String]]>([])
    let scratch: ScratchDirectory

    init(_ answers: [(word: String, answer: Answer)]) throws {
        self.answers = answers
        scratch = try ScratchDirectory()
    }

    /// The command lines so far.
    var commands: [[String]] { started.withLock { $0 } }

    var tools: RunnerTools {
        RunnerTools(processes: self, files: LocalFileSystem(), environment: ["PATH": "/bin"], scratch: scratch.path)
    }

    func capture(
        _ command: ProcessCommand, limit: Int, timeout: Duration
    ) async throws(ProcessError) -> CapturedProcess {
        started.withLock { $0.append(command.arguments) }
        guard let (_, answer) = answers.first(where: { command.arguments.contains($0.word) }) else {
            throw ProcessError(code: .notFound, description: "nobody planned \(command.arguments)")
        }
        if let (option, text) = answer.file, let target = command.arguments.first(where: { $0.hasPrefix(option) }) {
            // The answer then lacks its file, which the test sees.
            try? LocalFileSystem().write(Array(text.utf8), to: FilePath(String(target.dropFirst(option.count))))
        }
        return CapturedProcess(exit: answer.exit, standardOutput: Array(answer.output.utf8))
    }

    func locate(_ name: String, path: String) -> FilePath? { FilePath("/bin/\(name)") }

    /// A recording's text.
    static func recording(_ name: String) throws -> String {
        let folder = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
        return try LocalFileSystem().text(of: folder.appending("Fixtures/recordings").appending(name))
    }

    /// A suite in the directory of the recordings.
    static func suite(_ runner: RunnerID, in directory: FilePath = "/work/web") -> Suite {
        Suite(name: "s", runner: runner, workingDirectory: directory)
    }
}
