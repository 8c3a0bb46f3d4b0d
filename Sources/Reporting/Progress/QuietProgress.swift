package import CICore

/// No progress: only what went wrong with the run itself; failing tests are in the summary.
package struct QuietProgress: ProgressRenderer {
    package init() {}

    package mutating func handle(_ event: RunEvent, at now: Duration, size: TerminalSize) -> String {
        guard case .error(let message) = event.kind else { return "" }
        let (word, text) = RemarkText.parts(.error(message))
        return "\(word) \(text)\n"
    }

    package mutating func tick(at now: Duration, size: TerminalSize) -> String { "" }

    package mutating func interject(_ text: String, at now: Duration, size: TerminalSize) -> String { text }

    package mutating func finish(size: TerminalSize) -> String { "" }
}
