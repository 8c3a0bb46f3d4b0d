import CICore
import SystemPackage
import Testing

@testable import Orchestrator

/// Several starts of one tool as one process.
@Suite struct SuccessiveRunsTests {
    @Test func `one start needs no shell`() {
        let runs = SuccessiveRuns(command: ["tool", "-x"], runs: [["a b"]])
        #expect(runs.arguments == ["tool", "-x", "a b"])
        #expect(runs.standardInput == nil)
    }

    @Test func `each start gets its arguments unchanged, and the worst exit code counts`() async throws {
        let scratch = try ScratchDirectory()
        let script = "printf '<%s>' \"$@\"; echo; [ \"$1\" = \"$(printf 'a\\nb')\" ] && exit 3; exit 1"
        let runs = SuccessiveRuns(
            command: ["/bin/sh", "-c", script, "sh"],
            runs: [["a\nb", "$(touch hacked)", "*"], ["it's", "\"q\"", "\\", "ü中"]])
        let result = try await LocalProcesses().capture(
            ProcessCommand(
                runs.arguments, environment: ["PATH": ProcessFacts.variable("PATH") ?? ""],
                workingDirectory: scratch.path, standardInput: runs.standardInput),
            limit: 1 << 16, timeout: .seconds(60))
        #expect(result.text == "<a\nb><$(touch hacked)><*>\n<it's><\"q\"><\\><ü中>\n")
        #expect(result.exit == .exited(3))
        #expect(LocalFileSystem().exists(scratch.path.appending("hacked")) == false)
    }
}
