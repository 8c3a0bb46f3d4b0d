import CICore
import Testing

@testable import Reporting

@Suite
struct PlainProgressTests {
    private var progress = PlainProgress()
    private let size = TerminalSize(columns: 80, rows: 24)

    private mutating func handle(_ event: RunEvent, at seconds: Double) -> String {
        progress.handle(event, at: .seconds(seconds), size: size)
    }

    private mutating func tick(at seconds: Double) -> String { progress.tick(at: .seconds(seconds), size: size) }

    @Test
    mutating func `a line on the whole comes every five seconds while something happens`() {
        #expect(handle(Events.started(), at: 1) == "")
        #expect(handle(Events.batch("b1", slot: 0, ["py::a", "py::b"]), at: 1) == "")
        #expect(handle(Events.test("py::a::one"), at: 2) == "")
        #expect(
            tick(at: 6) == "[0:06] 0 of 4 units done, 1 tests, about 0:17 left, running py::a (0:05)\n")
        #expect(tick(at: 12) == "")
        #expect(handle(Events.batch("b2", slot: 1, ["py::c"]), at: 12) == "")
        #expect(
            handle(Events.done("b1", slot: 0), at: 13)
                == "[0:13] 2 of 4 units done, 1 tests, about 0:14 left, running py::c (0:01)\n")
    }

    @Test
    mutating func `failures come at once`() {
        _ = handle(Events.started(), at: 0)
        #expect(handle(Events.test("py::a::one", .failed, message: "\n  no"), at: 1) == "FAILED py::a::one  no\n")
        #expect(handle(Events.test("py::a::one"), at: 2) == "FLAKY py::a::one  passed after failing\n")
        _ = handle(Events.batch("b1", slot: 0, ["py::a"]), at: 2)
        #expect(handle(Events.done("b1", slot: 0, problem: "signal 11"), at: 3) == "PROBLEM py, 1 unit: signal 11\n")
        #expect(handle(Events.event(.error("no disk")), at: 3) == "ERROR no disk\n")
    }

    @Test
    mutating func `when nothing moves a line comes every half minute, and none after the end`() {
        _ = handle(Events.started(estimate: .zero), at: 0)
        #expect(tick(at: 29.9) == "")
        #expect(tick(at: 30) == "[0:30] 0 of 4 units done\n")
        #expect(tick(at: 59) == "")
        #expect(tick(at: 60) == "[1:00] 0 of 4 units done\n")
        #expect(handle(Events.event(.runFinished("run-1", exitCode: 0)), at: 61) == "")
        #expect(tick(at: 600) == "")
    }

    @Test
    mutating func `a test cannot write commands of the build into the log`() {
        _ = handle(Events.started(), at: 0)
        let text = handle(Events.test("a\n::error::x", .failed, message: "##vso[task.complete]"), at: 1)
        #expect(text.count { $0 == "\n" } == 1)
        #expect(!text.contains("##vso["))
    }

    @Test
    func `quiet tells only of errors of the run`() {
        var quiet = QuietProgress()
        #expect(quiet.handle(Events.started(), at: .zero, size: size) == "")
        #expect(quiet.handle(Events.test("a", .failed), at: .zero, size: size) == "")
        #expect(quiet.tick(at: .seconds(1000), size: size) == "")
        #expect(quiet.handle(Events.event(.error("no disk")), at: .zero, size: size) == "ERROR no disk\n")
    }

    @Test(arguments: [
        (true, false, ["TERM": "xterm"], ProgressStyle.live(isColoured: true)),
        (true, false, ["TERM": "xterm", "NO_COLOR": "1"], .live(isColoured: false)),
        (true, false, ["TERM": "xterm", "NO_COLOR": ""], .live(isColoured: true)),
        (true, false, ["TERM": "xterm", "CI": "true"], .plain),
        (true, false, ["TERM": "xterm", "CI": "false"], .live(isColoured: true)),
        (true, false, ["TERM": "dumb"], .plain),
        (true, false, [:], .plain),
        (false, false, ["TERM": "xterm"], .plain),
        (true, true, ["TERM": "xterm"], .quiet),
    ])
    func `the style fits what it is shown on`(
        isTerminal: Bool, isQuiet: Bool, environment: [String: String], expected: ProgressStyle
    ) {
        #expect(
            ProgressStyle.choose(isTerminal: isTerminal, isQuiet: isQuiet, environment: environment) == expected)
    }
}
