import CICore
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Finds the file that a command names.
enum Executable {
    /// What `execve` is to be given: a path, relative ones to the child's working directory.
    static func resolve(_ command: ProcessCommand) throws(ProcessError) -> String {
        let failure = SpawnFailure(command: command, executable: command.arguments.first ?? "")
        guard let name = command.arguments.first, !name.isEmpty else { throw failure.error(ENOENT) }
        let texts = command.arguments + command.environment.flatMap { [$0.key, $0.value] }
        guard !texts.contains(where: { $0.utf8.contains(0) }) else { throw failure.nulByte }
        if name.utf8.contains(UInt8(ascii: "/")) { return name }
        let path = command.environment["PATH"] ?? defaultPath
        if let found = candidates(name, path, from: command.workingDirectory).first(where: isExecutableFile) {
            return found
        }
        throw failure.notInPath(path)
    }

    /// Every place where the name could be; an empty entry is the current directory, as POSIX has it.
    static func candidates(_ name: String, _ path: String, from directory: FilePath?) -> [String] {
        path.split(separator: ":", omittingEmptySubsequences: false).map { entry in
            let folder = entry.isEmpty ? "." : String(entry)
            guard let directory, !folder.hasPrefix("/") else { return "\(folder)/\(name)" }
            return directory.appending(folder).appending(name).string
        }
    }

    /// Whether it is a file that may be executed.
    static func isExecutableFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }

    private static let defaultPath = "/usr/local/bin:/usr/bin:/bin"
}

/// Puts into words why a command could not be started: the system gives one number for several reasons.
struct SpawnFailure {
    let command: ProcessCommand
    let executable: String

    /// An argument or variable that no process can be given.
    var nulByte: ProcessError {
        ProcessError(
            code: .system(EINVAL), description: "cannot start \(name): an argument or variable holds a NUL byte")
    }

    /// The bare name is in no directory of `PATH`.
    func notInPath(_ path: String) -> ProcessError {
        guard isDirectoryThere else { return error(ENOENT) }
        for place in Executable.candidates(executable, path, from: command.workingDirectory) {
            var status = stat()
            guard stat(place, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            return ProcessError(code: .notExecutable, description: "cannot start \(name): \(place) is not executable")
        }
        return ProcessError(
            code: .notFound,
            description: "cannot start \(name): no such program in PATH (\(path.isEmpty ? "empty" : path))")
    }

    /// Reads the `errno` of the failed start.
    func error(_ number: Int32) -> ProcessError {
        guard isDirectoryThere else {
            return ProcessError(
                code: .workingDirectoryMissing,
                description: "cannot start \(name): the working directory \(command.workingDirectory) does not exist")
        }
        switch number {
        case ENOENT: return missing
        case EACCES, ENOEXEC, EISDIR, ENOTDIR: return notExecutable(number)
        case E2BIG: return tooLong
        case EAGAIN, ENOMEM:
            return ProcessError(
                code: .system(number),
                description:
                    "cannot start \(name): the system has no room for another process (\(Errno(rawValue: number)))")
        default:
            return ProcessError(code: .system(number), description: "cannot start \(name): \(Errno(rawValue: number))")
        }
    }

    private var name: String { executable.isEmpty ? "a process without a name" : executable }

    private var fullPath: String {
        executable.hasPrefix("/") ? executable : command.workingDirectory.appending(executable).string
    }

    private var isDirectoryThere: Bool {
        var status = stat()
        return stat(command.workingDirectory.string, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private var missing: ProcessError {
        guard access(fullPath, F_OK) == 0, let interpreter else {
            return ProcessError(code: .notFound, description: "cannot start \(name): no such file")
        }
        return ProcessError(
            code: .notFound, description: "cannot start \(name): its interpreter \(interpreter) does not exist")
    }

    private func notExecutable(_ number: Int32) -> ProcessError {
        let reason =
            number == ENOEXEC
            ? "neither a program for this machine nor a script with a #! line" : "not executable"
        return ProcessError(code: .notExecutable, description: "cannot start \(name): it is \(reason)")
    }

    private var tooLong: ProcessError {
        let bytes =
            command.arguments.reduce(0) { $0 + $1.utf8.count + 9 }
            + command.environment.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 10 }
        return ProcessError(
            code: .system(E2BIG),
            description: "cannot start \(name): its \(command.arguments.count) arguments and the environment take "
                + "\(bytes) bytes, more than the system allows")
    }

    /// What a script's first line asks for; for a program of another machine's kind, its loader.
    private var interpreter: String? {
        // A file that cannot be read has no line to quote; the caller then says that it is missing.
        guard let file = try? FileDescriptor.open(fullPath, .readOnly, options: .closeOnExec) else { return nil }
        defer { try? file.close() }  // only read from
        var start = [UInt8](repeating: 0, count: 256)
        // As above.
        guard let count = try? start.withUnsafeMutableBytes({ try file.read(into: $0) }) else { return nil }
        guard start[..<count].starts(with: "#!".utf8) else { return "(its dynamic loader)" }
        let words = start[2..<count].prefix { $0 != UInt8(ascii: "\n") }.split(separator: UInt8(ascii: " "))
        return words.first.map { String(decoding: $0, as: UTF8.self) }
    }
}
