import CICore

/// How a test went from run to run: a mark each, the oldest first and this run last.
enum FlipHistory {
    /// What the marks mean, for where there is room to say it.
    static let legend = "✓ passed, ✗ failed, ~ passed after failing, – skipped; the last mark is this run"

    /// `✓✗✓✓~`; `nil` where nothing is known of earlier runs.
    static func marks(of test: TestRecord, in results: RunResults) -> String? {
        guard let past = results.background[test.id]?.past, !past.isEmpty else { return nil }
        let now = TestBackground.PastOutcome(test.outcome, isFlaky: test.isFlaky)
        return String((past.suffix(longest) + [now]).map(mark))
    }

    private static let longest = 20

    private static func mark(_ outcome: TestBackground.PastOutcome) -> Character {
        switch outcome {
        case .passed: "✓"
        case .failed: "✗"
        case .flaky: "~"
        case .skipped: "–"
        }
    }
}
