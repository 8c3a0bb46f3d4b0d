import CICore
import Synchronization
import SystemPackage

@testable import Orchestrator

/// A directory of its own for one test, removed with the value.
final class ScratchDirectory: Sendable {
    /// Absolute, without links in it.
    let path: FilePath
    private static let counter = Atomic<Int>(0)

    init() throws {
        let number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
        path = FilePath("/tmp/dt-ci-tests-\(ProcessFacts.processID)-\(number)")
        try LocalFileSystem().remove(path)
        try LocalFileSystem().createDirectory(path)
    }

    deinit {
        // A directory that stays behind harms no test.
        try? LocalFileSystem().remove(path)
    }

    func write(_ files: [String: String]) throws {
        for (name, text) in files {
            let file = path.appending(name)
            try LocalFileSystem().createDirectory(file.removingLastComponent())
            try LocalFileSystem().write(Array(text.utf8), to: file)
        }
    }

    func link(_ name: String, to target: String) throws {
        try ProcessFacts.symlink(from: path.appending(name), to: target)
    }

    /// Real files and processes.
    var realTools: RunnerTools {
        var environment = ["LANG": "C.UTF-8"]
        for name in ["PATH", "HOME"] { environment[name] = ProcessFacts.variable(name) }
        return RunnerTools(
            processes: LocalProcesses(), files: LocalFileSystem(), environment: environment,
            scratch: path.appending(".scratch"))
    }

    /// Real files; every process that is started is an error.
    var tools: RunnerTools {
        RunnerTools(processes: NoProcesses(), files: LocalFileSystem(), environment: [:], scratch: path)
    }
}

/// For tests that must start nothing.
struct NoProcesses: ProcessPort {
    /// Names that `locate` finds.
    var installed: Set<String> = []

    func capture(
        _ command: ProcessCommand, limit: Int, timeout: Duration
    ) async throws(ProcessError) -> CapturedProcess {
        throw ProcessError(code: .system(1), description: "unexpected process \(command.arguments)")
    }

    func locate(_ name: String, path: String) -> FilePath? {
        installed.contains(name) ? FilePath("/bin").appending(name) : nil
    }
}
