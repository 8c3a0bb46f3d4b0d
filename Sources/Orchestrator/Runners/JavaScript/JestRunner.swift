package import Artifacts
package import CICore
import SystemPackage

/// Jest: test files from `--listTests`, results from a reporter of ours, since Jest itself writes no JUnit.
///
/// A test's selector is `src/a.test.js::describe test`, with the name that `--testNamePattern` sees.
package struct JestRunner: TestRunner {
    package let id: RunnerID = "jest"
    private static let tool = NodeTool("jest")
    package let profile = RunnerProfile(
        title: "Jest", support: .recorded,
        tool: Self.tool.installation,
        finest: .file,
        costs: RunnerProfile.Costs(start: .seconds(1), unit: .milliseconds(800), test: .milliseconds(30)),
        knowsTestsById: true)

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
        let listing = try await Self.tool.command(of: suite).capture(
            ["--listTests", "--json", "--passWithNoTests"] + suite.selection.paths, using: tools)
        guard let start = listing.text.firstIndex(of: "["),
            let json = JSONValue(String(listing.text[start...].reversed().drop { $0 != "]" }.reversed()))
        else {
            throw RunnerError(noListOf: suite, because: "jest printed no list", listing)
        }
        let paths = NodePath(below: suite)
        return NodeFiles(suite).inventory(of: json.array.compactMap(\.string).map(paths.relative))
    }

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        let events = EventReporting(in: place)
        let reporter = events.reporter("dtci_jest.cjs", source: JestReporter.source)
        // Batches are dt-ci's parallelism.
        let options = [
            "--runInBand", "--ci", "--reporters=default", "--reporters=\(reporter.path.string)",
            "--testLocationInResults",
        ]
        let files = units.filter { $0.granularity < .test }.map(\.container)
        var runs = ArgumentLimit.groups(of: files).map { ["--runTestsByPath"] + $0 }
        runs += TestsByFile(units, separator: NodeFiles.separator).runs { file, names in
            let filter = names.map(CommandLineText.regexEscaped).joined(separator: "|")
            return ["--testNamePattern=^(?:\(filter))$", "--runTestsByPath", file]
        }
        return Self.tool.invocation(runs, options: options, of: suite, reporter: reporter, events: events)
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        let name = CommandLineText.regexEscaped(
            String(test.selector.dropFirst(test.container.count + NodeFiles.separator.count)))
        return Self.tool.command(of: suite)
            .arguments((name.isEmpty ? [] : ["--testNamePattern=^\(name)$"]) + ["--runTestsByPath", test.container])
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        NodeFiles.address(of: test, in: batch)
    }

    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        Self.tool.reading(
            of: exit, in: ending, nothing: "No tests found",
            refusals: ["Validation Error", "Unrecognized CLI Parameter"])
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        NodeFiles.finest(EventReporting(in: place).progress(using: tools))
    }
}
