import CICore
import CSpawn
import SystemPackage
import Testing

@testable import Orchestrator

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Each of these runs in a process of its own, because it adopts orphans or is killed.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct OrphanGuardTests {
    @Test
    func `when dt-ci is killed its children end, those that ignore signals or left the session too`() async throws {
        let directory = try TemporaryDirectory()
        await #expect(processExitsWith: .signal(SIGKILL)) { [place = directory.path.string as String] in
            let names = ["leader", "stubborn", "daemon"].map { FilePath(place).appending($0) }
            async let ending = LocalBatchProcesses(slots: 1, run: "doomed").run(
                .shell(Self.family, in: FilePath(place), run: "doomed"),
                output: OutputFiles(FilePath(place).appending("log")), limits: TimeLimits(), notice: { _ in })
            try await eventually { names.allSatisfy { (LocalFileSystem().size(of: $0) ?? 0) > 1 } }
            kill(getpid(), SIGKILL)
            _ = await ending
        }
        for name in ["leader", "stubborn", "daemon"] {
            let text = try LocalFileSystem().text(of: directory.path.appending(name))
            let process = try #require(Int32(text.filter(\.isNumber)))
            try await eventually { !isAlive(process) }
        }
    }

    @Test
    func `daemons that outlive their batch are ended at the end of the run and named`() async throws {
        let directory = try TemporaryDirectory()
        await #expect(processExitsWith: .success) { [place = directory.path.string as String] in
            let processes = LocalBatchProcesses(slots: 1, run: "quiet")
            let bare = "setsid env -i sh -c 'echo $$ > bare; exec sleep 301' & while [ ! -s bare ]; do :; done"
            let marked = "setsid sh -c 'trap \"\" TERM; echo $$ > marked; while :; do sleep 1; done' &"
            for (number, script) in ["\(bare)", "\(marked) while [ ! -s marked ]; do :; done"].enumerated() {
                let ending = await processes.run(
                    .shell(script, in: FilePath(place), run: "quiet"),
                    output: OutputFiles(FilePath(place).appending("log\(number)")), limits: TimeLimits(),
                    notice: { _ in })
                #expect(ending.exit == .exited(0))
            }
            let ended = await processes.endStragglers()
            #expect(ended.map(\.name).contains("sh"))
            #expect(ended.map(\.name).contains("sleep"))
            for name in ["bare", "marked"] {
                let text = try LocalFileSystem().text(of: FilePath(place).appending(name))
                #expect(try !isAlive(#require(Int32(text.filter(\.isNumber)))), "\(name)")
            }
            #expect(await processes.endStragglers() == [])
        }
    }

    @Test
    func `a run leaves no zombie and no descriptor`() async throws {
        let directory = try TemporaryDirectory()
        await #expect(processExitsWith: .success) { [place = directory.path.string as String] in
            let processes = LocalBatchProcesses(slots: 2, run: "clean")
            func run(_ number: Int) async {
                let log = FilePath(place).appending("log\(number)")
                // Half of them leave a grandchild that ends on its own after its parent.
                let script = number % 2 == 0 ? "true" : "setsid sleep 0.01 &"
                let ending = await processes.run(
                    .shell(script, in: "/", run: "clean"), output: OutputFiles(log), limits: TimeLimits(),
                    notice: { _ in })
                #expect(ending.exit == .exited(0))
            }
            await run(0)
            let before = try LocalFileSystem().entries(of: "/proc/self/fd").count
            await withTaskGroup { group in
                for number in 0..<100 { group.addTask { await run(number) } }
            }
            _ = await processes.endStragglers()
            // The second thread's pipe is the only thing that may have come.
            #expect(try LocalFileSystem().entries(of: "/proc/self/fd").count <= before + 2)
            var children = [pid_t](repeating: 0, count: 64)
            let count = Int(dtci_find_processes("DTCI_RUN_ID=clean", getpid(), &children, 64))
            let names = try children[..<count].map { try LocalFileSystem().text(of: FilePath("/proc/\($0)/comm")) }
            #expect(names == ["dt-ci-watchdog\n"])
        }
    }

    @Test
    func `a group of zombies that nobody takes away counts as ended`() async throws {
        let directory = try TemporaryDirectory()
        let note = directory.path.appending("zombie")
        let script = """
            import os, time
            child = os.fork()
            if child == 0:
                os.setpgid(0, 0)
                os._exit(0)
            open("zombie", "w").write(f"<{child}>")
            time.sleep(300)
            """
        let command = ProcessCommand(
            ["python3", "-c", script], environment: ["PATH": "/usr/bin:/bin"], workingDirectory: directory.path)
        let task = Task { try await LocalProcesses().capture(command, limit: 100, timeout: .seconds(100)) }
        try await eventually { (LocalFileSystem().size(of: note) ?? 0) > 1 }
        let zombie = try #require(Int32(LocalFileSystem().text(of: note).filter(\.isNumber)))
        try await eventually { !isAlive(zombie) && kill(-zombie, 0) == 0 }
        #expect(dtci_is_group_alive(zombie) == 0)
        #expect(dtci_is_group_alive(getpgrp()) == 1)
        task.cancel()
        _ = await task.result
    }

    @Test
    func `200 MB of output take no memory, kept in a file, followed or captured`() async throws {
        let directory = try TemporaryDirectory()
        await #expect(processExitsWith: .success) { [place = directory.path.string as String] in
            let script = "head -c 200000000 /dev/zero"
            let before = dtci_own_peak_bytes()
            let captured = try await LocalProcesses().capture(
                .shell(script, in: "/"), limit: 1 << 20, timeout: .seconds(60))
            #expect(captured.standardOutput.count == 1 << 20)
            #expect(captured.isTruncated)
            let log = FilePath(place).appending("log")
            let total = Counter()
            let ending = await LocalBatchProcesses(slots: 1, run: nil).run(
                .shell(script, in: "/"), output: OutputFiles(log, isFollowed: true), limits: TimeLimits(),
                notice: { if case .wrote(let bytes, _) = $0 { total.add(bytes.count) } })
            #expect(ending.exit == .exited(0))
            #expect(total.value == 200_000_000)
            #expect(LocalFileSystem().size(of: log) == 200_000_000)
            #expect(dtci_own_peak_bytes() - before < 24 << 20)
        }
    }

    @Test
    func `the mark is found only as a whole variable, wherever it stands in a large environment`() async throws {
        let processes = LocalProcesses()
        var environment = ["PATH": "/usr/bin:/bin"]
        for number in 0..<40 { environment["FILL\(number)"] = String(repeating: "x", count: 3000 + number) }
        environment["DTCI_RUN_ID"] = "mark-1"
        environment["DECOY"] = "DTCI_RUN_ID=mark-2"
        let command = ProcessCommand(
            ["sh", "-c", "echo $$; exec sleep 300"], environment: environment, workingDirectory: "/")
        let task = Task { try await processes.capture(command, limit: 100, timeout: .seconds(100)) }
        var found = [pid_t](repeating: 0, count: 8)
        try await eventually { dtci_find_processes("DTCI_RUN_ID=mark-1", 0, &found, 8) == 1 }
        #expect(dtci_find_processes("DTCI_RUN_ID=mark-2", 0, &found, 8) == 0)
        #expect(dtci_find_processes("DTCI_RUN_ID=mark", 0, &found, 8) == 0)
        task.cancel()
        _ = await task.result
    }

    private static let family = """
        echo $$ > leader
        (trap '' TERM HUP INT; echo x > s; while :; do sleep 1; done) & echo $! > stubborn
        setsid sh -c 'trap "" TERM HUP; echo $$ > daemon; while :; do sleep 1; done' &
        wait
        """
}
