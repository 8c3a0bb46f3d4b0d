package import CICore
package import SystemPackage

/// Durations and outcomes over runs.
///
/// Every conformer passes the same conformance suite. Calls block for as long as the database takes; several processes
/// may use one store at once.
package protocol HistoryStore: Sendable {
    /// Where it is, for messages.
    var location: String { get }

    /// Keeps a run's outcomes and, if it is complete, learns from its durations; all of it or nothing.
    ///
    /// Durations are learnt from tests that passed in their only attempt. A run recorded again under the same id
    /// replaces what was recorded before. A test that appears twice in one run counts once, with the worst outcome and
    /// the sum of the durations.
    func record(_ run: HistoricalRun) throws(HistoryError)

    /// What is known of a suite's durations on one kind of machine.
    ///
    /// A class of hardware that never ran the suite borrows from the class that knows most of its tests.
    func durations(suite: SuiteName, hardware: HardwareClass) throws(HistoryError) -> DurationModel

    /// Every learnt duration, longest first, ties by id.
    func timings(_ query: HistoryQuery) throws(HistoryError) -> [TestTiming]

    /// Tests that both failed and passed on one commit, flakiest first.
    func flaky(_ query: HistoryQuery) throws(HistoryError) -> [FlakyTest]

    /// The ids of tests that hold this text, in order; an exact match comes alone.
    func tests(matching text: String, limit: Int) throws(HistoryError) -> [TestID]

    /// What became of one test, newest first.
    func results(of test: TestID, limit: Int) throws(HistoryError) -> [PastResult]

    /// What each of these tests came to in its last `limit` runs of any branch, oldest first; a test without any is left
    /// out.
    func pastOutcomes(of tests: [TestID], limit: Int) throws(HistoryError) -> [TestID: [TestBackground.PastOutcome]]

    /// What the tests came to in the run that another is to be compared with; `nil` if there was none.
    func baseline(_ query: BaselineQuery) throws(HistoryError) -> Baseline?

    /// Hands over every result, oldest run first, in constant memory; stops when the body throws.
    func forEachResult(_ query: HistoryQuery, _ body: (PastResult) throws -> Void) throws

    /// Hands over the rows of tables, table by table and as of one instant, in constant memory; stops when the body throws.
    ///
    /// A row has a cell for each of the table's columns.
    func export(_ tables: [ExportTable], _ body: (ExportTable, [ExportCell]) throws -> Void) throws

    /// Writes a whole history to a file of its own, as of one instant; nothing may be there.
    func copy(to path: FilePath) throws(HistoryError)

    /// How often tests were executed, failed and were flaky, and what they took together, in the order of their ids.
    func tallies(_ query: HistoryQuery) throws(HistoryError) -> [TestTally]

    /// The machines that runs took place on, the last seen first.
    func machines() throws(HistoryError) -> [StoredMachine]

    /// How much is kept.
    func extent() throws(HistoryError) -> HistoryExtent

    /// Forgets what is beyond the policy's bounds and gives the space back.
    ///
    /// - Returns: how many results were forgotten.
    func prune(_ policy: HistoryPolicy) throws(HistoryError) -> Int
}

/// How much a history holds.
package struct HistoryExtent: Sendable, Hashable {
    /// The version of its schema.
    package var schema: Int
    package var runs: Int
    /// Tests that it knows.
    package var tests: Int

    package init(schema: Int, runs: Int, tests: Int) {
        self.schema = schema
        self.runs = runs
        self.tests = tests
    }
}

/// What a query is limited to.
package struct HistoryQuery: Sendable, Hashable {
    /// `nil` = all.
    package var suite: SuiteName?
    /// `nil` = all.
    package var hardware: HardwareClass?
    /// At most so many answers.
    package var limit: Int

    package init(suite: SuiteName? = nil, hardware: HardwareClass? = nil, limit: Int = .max) {
        self.suite = suite
        self.hardware = hardware
        self.limit = limit
    }
}

/// How much is kept and how much of it is used.
package struct HistoryPolicy: Sendable, Hashable {
    /// The last results kept of each test on each class of hardware.
    package var resultsPerTest: Int
    /// The last runs kept at all.
    package var runs: Int
    /// The last durations that the estimate is the median of.
    package var samples: Int
    /// The weight of a duration relative to the next newer one.
    package var decay: Double

    package init(resultsPerTest: Int = 50, runs: Int = 2000, samples: Int = 10, decay: Double = 0.85) {
        self.resultsPerTest = max(resultsPerTest, 1)
        self.runs = max(runs, 1)
        self.samples = max(samples, 1)
        self.decay = min(max(decay, 0.01), 1)
    }
}
