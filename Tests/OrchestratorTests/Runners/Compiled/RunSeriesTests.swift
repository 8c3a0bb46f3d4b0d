import CICore
import SystemPackage
import Testing

@testable import Orchestrator

@Suite struct RunSeriesTests {
    private func run(_ runs: [RunSeries.Run], in directory: FilePath) async throws -> CapturedProcess {
        let series = RunSeries(runs: runs)
        return try await LocalProcesses().capture(
            ProcessCommand(
                series.arguments, environment: ["PATH": ProcessFacts.variable("PATH") ?? ""],
                workingDirectory: directory, standardInput: series.standardInput),
            limit: 1 << 20, timeout: .seconds(60))
    }

    @Test func `one plain start is the tool itself`() {
        let series = RunSeries(runs: [.init(["tool", "a b"])])
        #expect(series.arguments == ["tool", "a b"])
        #expect(series.standardInput == nil)
    }

    @Test func `arguments arrive unchanged, whatever they hold`() async throws {
        let scratch = try ScratchDirectory()
        let words = ["a b", "$(touch hacked)", "`x`", "it's", "\"q\"", "\\", "*", "-n", "line\nbreak", "é"]
        let result = try await run(
            [.init(["printf", "%s|"] + words), .init(["printf", "%s|", "second"])], in: scratch.path)
        #expect(result.text == (words + ["second"]).map { $0 + "|" }.joined())
        #expect(try LocalFileSystem().entries(of: scratch.path).isEmpty)
    }

    @Test func `each start may have a file for its output, and the worst exit code is the answer`() async throws {
        let scratch = try ScratchDirectory()
        let file = scratch.path.appending("out put $x.txt")
        let result = try await run(
            [
                .init(["sh", "-c", "echo one; exit 3"], output: file), .init(["sh", "-c", "cat; exit 1"]),
                .init(["true"]),
            ], in: scratch.path)
        #expect(result.exit == .exited(3))
        #expect(result.standardOutput.isEmpty)
        #expect(try LocalFileSystem().text(of: file) == "one\n")
    }

    @Test func `a tool that dies of a signal shows as one`() async throws {
        let scratch = try ScratchDirectory()
        let result = try await run([.init(["sh", "-c", "kill -ABRT $$"]), .init(["true"])], in: scratch.path)
        #expect(result.exit.deathSignal == 6)
    }

    @Test(arguments: [
        (ProcessExit.exited(0), nil), (.exited(128), nil), (.exited(134), 6), (.exited(255), nil), (.signaled(9), 9),
    ])
    func `exit codes of shells tell signals`(exit: ProcessExit, signal: Int32?) {
        #expect(exit.deathSignal == signal)
    }
}
