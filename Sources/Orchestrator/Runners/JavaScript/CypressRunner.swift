package import Artifacts
package import CICore
import SystemPackage

/// Cypress: spec files by glob, nothing within them can be selected; results from a Mocha reporter of ours.
package struct CypressRunner: TestRunner {
    package let id: RunnerID = "cypress"
    private static let tool = NodeTool("cypress")
    package let profile = RunnerProfile(
        title: "Cypress", support: .recorded,
        tool: Self.tool.installation,
        finest: .file, costs: RunnerProfile.Costs(start: .seconds(8), unit: .seconds(10), test: .seconds(2)),
        canSelectTests: false)

    package init() {}

    package func proposals(in tree: SourceTree) -> [SuiteProposal] {
        NodePackage.proposals(for: Self.tool.package, runner: id, in: tree)
    }

    package func question(about suite: Suite) -> ToolQuestion? {
        Self.tool.question(about: suite)
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        try Self.tool.command(of: suite).requireTool(using: tools)
        return GlobListing(suite, defaults: ["cypress/e2e/**/*.cy.{js,jsx,ts,tsx}"]).inventory(using: tools)
    }

    package func split(
        _ unit: TestUnit, of suite: Suite, into granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit] { [unit] }

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        let events = EventReporting(in: place)
        let reporter = events.reporter("dtci_cypress.cjs", source: CypressReporter.source)
        let options = ["run", "--reporter", reporter.path.string]
        // All specs stand in one argument, separated by commas.
        let groups = ArgumentLimit.groups(of: TestsByFile.containers(of: units), limit: ArgumentLimit.single / 2)
        let runs = groups.map { ["--spec", $0.joined(separator: ",")] }
        return Self.tool.invocation(runs, options: options, of: suite, reporter: reporter, events: events)
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        Self.tool.command(of: suite).arguments(["run", "--spec", test.container])
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        guard let name = test.eventSelector else { return nil }
        let units = batch.units.filter { name == $0.container || name.hasPrefix($0.container + NodeFiles.separator) }
        guard let file = units.map(\.container).max(by: { $0.utf8.count < $1.utf8.count }) else { return nil }
        return TestAddress(selector: file, container: file, identifier: name)
    }

    /// The exit code is the number of failed tests; from 1 on it may as well mean that Cypress did not start.
    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        let words = RunnerWords.tail(of: ending.outputTail)
        switch exit {
        case .signaled: return .crashed(words)
        case .exited(0): return ending.reported == 0 ? .nothingCollected : .completed
        case .exited where ending.failures > 0: return .completed
        case .exited(126), .exited(127): return .misused(words)
        case .exited where ending.outputTail.contains("no spec files were found"): return .nothingCollected
        case .exited where ending.outputTail.contains("unknown option"): return .misused(words)
        case .exited where ending.reported == 0: return .collectionFailed(words)
        case .exited: return .crashed(words)
        }
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        var progress = EventReporting(in: place).progress(using: tools)
        progress.running = progress.running.compactMap { name in
            batch.units.first { name.hasPrefix($0.container + NodeFiles.separator) }?.selector
        }
        return progress
    }
}
