import CICore
import SystemPackage

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
