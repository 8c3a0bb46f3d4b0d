import CICore

/// Remarks as lines; everything that a test wrote is made safe.
enum RemarkText {
    /// A word for the kind, and the rest of the line.
    static func parts(_ remark: ProgressState.Remark) -> (word: String, text: String) {
        switch remark {
        case .failed(let test, let outcome, let message):
            let reason = message.map { firstLine($0) } ?? ""
            let word = outcome == .errored ? "ERROR" : "FAILED"
            return (word, SafeText.line(test.rawValue) + (reason.isEmpty ? "" : "  \(reason)"))
        case .passedOnRetry(let test): return ("FLAKY", SafeText.line(test.rawValue) + "  passed after failing")
        case .batchProblem(let suite, let units, let problem):
            let subject = suite.map { "\(SafeText.line($0.rawValue)), \(units) unit\(units == 1 ? "" : "s"): " } ?? ""
            return ("PROBLEM", subject + SafeText.line(problem))
        case .error(let message): return ("ERROR", SafeText.line(message))
        }
    }

    private static func firstLine(_ text: String) -> String {
        SafeText.line(String(text.drop { $0.isWhitespace }.prefix { !$0.isNewline }), limit: 200)
    }
}
