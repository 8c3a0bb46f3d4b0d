import CICore
import Testing

@testable import Reporting

@Suite
struct LiveDisplayTests {
    private var display = LiveDisplay(isColoured: false)
    private var screen = Screen()
    private let size = TerminalSize(columns: 80, rows: 24)

    private mutating func handle(_ event: RunEvent, at seconds: Double) {
        screen.show(display.handle(event, at: .seconds(seconds), size: size))
    }

    private mutating func tick(at seconds: Double) {
        screen.show(display.tick(at: .seconds(seconds), size: size))
    }

    @Test
    mutating func `running units stand slot by slot with their times above the whole`() {
        handle(Events.started(), at: 0)
        handle(Events.batch("b1", slot: 0, ["py::tests/test_a.py", "py::tests/test_b.py"]), at: 0)
        handle(Events.batch("b2", slot: 1, ["py::tests/test_c.py"]), at: 2)
        handle(Events.test("py::tests/test_a.py::one"), at: 5)
        tick(at: 7.5)
        let expected = """
              1  py::tests/test_a.py +1                                    0:07 of ~0:10
              2  py::tests/test_c.py                                       0:05 of ~0:10
              ━━━━━━━━━─────────────────────  0/4 units · 1 test · 0:07 · ~0:13 left
            """
        #expect(screen.text == expected)
        #expect(screen.isCursorHidden)
    }

    @Test
    mutating func `failures scroll away above the display and a pass on retry takes them back`() {
        handle(Events.started(), at: 0)
        handle(Events.batch("b1", slot: 0, ["py::a", "py::b"]), at: 0)
        handle(Events.test("py::a::one", .failed, message: "expected 1\nbut got 2"), at: 1)
        handle(Events.test("py::b::two", .errored), at: 2)
        #expect(screen.text.contains("2 failed"))
        handle(Events.test("py::a::one"), at: 3)
        handle(Events.done("b1", slot: 0), at: 10)
        tick(at: 11)
        let lines = screen.text.split(separator: "\n").map(String.init)
        #expect(
            lines.dropLast() == [
                "FAILED py::a::one  expected 1", "ERROR py::b::two", "FLAKY py::a::one  passed after failing",
            ])
        #expect(lines.last?.contains("2/4 units · 2 tests · 1 failed · 1 flaky · 0:11") == true, "\(lines)")
    }

    @Test
    mutating func `at the end nothing stays but the remarks and the cursor is back`() {
        handle(Events.started(), at: 0)
        handle(Events.batch("b1", slot: 0, ["py::a"]), at: 0)
        handle(Events.test("py::a::one", .failed), at: 1)
        handle(Events.event(.runFinished("run-1", exitCode: 1)), at: 2)
        tick(at: 3)
        #expect(screen.text == "FAILED py::a::one")
        #expect(!screen.isCursorHidden)
    }

    @Test
    mutating func `it is drawn at most ten times a second`() {
        handle(Events.started(), at: 0)
        var drawings = 0
        for step in 1...1000 {
            let event = Events.test(TestID("py::a::\(step)"))
            let output = display.handle(event, at: .milliseconds(step), size: size)
            drawings += output.isEmpty ? 0 : 1
        }
        #expect(drawings == 10)
    }

    @Test
    mutating func `a burst of failures is not a burst of drawings`() {
        handle(Events.started(units: 1000), at: 0)
        var bytes = 0
        for step in 1...1000 {
            let event = Events.test(TestID("py::a::\(step)"), .failed)
            let output = display.handle(event, at: .milliseconds(step), size: size)
            screen.show(output)
            bytes += output.utf8.count
        }
        tick(at: 2)
        #expect(bytes < 60_000)
        #expect(screen.text.split(separator: "\n").count == 1001)
        #expect(screen.text.hasSuffix("1000 tests · 1000 failed · 0:02 · ~0:20 left"), "\(screen.text.suffix(100))")
    }

    @Test
    mutating func `what others write comes above it`() {
        handle(Events.started(), at: 0)
        tick(at: 1)
        screen.show(display.interject("some output\n", at: .seconds(1), size: size))
        tick(at: 2)
        #expect(screen.text.hasPrefix("some output\n  ─"))
        #expect(screen.text.split(separator: "\n").count == 2)
    }

    @Test
    mutating func `a window that became narrower has its wrapped rows counted`() {
        handle(Events.started(), at: 0)
        handle(Events.batch("b1", slot: 0, ["py::tests/test_a.py"]), at: 0)
        tick(at: 1)
        // Two lines of 76 or so columns are four rows in a window of 40.
        let output = display.tick(at: .seconds(2), size: TerminalSize(columns: 40, rows: 24))
        #expect(output.hasPrefix("\r\u{1b}[3A"), "\(output.debugDescription.prefix(20))")
    }

    @Test(arguments: [1, 2, 5, 9, 12, 20, 39, 60, 79, 200])
    mutating func `no line is wider than the window`(columns: Int) {
        let size = TerminalSize(columns: columns, rows: 10)
        var state = ProgressState()
        let units: [UnitID] = [UnitID("py::tests/\(String(repeating: "深い/", count: 40))test_ü.py::Test::test"), "b"]
        _ = state.handle(Events.started().kind, at: .zero)
        for slot in 0..<20 {
            _ = state.handle(Events.batch(BatchID("b\(slot)"), slot: slot, units).kind, at: .zero)
        }
        for number in 0..<30 {
            _ = state.handle(Events.test(TestID("t\(number)"), .failed).kind, at: .seconds(1))
        }
        let frame = LiveFrame(state: state, now: .seconds(5000), size: size, ink: Ink(isColoured: false))
        #expect(frame.lines.count <= 8)
        for line in frame.lines { #expect(TerminalText.columns(line) <= max(1, columns - 1), "\(line)") }
    }

    @Test
    mutating func `names from tests cannot move the cursor, give commands or break the line`() {
        handle(Events.started(), at: 0)
        handle(Events.batch("b1", slot: 0, ["py::\u{1b}[2J\n::error::x"]), at: 0)
        let output = display.handle(
            Events.test("py::a\u{1b}]0;title\u{7}\r\n::warning::y", .failed, message: "\u{1b}[31mred\u{9b}8m"),
            at: .seconds(1), size: size)
        screen.show(output)
        #expect(!output.contains("\u{1b}[2J") && !output.contains("\u{1b}]") && !output.contains("\u{9b}"))
        #expect(!output.contains("\u{7}") && !output.contains("31m"))
        #expect(screen.text.split(separator: "\n").count == 3)
    }

    @Test
    func `colours are there when wanted and the plain text is the same`() {
        var state = ProgressState()
        _ = state.handle(Events.started().kind, at: .zero)
        _ = state.handle(Events.batch("b1", slot: 0, ["py::a"]).kind, at: .zero)
        _ = state.handle(Events.test("py::a::x", .failed).kind, at: .zero)
        func lines(_ isColoured: Bool) -> String {
            LiveFrame(state: state, now: .seconds(3), size: size, ink: Ink(isColoured: isColoured)).lines
                .joined(separator: "\n")
        }
        #expect(lines(true).contains("\u{1b}[31m1 failed\u{1b}[0m"))
        #expect(!lines(false).contains("\u{1b}"))
        #expect(lines(true).replacing(#/\u{1b}\[[0-9]*m/#, with: "") == lines(false))
    }
}
