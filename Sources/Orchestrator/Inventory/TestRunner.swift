package import Artifacts
package import CICore

/// A test tool: how its tests are found, how a part of them is run, and how its answer reads.
///
/// One small value type and one file each, listed in `TestRunners.all`; whatever is listed there goes through the
/// shared conformance suite. A *selector* is the runner's own name of a test or unit: what the listing gives is what
/// `invocation` takes, what `address(of:…)` makes of a report and what a retry runs.
package protocol TestRunner: Sendable {
    var id: RunnerID { get }
    var profile: RunnerProfile { get }

    /// The suites that this runner would run in a tree without configuration; cheap, starts nothing.
    func proposals(in tree: SourceTree) -> [SuiteProposal]

    /// How the suite's tool is asked for its version; `nil` where the tests are programs of their own.
    func question(about suite: Suite) -> ToolQuestion?

    /// Finds the units of a suite.
    ///
    /// - Parameters:
    ///   - suite: with every default filled in.
    ///   - granularity: how fine at the least; a runner that cannot cut so finely gives its finest.
    ///   - tools: all that it may use.
    /// - Returns: each unit once, and what of the configuration matched nothing.
    /// - Throws: `RunnerError`, with `.toolMissing` or with `.listingFailed` and the tool's own words.
    func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory

    /// Cuts one unit finer; `[unit]` where that is not possible. Bonds of the result say what must stay together.
    func split(
        _ unit: TestUnit, of suite: Suite, into granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit]

    /// The process that runs just these units (or single tests given as units) and leaves its reports in `place`.
    func invocation(for units: [TestUnit], of suite: Suite, in place: BatchPlace) throws(RunnerError) -> Invocation

    /// The words by which a person runs one test, or the smallest thing around it, with the tool itself; `nil` where no
    /// such words are known.
    func command(running test: TestAddress, of suite: Suite) -> [String]?

    /// Which test of the suite a reported case is; `nil` if it belongs to none of the units.
    func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress?

    /// What the end of the process means.
    func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading

    /// What a batch did before it died or hung, from its output and side files; called only when that matters.
    func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress
}

extension TestRunner {
    package func proposals(in tree: SourceTree) -> [SuiteProposal] { [] }

    package func question(about suite: Suite) -> ToolQuestion? {
        RunnerCommand(suite, tool: profile.tool).question()
    }

    package func split(
        _ unit: TestUnit, of suite: Suite, into granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit] { unit.splitByKnownTests() }

    package func command(running test: TestAddress, of suite: Suite) -> [String]? { nil }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        BatchProgress()
    }
}
