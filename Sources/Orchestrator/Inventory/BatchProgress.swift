package import Artifacts

/// How far a batch came before it ended abnormally.
package struct BatchProgress: Sendable, Hashable {
    /// Tests with a result that the reports may lack.
    package var finished: [ReportedTest]
    /// Selectors of the tests that had begun and not ended.
    package var running: [String]
    /// Selectors that the runner had collected, where it says so.
    package var collected: [String]?

    package init(finished: [ReportedTest] = [], running: [String] = [], collected: [String]? = nil) {
        self.finished = finished
        self.running = running
        self.collected = collected
    }
}
