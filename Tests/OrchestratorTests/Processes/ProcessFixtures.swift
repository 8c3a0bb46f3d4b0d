import CICore
import Synchronization
import SystemPackage
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A directory of one test, removed with everything in it.
final class TemporaryDirectory: Sendable {
    let path: FilePath

    init() throws {
        var name = Array("/tmp/dt-ci-tests.XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else { throw Errno(rawValue: errno) }
        path = FilePath(platformString: name)
    }

    deinit {
        // What cannot be removed stays in /tmp: no test's outcome.
        try? LocalFileSystem().remove(path)
    }
}

/// Whether the process runs; a zombie does not.
func isAlive(_ process: Int32) -> Bool {
    // A process without a status file is gone.
    guard let status = try? LocalFileSystem().text(of: FilePath("/proc/\(process)/stat")) else { return false }
    let state = status.split(separator: ")").last?.split(separator: " ").first
    return state != "Z" && state != "X"
}

/// Looks again and again for up to half a minute, for what other processes bring about.
func eventually(_ condition: () throws -> Bool, sourceLocation: Testing.SourceLocation = #_sourceLocation) async throws
{
    let deadline = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < deadline {
        // A file that is not there yet is like a condition that does not hold yet.
        if (try? condition()) == true { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record("did not come true within 30 s", sourceLocation: sourceLocation)
}

/// A number that several threads add to.
final class Counter: Sendable {
    private let total = Mutex(0)

    var value: Int { total.withLock { $0 } }

    func add(_ amount: Int) { total.withLock { $0 += amount } }
}

extension ProcessCommand {
    /// A shell script, as a child of a run where one is named.
    static func shell(_ script: String, in directory: FilePath, run: String? = nil) -> ProcessCommand {
        var environment = ["PATH": "/usr/bin:/bin"]
        environment["DTCI_RUN_ID"] = run
        return ProcessCommand(["sh", "-c", script], environment: environment, workingDirectory: directory)
    }
}
