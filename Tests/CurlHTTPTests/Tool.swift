import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A real tool started by a test; it ends with this object.
final class Tool {
    private let pid: pid_t
    private let output: FileDescriptor

    /// Starts it with the tests' own `PATH` and standard error.
    init(_ arguments: [String]) throws {
        let ends = try FileDescriptor.pipe()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends.writeEnd.rawValue, 1)
        posix_spawn_file_actions_addclose(&actions, ends.readEnd.rawValue)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var texts = arguments.map { strdup($0) } + [nil]
        defer { for text in texts { free(text) } }
        var pid = pid_t()
        let code = posix_spawnp(&pid, arguments[0], &actions, nil, &texts, environ)
        try ends.writeEnd.close()
        guard code == 0 else { throw Errno(rawValue: code) }
        self.pid = pid
        output = ends.readEnd
    }

    deinit {
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
        try? output.close()  // it was only read
    }

    /// The next line of its output; what came by its end or after a minute.
    func line() throws -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        var entry = pollfd(fd: output.rawValue, events: Int16(POLLIN), revents: 0)
        while poll(&entry, 1, 60_000) == 1, read(output.rawValue, &byte, 1) == 1, byte != UInt8(ascii: "\n") {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Runs a tool to its end.
    static func run(_ arguments: [String]) throws {
        let tool = try Tool(arguments)
        while try !tool.line().isEmpty {}
        var status: Int32 = 0
        guard waitpid(tool.pid, &status, 0) == tool.pid, status == 0 else { throw ToolError(arguments: arguments) }
    }
}

/// A tool that a test needs ended with an error.
struct ToolError: Error {
    let arguments: [String]
}

/// A directory that ends with the test.
final class TemporaryDirectory {
    let path: FilePath

    init() throws {
        var template = Array("/tmp/dt-ci-curl-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        path = FilePath(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    deinit {
        guard let directory = opendir(path.string) else { return }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            unlink(path.appending(name).string)
        }
        rmdir(path.string)
    }
}
