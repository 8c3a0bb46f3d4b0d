package import CICore

/// Progress on a terminal: one line a slot and one for the whole, redrawn in place at most ten times a second; failures
/// scroll away above it as they come.
package struct LiveDisplay: ProgressRenderer {
    private static let pause = Duration.milliseconds(100)

    private let ink: Ink
    private var state = ProgressState()
    /// Columns of each line on the screen.
    private var drawn: [Int] = []
    private var lastDrawing: Duration?
    private var isCursorHidden = false
    private var hasEnded = false

    package init(isColoured: Bool) { ink = Ink(isColoured: isColoured) }

    package mutating func handle(_ event: RunEvent, at now: Duration, size: TerminalSize) -> String {
        if case .runFinished = event.kind { return finish(size: size) }
        guard let remark = state.handle(event.kind, at: now) else { return tick(at: now, size: size) }
        return interject(line(remark, size) + "\n", at: now, size: size)
    }

    package mutating func tick(at now: Duration, size: TerminalSize) -> String {
        guard !hasEnded, state.total.units > 0 else { return "" }
        if let lastDrawing, now - lastDrawing < Self.pause { return "" }
        return draw(at: now, size: size)
    }

    package mutating func interject(_ text: String, at now: Duration, size: TerminalSize) -> String {
        let above = erase(size) + text
        // In a burst of lines the display stays away until the next tick.
        return above + tick(at: now, size: size)
    }

    package mutating func finish(size: TerminalSize) -> String {
        hasEnded = true
        defer { isCursorHidden = false }
        return erase(size) + (isCursorHidden ? Self.showCursor : "")
    }

    private static let hideCursor = "\u{1b}[?25l"
    private static let showCursor = "\u{1b}[?25h"
    private static let clearLine = "\u{1b}[K"
    private static let clearBelow = "\u{1b}[J"

    private mutating func draw(at now: Duration, size: TerminalSize) -> String {
        let lines = LiveFrame(state: state, now: now, size: size, ink: ink).lines
        let start = (isCursorHidden ? "" : Self.hideCursor) + toFirstLine(size)
        isCursorHidden = true
        drawn = lines.map { TerminalText.columns(Self.withoutInk($0)) }
        lastDrawing = now
        return start + lines.map { $0 + Self.clearLine }.joined(separator: "\n") + Self.clearBelow
    }

    private mutating func erase(_ size: TerminalSize) -> String {
        guard !drawn.isEmpty else { return "" }
        defer { drawn = [] }
        return toFirstLine(size) + Self.clearBelow
    }

    /// A terminal that became narrower has wrapped the lines that it shows.
    private func toFirstLine(_ size: TerminalSize) -> String {
        let columns = max(1, size.columns)
        let rows = drawn.reduce(0) { $0 + max(1, ($1 + columns - 1) / columns) }
        return rows > 1 ? "\r\u{1b}[\(rows - 1)A" : "\r"
    }

    private func line(_ remark: ProgressState.Remark, _ size: TerminalSize) -> String {
        let (word, text) = RemarkText.parts(remark)
        let rest = TerminalText.cut(text, to: max(20, size.columns - word.count - 2))
        switch remark {
        case .passedOnRetry: return ink.yellow(word) + " " + rest
        case .failed, .batchProblem, .error: return ink.red(word) + " " + rest
        }
    }

    private static func withoutInk(_ line: String) -> String {
        var kept = ""
        var isCode = false
        for scalar in line.unicodeScalars {
            if scalar == "\u{1b}" { isCode = true }
            if !isCode { kept.unicodeScalars.append(scalar) }
            if isCode, scalar == "m" { isCode = false }
        }
        return kept
    }
}
