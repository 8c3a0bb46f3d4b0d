package import CICore

/// Progress as plain lines, for logs: failures at once, a line on the whole at most every five seconds, and one every
/// half minute when nothing moves, so that a CI service does not take the job for dead.
package struct PlainProgress: ProgressRenderer {
    private static let pause = Duration.seconds(5)
    private static let heartbeat = Duration.seconds(30)
    private static let width = 160

    private var state = ProgressState()
    private var lastLine = Duration.zero
    private var hasNews = false
    private var isRunning = false

    package init() {}

    package mutating func handle(_ event: RunEvent, at now: Duration, size: TerminalSize) -> String {
        switch event.kind {
        case .runStarted: (isRunning, lastLine) = (true, now)
        case .runFinished: isRunning = false
        case .testFinished, .batchFinished: hasNews = true
        default: break
        }
        let remark = state.handle(event.kind, at: now).map { remark in
            let (word, text) = RemarkText.parts(remark)
            return "\(word) \(text)\n"
        }
        return (remark ?? "") + tick(at: now, size: size)
    }

    package mutating func tick(at now: Duration, size: TerminalSize) -> String {
        guard isRunning, now - lastLine >= (hasNews ? Self.pause : Self.heartbeat) else { return "" }
        lastLine = now
        hasNews = false
        return status(now) + "\n"
    }

    package mutating func interject(_ text: String, at now: Duration, size: TerminalSize) -> String { text }

    package mutating func finish(size: TerminalSize) -> String { "" }

    private func status(_ now: Duration) -> String {
        var text = "[\(ClockText.text(now))] \(state.unitsDone) of \(state.total.units) units done"
        if state.tests > 0 { text += ", \(state.tests) tests" }
        if state.failures > 0 { text += ", \(state.failures) failed" }
        if state.flaky > 0 { text += ", \(state.flaky) flaky" }
        if let left = state.timeLeft(at: now), left >= .seconds(1) { text += ", about \(ClockText.text(left)) left" }
        let longest = state.running.values.min { ($0.since, $0.batch) < ($1.since, $1.batch) }
        guard let longest else { return text }
        let unit = TerminalText.cutMiddle(
            SafeText.line(longest.units.first?.rawValue ?? longest.suite.rawValue), to: 60)
        let others = state.running.count > 1 ? " and \(state.running.count - 1) more" : ""
        return TerminalText.cut(
            text + ", running \(unit) (\(ClockText.text(now - longest.since)))\(others)", to: Self.width)
    }
}
