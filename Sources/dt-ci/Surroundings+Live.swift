import CICore
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What this process was started with, read once and handed to everything below as values.
struct Surroundings: Sendable {
    var environment: [String: String]
    /// Absolute.
    let workingDirectory: FilePath
    let files: any FileSystem

    /// Those of the real process.
    static let live = Surroundings(
        environment: liveEnvironment(), workingDirectory: liveWorkingDirectory(), files: LocalFileSystem())

    /// Where what nobody keeps may be written.
    var temporaryDirectory: FilePath { FilePath(variable("TMPDIR") ?? "/tmp") }

    /// Whether standard output is a terminal whose user has nothing against colours (no-color.org).
    var isOutputColored: Bool {
        isatty(STDOUT_FILENO) == 1 && variable("TERM") != "dumb" && variable("NO_COLOR") == nil
    }

    /// An empty variable is as good as none.
    private func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    private static func liveEnvironment() -> [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            next += 1
        }
        return variables
    }

    private static func liveWorkingDirectory() -> FilePath {
        guard let buffer = getcwd(nil, 0) else { return "/" }
        defer { free(buffer) }
        return FilePath(String(cString: buffer))
    }
}

extension FileDescriptor {
    /// Writes text; a reader that went away is no error of ours.
    func say(_ text: String) {
        // Nobody is left to be told that nobody listens.
        _ = try? writeAll(Array(text.utf8))
    }
}
