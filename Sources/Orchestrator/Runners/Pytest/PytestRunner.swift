package import Artifacts
package import CICore
import SystemPackage

/// pytest: units are files, cut into classes and tests by pytest's own collection.
///
/// Tests reach pytest through our plugin instead of its command line, so that root directory, configuration and first
/// conftest files are those of a plain `pytest`, whatever the batch holds.
package struct PytestRunner: TestRunner {
    package init() {}

    package var id: RunnerID { "pytest" }

    package var profile: RunnerProfile {
        RunnerProfile(
            title: "pytest", support: .live,
            tool: .init(executable: "pytest", debianPackages: ["python3-pytest"], hint: "pip install pytest"),
            finest: .test,
            costs: .init(start: .seconds(1), unit: .milliseconds(500), test: .milliseconds(20)))
    }

    package func proposals(in tree: SourceTree) -> [SuiteProposal] { PytestProposals(tree: tree).all }

    package func question(about suite: Suite) -> ToolQuestion? {
        RunnerCommand(suite, tool: profile.tool).question(searchPaths: Self.searchPaths(of: suite), minimum: "6.0")
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        try requirePytest(for: suite, using: tools)
        if granularity == .file, let found = PytestFiles(suite: suite, tools: tools).found() {
            return SuiteInventory(
                units: found.files.map { TestUnit(suite: suite.name, selector: $0, granularity: .file) },
                unmatched: found.unmatched)
        }
        let paths = PytestPaths(suite: suite, tools: tools)
        guard paths.existing?.isEmpty != true else { return SuiteInventory(units: [], unmatched: paths.missing) }
        let items = try await listing(suite).items(
            in: paths.existing, arguments: Self.arguments(of: suite), using: tools)
        let kept = paths.filter(items)
        return SuiteInventory(
            units: PytestBonds(kept.items).units(granularity, of: suite.name),
            unmatched: paths.missing + kept.unmatched)
    }

    package func split(
        _ unit: TestUnit, of suite: Suite, into granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit] {
        guard granularity > unit.granularity else { return [unit] }
        let items = try await listing(suite).items(
            in: [unit.selector], arguments: Self.arguments(of: suite), using: tools)
        let units = PytestBonds(items).units(granularity, of: suite.name)
        guard units.count > 1 else {
            var known = unit
            known.tests = items.map(\.selector)
            return [known]
        }
        return units
    }

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        // Batches side by side must not write over each other's coverage.
        var environment = ["COVERAGE_FILE": place.results.appending(".coverage").string]
        if Self.importsSelected(suite) { environment[Self.importVariable] = "selected" }
        environment[PytestPlugin.cacheVariable] = place.cache?.appending(Self.cache).string
        return Invocation(
            RunnerCommand(suite, tool: profile.tool).arguments(
                ["-p", PytestPlugin.module] + Self.arguments(of: suite)),
            environment: environment.filter { suite.environment[$0.key] == nil },
            searchPaths: Self.searchPaths(of: suite),
            sideFiles: Self.sideFiles(in: place.results, selecting: units.map(\.selector)),
            reports: [ExpectedReport(place.results.appending(PytestPlugin.report))],
            // pytest's faulthandler answers SIGABRT with the stacks of all threads.
            dumpSignal: 6)
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        guard let property = test.properties[PytestPlugin.selectorProperty],
            let selector = PytestSelector.decode(property: property)
        else { return nil }
        return TestAddress(selector: selector, container: PytestSelector(selector).file)
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        RunnerCommand(suite, tool: profile.tool).arguments([test.identifier])
    }

    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        PytestExit(exit: exit, ending: ending).reading
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        let journal = PytestJournal(in: place.results, using: tools.files)
        return BatchProgress(
            finished: journal.isComplete ? [] : journal.finished, running: journal.running,
            collected: journal.collected)
    }

    // MARK: What listings and batches share

    /// `selected` = a batch imports its own files only.
    static let importVariable = "DTCI_PYTEST_IMPORT"

    /// Whether batches name their files to pytest: as the suite wants it, or because what the configuration names may lie
    /// outside of what a plain run looks at.
    static func importsSelected(_ suite: Suite) -> Bool {
        suite.environment[importVariable].map { $0 == "selected" }
            ?? !(suite.selection.paths.isEmpty && suite.selection.include.isEmpty)
    }

    /// Within what a runner may keep from run to run.
    static let cache = "pytest"

    /// Arguments that the suite's own words lead to: any of its tags.
    static func arguments(of suite: Suite) -> [String] {
        suite.selection.tags.isEmpty ? [] : ["-m", suite.selection.tags.joined(separator: " or ")]
    }

    /// The plugin, and the tests for it to select; `nil` lets pytest find its tests itself.
    static func sideFiles(in results: FilePath, selecting selectors: [String]?) -> [SideFile] {
        var files = [
            SideFile(
                results.appending(PytestPlugin.module + ".py"), contents: Array(PytestPlugin.source.utf8),
                searchedBy: "PYTHONPATH"),
            SideFile(
                results.appending(PytestPlugin.reportModule + ".py"), contents: Array(PytestPlugin.reportSource.utf8)),
            SideFile(
                results.appending(PytestPlugin.orderModule + ".py"), contents: Array(PytestPlugin.orderSource.utf8)),
            SideFile(
                results.appending(PytestPlugin.bytecodeModule + ".py"),
                contents: Array(PytestPlugin.bytecodeSource.utf8)),
        ]
        if let selectors {
            var writer = JSONWriter()
            writer.array(selectors) { $0.value($1) }
            files.append(SideFile(results.appending(PytestPlugin.selection), contents: writer.bytes))
        }
        return files
    }

    /// Leads to the project's own virtual environment, unless another one is active.
    static func searchPaths(of suite: Suite) -> [SearchPath] {
        guard suite.command.run == nil else { return [] }
        return [".venv", "venv"].map { name in
            SearchPath("PATH", suite.workingDirectory.appending(name).appending("bin"), unlessSet: "VIRTUAL_ENV")
        }
    }

    private func listing(_ suite: Suite) -> PytestListing { PytestListing(suite: suite, tool: profile.tool) }

    private func requirePytest(for suite: Suite, using tools: RunnerTools) throws(RunnerError) {
        var tools = tools
        var environment = tools.environment.merging(suite.environment) { $1 }
        for path in Self.searchPaths(of: suite).reversed() { path.extend(&environment) }
        tools.environment = environment
        var suite = suite
        suite.environment["PATH"] = environment["PATH"]
        try RunnerCommand(suite, tool: profile.tool).requireTool(using: tools)
    }
}
