package import Artifacts
package import CICore
import SystemPackage

/// `go test -json`: packages are units, their top-level tests can be selected, subtests run within these.
package struct GoRunner: TestRunner {
    package init() {}

    package var id: RunnerID { "go" }

    package var profile: RunnerProfile {
        RunnerProfile(
            title: "go test", support: .live, tool: GoCommand.tool, finest: .test,
            costs: .init(start: .milliseconds(250), unit: .milliseconds(500), test: .milliseconds(20)))
    }

    package func proposals(in tree: SourceTree) -> [SuiteProposal] { GoModules(in: tree).proposals }

    package func question(about suite: Suite) -> ToolQuestion? {
        GoCommand(suite).listing(using: []).command.question(["version"])
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        try await GoInventory(suite: suite, tools: tools).discover(granularity)
    }

    package func split(
        _ unit: TestUnit, of suite: Suite, into granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit] {
        guard granularity > unit.granularity else { return [unit] }
        return try await GoInventory(suite: suite, tools: tools).split(unit)
    }

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        let command = RunnerCommand(suite, tool: GoCommand.tool, executable: ["go", "test"])
        let runs = RunSeries(
            runs: GoRuns(units: units).selections.map {
                RunSeries.Run(command.arguments(["-json"] + GoCommand(suite).runFlags + $0))
            })
        // The test binaries answer SIGQUIT with the stacks of all goroutines; go itself waits for them.
        return Invocation(
            runs.arguments, standardInput: runs.standardInput,
            reports: [ExpectedReport(place.output, format: .goTestJSON)], dumpSignal: 3)
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        GoReading.address(of: test, in: batch)
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        RunnerCommand(suite, tool: GoCommand.tool, executable: ["go", "test"])
            .arguments(GoSelector(test.identifier).arguments)
    }

    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        GoReading.reading(of: exit, in: ending)
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        // No output: nothing had begun. What finished is in the report, which is the same stream.
        guard let bytes = try? tools.files.contents(of: place.output, limit: 1 << 30) else { return BatchProgress() }
        return BatchProgress(running: GoEvent.running(in: bytes))
    }
}
