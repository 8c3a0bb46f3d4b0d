package import SystemPackage

/// A child process to start: always an argument array, never a shell string.
package struct ProcessCommand: Sendable, Hashable {
    /// `arguments[0]` is the executable: a path, or a name looked up in the `PATH` of `environment`.
    package var arguments: [String]
    /// Exactly what the child sees.
    package var environment: [String: String]
    package var workingDirectory: FilePath
    /// Closed when `nil`.
    package var standardInput: [UInt8]?

    package init(
        _ arguments: [String], environment: [String: String], workingDirectory: FilePath,
        standardInput: [UInt8]? = nil
    ) {
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.standardInput = standardInput
    }
}

/// How a process ended.
package enum ProcessExit: Sendable, Hashable, CustomStringConvertible {
    case exited(Int32)
    case signaled(Int32)

    package var isSuccess: Bool { self == .exited(0) }

    package var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signaled(let number): "signal \(number)"
        }
    }
}

/// A finished process with what it wrote.
package struct CapturedProcess: Sendable, Hashable {
    package var exit: ProcessExit
    package var standardOutput: [UInt8]
    package var standardError: [UInt8]
    /// Whether either stream was longer than the limit; the rest was read and thrown away.
    package var isTruncated: Bool

    package init(
        exit: ProcessExit, standardOutput: [UInt8] = [], standardError: [UInt8] = [], isTruncated: Bool = false
    ) {
        self.exit = exit
        self.standardOutput = standardOutput
        self.standardError = standardError
        self.isTruncated = isTruncated
    }

    /// Standard output as text, illegal bytes replaced.
    package var text: String { String(decoding: standardOutput, as: UTF8.self) }
}

/// Why a process could not be started or was ended.
package struct ProcessError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    package enum Code: Sendable, Hashable {
        case notFound
        case notExecutable
        case workingDirectoryMissing
        case timedOut
        case cancelled
        case system(Int32)
    }

    package var code: Code
    package var description: String

    package init(code: Code, description: String) {
        self.code = code
        self.description = description
    }
}

/// Short child processes whose output is wanted: listings, version probes, git.
package protocol ProcessPort: Sendable {
    /// Runs to the end, its whole process group ended at the time limit or when the task is cancelled, and keeps at most
    /// `limit` bytes of each stream.
    func capture(_ command: ProcessCommand, limit: Int, timeout: Duration) async throws(ProcessError) -> CapturedProcess

    /// The path of an executable: `name` itself if it holds a slash and is executable, else the first hit in `path`.
    func locate(_ name: String, path: String) -> FilePath?
}
