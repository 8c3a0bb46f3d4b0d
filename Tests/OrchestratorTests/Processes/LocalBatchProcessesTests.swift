import CICore
import Synchronization
import SystemPackage
import Testing

@testable import Orchestrator

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite(.timeLimit(.minutes(2)))
struct LocalBatchProcessesTests {
    private let processes = LocalBatchProcesses(slots: 4, run: nil)
    private let directory: TemporaryDirectory
    private let files = LocalFileSystem()

    init() throws { directory = try TemporaryDirectory() }

    private var output: FilePath { directory.path.appending("output.log") }
    private var errors: FilePath { directory.path.appending("errors.log") }

    private func run(
        _ script: String, limits: TimeLimits = TimeLimits(hard: .seconds(60)), output: OutputFiles? = nil,
        notice: @escaping @Sendable (ProcessNotice) -> Void = { _ in }
    ) async -> ProcessEnding {
        await processes.run(
            .shell(script, in: directory.path), output: output ?? OutputFiles(self.output), limits: limits,
            notice: notice)
    }

    private func processID(in name: String) throws -> Int32 {
        try #require(Int32(files.text(of: directory.path.appending(name)).filter(\.isNumber)))
    }

    @Test
    func `both streams share one file in the order of writing`() async throws {
        let ending = await run("echo 1; echo 2 >&2; echo 3; exit 7")
        #expect(ending.exit == .exited(7))
        #expect(ending.cause == .exited)
        #expect(ending.wall > .zero)
        #expect(try files.text(of: output) == "1\n2\n3\n")
    }

    @Test
    func `the streams can have a file each, and older contents are replaced`() async throws {
        try files.write(Array("old old old".utf8), to: output)
        let ending = await run("echo out; echo err >&2", output: OutputFiles(output, errors: errors))
        #expect(ending.exit == .exited(0))
        #expect(try files.text(of: output) == "out\n")
        #expect(try files.text(of: errors) == "err\n")
    }

    @Test
    func `standard input is given or empty`() async throws {
        var command = ProcessCommand.shell("cat; echo end", in: directory.path)
        _ = await processes.run(command, output: OutputFiles(output), limits: TimeLimits()) { _ in }
        #expect(try files.text(of: output) == "end\n")
        command.standardInput = Array("in\n".utf8)
        _ = await processes.run(command, output: OutputFiles(output), limits: TimeLimits()) { _ in }
        #expect(try files.text(of: output) == "in\nend\n")
    }

    @Test
    func `a process that is killed by a signal says which`() async {
        #expect(await run("kill -SEGV $$").exit == .signaled(SIGSEGV))
    }

    @Test
    func `followed output arrives whole, in order and in bounded chunks`() async throws {
        let notices = Recorder()
        let script = "i=0; while [ $i -lt 30000 ]; do echo line $i; i=$((i+1)); done; printf '\\377end'; echo bad >&2"
        let ending = await run(
            script, output: OutputFiles(output, errors: errors, isFollowed: true), notice: notices.record)
        #expect(ending.exit == .exited(0))
        #expect(try notices.written(.output) == files.contents(of: output, limit: 10 << 20))
        #expect(notices.written(.errors) == Array("bad\n".utf8))
        #expect(notices.all.allSatisfy { if case .wrote(let bytes, _) = $0 { bytes.count <= 64 << 10 } else { true } })
        guard case .started(let process)? = notices.all.first else { return #expect(Bool(false), "no start") }
        #expect(process > 1)
    }

    @Test
    func `past the hard limit the dump is asked for, and the whole group ends though it ignores the request`()
        async throws
    {
        let notices = Recorder()
        let script = """
            trap 'echo the stack' QUIT; trap '' TERM
            (trap '' TERM QUIT; while :; do sleep 1; done) & echo $! > child
            while :; do sleep 0.05; done
            """
        let limits = TimeLimits(hard: .milliseconds(300), grace: .milliseconds(200), dumpSignal: SIGQUIT)
        let ending = await run(script, limits: limits, notice: notices.record)
        #expect(ending.cause == .hardLimit)
        #expect(ending.exit == .signaled(SIGKILL))
        #expect(notices.signals == [SIGQUIT, SIGTERM, SIGKILL])
        #expect(try files.text(of: output).contains("the stack"))
        #expect(try !isAlive(processID(in: "child")))
    }

    @Test
    func `a silent process is ended and one that writes is not`() async {
        let limits = TimeLimits(silence: .milliseconds(600), grace: .milliseconds(200))
        async let silent = run("echo start; sleep 300", limits: limits)
        async let busy = LocalBatchProcesses(slots: 1, run: nil).run(
            .shell("for i in 1 2 3 4 5 6 7 8 9 10; do echo $i; sleep 0.15; done", in: directory.path),
            output: OutputFiles(errors), limits: limits, notice: { _ in })
        #expect(await silent.cause == .silence)
        #expect(await silent.exit == .signaled(SIGTERM))
        #expect(await busy.cause == .exited)
        #expect(await busy.exit == .exited(0))
    }

    @Test
    func `a soft limit is a notice and no more`() async {
        let notices = Recorder()
        let ending = await run("sleep 0.4", limits: TimeLimits(soft: .milliseconds(50)), notice: notices.record)
        #expect(ending.exit == .exited(0))
        #expect(notices.all.count { $0 == .softLimitPassed } == 1)
    }

    @Test
    func `a cancelled task has its process end itself`() async throws {
        let task = Task { await run("trap 'echo bye; exit 4' TERM; echo up; while :; do sleep 0.05; done") }
        try await eventually { try files.text(of: output) == "up\n" }
        task.cancel()
        let ending = await task.value
        #expect(ending.cause == .cancelled)
        #expect(ending.exit == .exited(4))
        // Between the two the shell may tell of its own child.
        #expect(try files.text(of: output).hasSuffix("bye\n"))
    }

    @Test
    func `a task that was cancelled before starts nothing`() async {
        let task = Task {
            await withTaskCancellationHandler {
                while !Task.isCancelled { await Task.yield() }
                return await run("echo never")
            } onCancel: {
            }
        }
        task.cancel()
        #expect(await task.value == ProcessEnding(exit: nil, cause: .cancelled))
        #expect(files.kind(of: output) == nil)
    }

    @Test
    func `killing all does not wait for the grace`() async throws {
        let task = Task {
            await run("trap '' TERM; echo up; while :; do sleep 0.05; done", limits: TimeLimits(grace: .seconds(600)))
        }
        try await eventually { try files.text(of: output) == "up\n" }
        task.cancel()
        processes.killAll()
        let ending = await task.value
        #expect(ending.exit == .signaled(SIGKILL))
        #expect(ending.cause == .cancelled)
    }

    @Test
    func `what a process leaves behind in its group is ended, stopped and stubborn ones too`() async throws {
        let script = """
            sleep 300 & echo $! > plain
            (trap '' TERM; while :; do sleep 1; done) & echo $! > stubborn
            sleep 300 & echo $! > stopped; kill -STOP $!
            """
        let ending = await run(script)
        #expect(ending.exit == .exited(0))
        #expect(ending.cause == .exited)
        for name in ["plain", "stubborn", "stopped"] { #expect(try !isAlive(processID(in: name)), "\(name)") }
    }

    @Test
    func `a process without a terminal cannot stop to ask for a password`() async throws {
        let ending = await run("read answer < /dev/tty; exit 9")
        #expect(ending.cause == .exited)
        #expect(try files.text(of: output).contains("/dev/tty"))
    }

    @Test
    func `an output file that cannot be opened is a plain error`() async {
        let ending = await run("true", output: OutputFiles("/no/such/directory/output.log"))
        guard case .couldNotStart(let error) = ending.cause else { return #expect(Bool(false), "\(ending)") }
        #expect(
            error.description == "cannot open the output file /no/such/directory/output.log: No such file or directory")
        #expect(ending.exit == nil)
    }

    @Test
    func `a full disk is the child's own error`() async {
        let ending = await run("echo much; exit $?", output: OutputFiles("/dev/full"))
        #expect(ending.cause == .exited)
        #expect(ending.exit?.isSuccess == false)
    }

    @Test
    func `a program that does not exist is not started`() async {
        let command = ProcessCommand(["no-such-tool"], environment: ["PATH": "/usr/bin"], workingDirectory: "/")
        let ending = await processes.run(command, output: OutputFiles(output), limits: TimeLimits()) { _ in }
        guard case .couldNotStart(let error) = ending.cause else { return #expect(Bool(false), "\(ending)") }
        #expect(error.code == .notFound)
    }

    /// In bytes; 0 where the system has no `/proc`.
    private static func ownPeak() throws -> Int {
        guard let status = try? LocalFileSystem().contents(of: "/proc/self/status", limit: 1 << 16) else { return 0 }
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return try #require(line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }) * 1024
    }

    @Test
    func `time and memory of the process are measured`() async throws {
        // The kernel counts what this process had when it made the other: the child has to need more than that.
        let size = max(700_000_000, try Self.ownPeak() + 400_000_000)
        let script = "exec python3 -c 'x = bytearray(b\"x\") * \(size); sum(range(3_000_000))'"
        let ending = await run(script)
        #expect(ending.exit == .exited(0))
        #expect(ending.usage.userTime > .milliseconds(10))
        #expect((ending.usage.peakMemory ?? 0) > size - 100_000_000)
        #expect(ending.wall > .milliseconds(10))
    }

    @Test
    func `many batches in few slots all come back`() async throws {
        let endings = await withTaskGroup(of: ProcessEnding.self) { group in
            for number in 0..<200 {
                group.addTask {
                    await processes.run(
                        .shell("exit \(number)", in: "/"),
                        output: OutputFiles(directory.path.appending("\(number).log")), limits: TimeLimits(),
                        notice: { _ in })
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(endings.compactMap(\.exit)) == Set((0..<200).map { ProcessExit.exited($0) }))
    }
}

/// Keeps notices in their order.
private final class Recorder: Sendable {
    private let notices = Mutex<[ProcessNotice]>([])

    var record: @Sendable (ProcessNotice) -> Void {
        { notice in self.notices.withLock { $0.append(notice) } }
    }

    var all: [ProcessNotice] { notices.withLock { $0 } }

    var signals: [Int32] { all.compactMap { if case .signalled(let number) = $0 { number } else { nil } } }

    func written(_ stream: ProcessNotice.OutputStream) -> [UInt8] {
        all.flatMap { notice -> [UInt8] in
            if case .wrote(let bytes, stream) = notice { bytes } else { [] }
        }
    }
}
