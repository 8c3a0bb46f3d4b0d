import CICore
import CSpawn
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A child that was started and not yet reaped, with its process group.
///
/// The child leads a session of its own: its group can be signalled as a whole, and a test that asks for a password
/// fails at once for want of a terminal, as it would in CI, and does not stop in the background.
struct SpawnedProcess {
    let id: pid_t
    /// Readable when the process has ended; -1 where the system has none.
    let endDescriptor: Int32
    /// Peak memory at or below this is dt-ci's own: Linux carries it over into the new program.
    private let peakFloor: Int64

    /// Starts the command; `output` and `errors` become the child's streams and stay open here.
    static func start(
        _ command: ProcessCommand, output: Int32, errors: Int32
    ) throws(ProcessError) -> SpawnedProcess {
        let executable = try Executable.resolve(command)
        let input = try StandardInput.open(command)
        defer { close(input) }
        let peak = dtci_own_peak_bytes()
        var pid = spawn(command, executable, input, output, errors)
        // Another thread's child may still hold a script open that was written a moment ago.
        var pause: UInt32 = 500
        while pid == -ETXTBSY, pause < 64_000 {
            usleep(pause)
            pause *= 2
            pid = spawn(command, executable, input, output, errors)
        }
        guard pid > 0 else { throw SpawnFailure(command: command, executable: executable).error(-pid) }
        return SpawnedProcess(id: pid, endDescriptor: dtci_process_descriptor(pid), peakFloor: peak)
    }

    private static func spawn(
        _ command: ProcessCommand, _ executable: String, _ input: Int32, _ output: Int32, _ errors: Int32
    ) -> pid_t {
        let environment = command.environment.map { "\($0.key)=\($0.value)" }
        return withCStrings(command.arguments) { arguments in
            withCStrings(environment) { environment in
                executable.withCString { path in
                    command.workingDirectory.withPlatformString { directory in
                        var child = dtci_child(
                            path: path, arguments: arguments, environment: environment, directory: directory,
                            input: input, output: output, errors: errors)
                        return OwnChildren.note { dtci_spawn(&child) }
                    }
                }
            }
        }
    }

    /// Whether the process itself has ended; it may be asked until `reap()`.
    var hasEnded: Bool { dtci_has_ended(id) != 0 }

    /// Whether any process of the group is left. The group keeps its id from being given to another process.
    var isGroupAlive: Bool {
        dtci_reap_group(id)
        return dtci_is_group_alive(id) != 0
    }

    /// To the whole group. A stopped process would not see a request to terminate, so it is continued.
    func signalGroup(_ signal: Int32) {
        _ = kill(-id, signal)
        if signal == SIGTERM { _ = kill(-id, SIGCONT) }
    }

    /// Takes the ended process away and tells how it ended; once.
    func reap() -> (exit: ProcessExit, usage: ProcessEnding.Usage) {
        if endDescriptor >= 0 { close(endDescriptor) }
        var ending = dtci_ending()
        guard OwnChildren.forget(id, reaping: { dtci_reap(id, &ending) }) == 0 else {
            return (.signaled(SIGKILL), ProcessEnding.Usage())
        }
        let usage = ProcessEnding.Usage(
            userTime: .microseconds(ending.user_microseconds), systemTime: .microseconds(ending.system_microseconds),
            peakMemory: ending.peak_bytes > peakFloor ? Int(ending.peak_bytes) : nil)
        return (ending.signal == 0 ? .exited(ending.code) : .signaled(ending.signal), usage)
    }
}

/// The strings as `execve` wants them.
private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var bytes: [CChar] = []
    var starts: [Int] = []
    for string in strings {
        starts.append(bytes.count)
        bytes.append(contentsOf: string.utf8.lazy.map { CChar(bitPattern: $0) })
        bytes.append(0)
    }
    return bytes.withUnsafeMutableBufferPointer { buffer in
        var pointers: [UnsafeMutablePointer<CChar>?] = starts.map { start in buffer.baseAddress.map { $0 + start } }
        pointers.append(nil)
        return body(pointers)
    }
}

/// The file that a child reads as standard input.
private enum StandardInput {
    /// `/dev/null`, or an unlinked file with the bytes: unlike a pipe it needs nobody to feed it.
    static func open(_ command: ProcessCommand) throws(ProcessError) -> Int32 {
        guard let bytes = command.standardInput else {
            // The reason is in `errno`, as below.
            guard let null = try? FileDescriptor.open("/dev/null", .readOnly, options: .closeOnExec) else {
                throw failure()
            }
            return aboveStandardStreams(null.rawValue)
        }
        let file = aboveStandardStreams(anonymousFile())
        guard file >= 0 else { throw failure() }
        do {
            try FileDescriptor(rawValue: file).writeAll(bytes)
            try FileDescriptor(rawValue: file).seek(offset: 0, from: .start)
        } catch {
            close(file)
            throw failure()
        }
        return file
    }

    private static func anonymousFile() -> Int32 {
        let memory = dtci_memory_file()
        if memory >= 0 { return memory }
        var name = Array("/tmp/dt-ci.XXXXXX".utf8CString)
        let file = mkstemp(&name)
        if file >= 0 {
            unlink(name)
            _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        }
        return file
    }

    private static func failure() -> ProcessError {
        ProcessError(
            code: .system(errno), description: "cannot give a process its standard input: \(Errno(rawValue: errno))")
    }
}

/// The same file under a number that is not 0, 1 or 2: these are replaced in the child, one after the other.
func aboveStandardStreams(_ descriptor: Int32) -> Int32 {
    guard (0...2).contains(descriptor) else { return descriptor }
    let higher = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
    close(descriptor)
    return higher
}
