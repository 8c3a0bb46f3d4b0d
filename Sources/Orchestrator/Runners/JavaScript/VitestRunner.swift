package import Artifacts
package import CICore
import SystemPackage

/// Vitest 2 and later: files and tests from `vitest list`, results from a reporter of ours.
///
/// Its JUnit reporter shows tests that a name pattern left out as skipped, so it cannot tell what ran.
package struct VitestRunner: TestRunner {
    package let id: RunnerID = "vitest"
    private static let tool = NodeTool("vitest")
    package let profile = RunnerProfile(
        title: "Vitest", support: .recorded,
        tool: Self.tool.installation,
        finest: .test, costs: RunnerProfile.Costs(start: .seconds(1), unit: .milliseconds(600), test: .milliseconds(20))
    )

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
        let filter = granularity == .test ? [] : ["--filesOnly"]
        let listed = try await list(filter + suite.selection.paths, of: suite, using: tools)
        let paths = NodePath(below: suite)
        let tests = listed.compactMap { entry in
            entry["file"]?.string.map { (file: paths.relative($0), name: entry["name"]?.string ?? "") }
        }
        let files = NodeFiles(suite)
        return granularity == .test
            ? files.inventory(of: tests, granularity: .test) : files.inventory(of: tests.map(\.file))
    }

    package func split(
        _ unit: TestUnit, of suite: Suite, into granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit] {
        guard granularity == .test, unit.granularity < .test else { return [unit] }
        let paths = NodePath(below: suite)
        let tests = try await list([unit.selector], of: suite, using: tools).compactMap { entry -> String? in
            guard let file = entry["file"]?.string.map(paths.relative), file == unit.selector else { return nil }
            return entry["name"]?.string.map { file + NodeFiles.separator + $0 }
        }
        var whole = unit
        whole.tests = tests
        return whole.splitByKnownTests()
    }

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        let events = EventReporting(in: place)
        let reporter = events.reporter("dtci_vitest.mjs", source: VitestReporter.source)
        let options = ["run", "--no-file-parallelism", "--reporter=default", "--reporter=\(reporter.path.string)"]
        var runs = ArgumentLimit.groups(of: units.filter { $0.granularity < .test }.map(\.container))
        runs += TestsByFile(units, separator: NodeFiles.separator).runs { file, names in
            ["--testNamePattern=^(?:\(names.map(Self.pattern).joined(separator: "|")))$", file]
        }
        return Self.tool.invocation(runs, options: options, of: suite, reporter: reporter, events: events)
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        let name = Self.pattern(String(test.selector.dropFirst(test.container.count + NodeFiles.separator.count)))
        return Self.tool.command(of: suite)
            .arguments(["run"] + (name.isEmpty ? [] : ["--testNamePattern=^\(name)$"]) + [test.container])
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        NodeFiles.address(of: test, in: batch)
    }

    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        Self.tool.reading(of: exit, in: ending, nothing: "No test files found", refusals: ["CACError"])
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        NodeFiles.finest(EventReporting(in: place).progress(using: tools))
    }

    /// The list shows `describe > test`, the pattern is held against the names joined by blanks.
    private static func pattern(_ name: String) -> String {
        name.split(separator: " > ", omittingEmptySubsequences: false)
            .map { CommandLineText.regexEscaped(String($0)) }.joined(separator: "(?: >)? ")
    }

    private func list(
        _ arguments: [String], of suite: Suite, using tools: RunnerTools
    ) async throws(RunnerError) -> [JSONValue] {
        let file = tools.scratchFile("vitest.json", of: suite, for: arguments)
        let process = try await Self.tool.command(of: suite).capture(
            ["list", "--json=\(file.string)"] + arguments, using: tools)
        // Without the file the tool has told why.
        guard let text = try? tools.files.text(of: file), let json = JSONValue(text) else {
            throw RunnerError(noListOf: suite, because: "vitest wrote no list", process)
        }
        return json.array
    }
}
