package import CICore

extension BadgeFact {
    /// What is said of a run's results, and in which colour; `nil` for coverage, which results don't tell.
    package func statement(of results: RunResults) -> (message: String, color: String)? {
        guard self != .coverage else { return nil }
        guard results.totals.tests > 0 else { return (self == .tests ? "none" : "no tests", "lightgrey") }
        return switch self {
        case .status: results.hasPassed ? ("passing", "brightgreen") : ("failing", "red")
        case .tests: Self.tests(of: results)
        case .flaky: Self.flaky(of: results)
        case .duration: (DurationText.short(results.duration), "blue")
        case .coverage: nil
        }
    }

    /// The share of lines covered, 0 to 1; the colours are those that shields.io gives percentages.
    package static func statement(coverage share: Double) -> (message: String, color: String) {
        let percent = share * 100
        let steps = [(80.0, "red"), (90, "yellow"), (95, "yellowgreen"), (99, "green")]
        let color = steps.first { percent < $0.0 }?.1 ?? "brightgreen"
        // Rounded down: 99.96 % is not all.
        return ("\(Int(percent))%", color)
    }

    private static func tests(of results: RunResults) -> (message: String, color: String) {
        let totals = results.totals
        let lost = results.completeness?.lost.count ?? 0
        let counts = [
            (totals.passed, "passed"), (totals.failed + totals.errored, "failed"), (totals.skipped, "skipped"),
            (lost, "lost"),
        ]
        let message = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        return (message, results.hasPassed ? totals.flaky > 0 ? "yellowgreen" : "brightgreen" : "red")
    }

    private static func flaky(of results: RunResults) -> (message: String, color: String) {
        let count = results.totals.flaky
        return count == 0 ? ("none", "brightgreen") : ("\(count)", count > 9 ? "orange" : "yellow")
    }
}
