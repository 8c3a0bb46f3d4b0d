import CICore
import SystemPackage
import Testing

@testable import Orchestrator

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite(.timeLimit(.minutes(2)))
struct LocalProcessesTests {
    private let processes = LocalProcesses()

    private func sh(_ script: String, input: [UInt8]? = nil) -> ProcessCommand {
        ProcessCommand(
            ["sh", "-c", script], environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/", standardInput: input)
    }

    @Test
    func `both streams and the exit code come back`() async throws {
        let result = try await processes.capture(
            sh("echo out; echo err >&2; exit 3"), limit: 1000, timeout: .seconds(20))
        #expect(result.exit == .exited(3))
        #expect(result.text == "out\n")
        #expect(result.standardError == Array("err\n".utf8))
        #expect(!result.isTruncated)
    }

    @Test
    func `a large standard input and both streams full do not deadlock`() async throws {
        let input = [UInt8](repeating: 0x61, count: 3 << 20)
        let result = try await processes.capture(
            sh("cat >&2; head -c 3000000 /dev/zero", input: input), limit: 10 << 20, timeout: .seconds(30))
        #expect(result.standardError == input)
        #expect(result.standardOutput.count == 3_000_000)
    }

    @Test
    func `what is over the limit is read and thrown away`() async throws {
        let result = try await processes.capture(
            sh("head -c 50000000 /dev/zero; echo end >&2"), limit: 1000, timeout: .seconds(30))
        #expect(result.exit.isSuccess)
        #expect(result.standardOutput == [UInt8](repeating: 0, count: 1000))
        #expect(result.standardError == Array("end\n".utf8))
        #expect(result.isTruncated)
    }

    @Test
    func `bytes that are no text come through as they are`() async throws {
        let result = try await processes.capture(sh(#"printf '\377\000\033[31m'"#), limit: 100, timeout: .seconds(20))
        #expect(result.standardOutput == [0xff, 0, 0x1b, 0x5b, 0x33, 0x31, 0x6d])
    }

    @Test
    func `the environment is exactly what was given`() async throws {
        let command = ProcessCommand(
            ["/usr/bin/env"], environment: ["ONLY": "this = one", "ÜMLAUT": "ß"], workingDirectory: "/")
        let result = try await processes.capture(command, limit: 1000, timeout: .seconds(20))
        #expect(Set(result.text.split(separator: "\n")) == ["ONLY=this = one", "ÜMLAUT=ß"])
    }

    @Test
    func `the child starts in its working directory with nothing but its three streams and default signals`()
        async throws
    {
        // As dt-ci itself does; a child must not inherit it.
        signal(SIGPIPE, SIG_IGN)
        let script = "pwd; ls /proc/self/fd; grep -E 'Sig(Blk|Ign)' /proc/self/status"
        var command = sh(script)
        command.workingDirectory = "/usr"
        let result = try await processes.capture(command, limit: 1000, timeout: .seconds(20))
        let lines = result.text.split(separator: "\n").map(String.init)
        #expect(lines.first == "/usr")
        // 3 is the directory that ls itself reads.
        #expect(lines.dropFirst().prefix(4) == ["0", "1", "2", "3"])
        let masks = lines.suffix(2).compactMap { UInt64($0.split(separator: "\t").last ?? "", radix: 16) }
        // Above 31 are the C library's own, which it lets nobody change.
        #expect(masks.map { $0 & 0x7fff_ffff } == [0, 0], "\(lines)")
    }

    @Test
    func `a grandchild that keeps the pipe open does not delay the answer and is ended`() async throws {
        let started = ContinuousClock.now
        let result = try await processes.capture(
            sh("(trap '' TERM; sleep 300) & echo $!"), limit: 1000, timeout: .seconds(30))
        #expect(ContinuousClock.now - started < .seconds(20))
        let grandchild = try #require(Int32(result.text.filter(\.isNumber)))
        #expect(!isAlive(grandchild))
    }

    @Test
    func `a grandchild in a session of its own that keeps the pipe open does not delay the answer`() async throws {
        let directory = try TemporaryDirectory()
        let fifo = directory.path.appending("fifo")
        let started = ContinuousClock.now
        let result = try await processes.capture(
            sh("mkfifo \(fifo); setsid sh -c 'echo $$ > \(fifo); exec sleep 300' & cat \(fifo)"), limit: 1000,
            timeout: .seconds(60))
        #expect(ContinuousClock.now - started < .seconds(20))
        let grandchild = try #require(Int32(result.text.filter(\.isNumber)))
        #expect(isAlive(grandchild))
        kill(grandchild, SIGKILL)
    }

    @Test
    func `past the time limit the whole group is killed`() async throws {
        let directory = try TemporaryDirectory()
        let note = directory.path.appending("pid")
        let script = "trap '' TERM; (trap '' TERM; sleep 300) & echo $! > \(note); wait"
        let error = await #expect(throws: ProcessError.self) {
            try await processes.capture(sh(script), limit: 1000, timeout: .milliseconds(500))
        }
        #expect(error?.code == .timedOut)
        #expect(error?.description == "sh was ended: it took longer than 0.50 s")
        let grandchild = try #require(Int32(LocalFileSystem().text(of: note).filter(\.isNumber)))
        #expect(!isAlive(grandchild))
    }

    @Test
    func `a cancelled task ends its process`() async throws {
        let started = ContinuousClock.now
        let task = Task { try await processes.capture(sh("sleep 300"), limit: 1000, timeout: .seconds(300)) }
        task.cancel()
        let error = await #expect(throws: ProcessError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        #expect(ContinuousClock.now - started < .seconds(20))
    }

    @Test
    func `hundreds of processes at once all come back and leave no descriptor open`() async throws {
        let warm = try await processes.capture(sh("true"), limit: 10, timeout: .seconds(60))
        #expect(warm.exit.isSuccess)
        let before = try abandonedDescriptors()
        try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<500 {
                group.addTask {
                    try await processes.capture(sh("echo \(number)"), limit: 100, timeout: .seconds(60)).text
                }
            }
            var seen: Set<String> = []
            for try await text in group { seen.insert(text) }
            #expect(seen == Set((0..<500).map { "\($0)\n" }))
        }
        let after = try abandonedDescriptors()
        // One descriptor left of each process would be 500; the rest is for what the tests beside this one open.
        #expect(after - before < 450, "\(before) descriptors before, \(after) after")
    }

    /// How many descriptors of this process are of the kind that an ended child would leave: pipes without another end,
    /// ended processes, empty inputs.
    private func abandonedDescriptors() throws -> Int {
        try LocalFileSystem().entries(of: "/proc/self/fd").count { entry in
            guard let number = Int32(entry.name), let target = ProcessFacts.target(of: "/proc/self/fd/\(number)")
            else { return false }
            if target == "/dev/null" { return true }
            guard target.hasPrefix("pipe:") || target.contains("pidfd") else { return false }
            var state = pollfd(fd: number, events: 0, revents: 0)
            if target.contains("pidfd") { state.events = Int16(POLLIN) }
            return poll(&state, 1, 0) > 0
        }
    }
}
