package import CICore

package import struct FoundationEssentials.Date

/// What became of one test in one run.
package struct PastResult: Sendable, Hashable {
    package var test: TestID
    package var outcome: Outcome
    /// Passed after failing in the same run.
    package var isFlaky: Bool
    /// How often it was executed in that run.
    package var attempts: Int
    /// The wall time of the attempt that decided the outcome.
    package var duration: Duration
    package var hardware: HardwareClass
    package var run: Run

    /// The run it was part of.
    package struct Run: Sendable, Hashable {
        package var id: RunID
        package var startedAt: Date
        package var commit: String?
        package var branch: String?
        package var isComplete: Bool
    }
}

/// A test whose outcome does not depend on the code alone.
package struct FlakyTest: Sendable, Hashable {
    package var test: TestID
    /// Runs in which it was executed, within what is kept.
    package var runs: Int
    /// Runs in which it passed only after failing, or failed on a commit that it passed on in another run.
    package var flakyRuns: Int
    /// When that was last seen.
    package var lastSeen: Date

    /// The share of its runs that were flaky.
    package var rate: Double { runs == 0 ? 0 : Double(flakyRuns) / Double(runs) }
}
