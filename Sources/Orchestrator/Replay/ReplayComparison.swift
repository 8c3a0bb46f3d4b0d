import Artifacts
package import CICore

/// What came out otherwise when a node's work was run again.
package struct ReplayComparison: Sendable, Hashable {
    /// Tests that came out as they did.
    package let same: Int
    package let differences: [Difference]

    /// One test.
    package struct Difference: Sendable, Hashable {
        package let test: TestID
        /// The outcomes of its attempts; empty = it had no result.
        package let then: [Outcome]
        package let now: [Outcome]

        /// On one line, safe to show.
        package var line: String {
            "\(SafeText.line(test.rawValue, limit: 200)): was \(Self.words(then)), is \(Self.words(now))"
        }

        private static func words(_ outcomes: [Outcome]) -> String {
            outcomes.isEmpty ? "not run" : outcomes.map(\.rawValue).joined(separator: " then ")
        }
    }

    /// `selects` tells of each suite whether its runner selects single tests.
    package init(_ then: [TestRecord], reports: [BatchReport], selects: [SuiteName: Bool]) {
        var ledger = TestLedger(units: reports.flatMap(\.batch.units))
        for report in reports {
            for test in report.tests { ledger.book(test, suite: report.batch.suite) }
            let rules = AftermathRules(report: report, canSelectTests: selects[report.batch.suite] ?? true)
            for death in rules.aftermath().deaths {
                ledger.bookDeath(
                    of: death.selector, container: death.container, suite: report.batch.suite, death.attempt)
            }
        }
        let now = Dictionary(ledger.records.map { ($0.id, $0.attempts.map(\.outcome)) }) { first, _ in first }
        let before = Dictionary(then.map { ($0.id, $0.attempts.map(\.outcome)) }) { first, _ in first }
        let all = Set(now.keys).union(before.keys).sorted()
        differences = all.compactMap { test in
            let (was, here) = (before[test] ?? [], now[test] ?? [])
            return was == here ? nil : Difference(test: test, then: was, now: here)
        }
        same = all.count - differences.count
    }
}
