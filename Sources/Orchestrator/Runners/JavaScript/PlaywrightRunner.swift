package import Artifacts
package import CICore
import SystemPackage

/// Playwright Test: specs from its JSON listing, results from a reporter of ours, one for each attempt.
///
/// A test's selector is `tests/a.spec.ts::describe › test`; it stands for the test in every project (browser).
package struct PlaywrightRunner: TestRunner {
    package let id: RunnerID = "playwright"
    private static let tool = NodeTool("playwright", package: "@playwright/test")
    package let profile = RunnerProfile(
        title: "Playwright", support: .recorded,
        tool: Self.tool.installation,
        finest: .test, costs: RunnerProfile.Costs(start: .seconds(2), unit: .seconds(4), test: .seconds(1)))

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
        let tags = suite.selection.tags.isEmpty ? [] : ["--grep", suite.selection.tags.joined(separator: "|")]
        let process = try await Self.tool.command(of: suite).capture(
            ["test", "--list", "--reporter=json"] + tags + suite.selection.paths, using: tools)
        guard let listing = PlaywrightListing(process.text, paths: NodePath(below: suite)) else {
            throw RunnerError(noListOf: suite, because: "playwright printed no list", process)
        }
        var inventory = NodeFiles(suite).inventory(of: listing.tests, granularity: .file)
        for index in inventory.units.indices where isBound(inventory.units[index].selector, of: suite, using: tools) {
            inventory.units[index].constraints.bond = inventory.units[index].selector
        }
        if granularity == .test { inventory.units = inventory.units.flatMap(cut) }
        return inventory
    }

    package func split(
        _ unit: TestUnit, of suite: Suite, into granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit] {
        granularity == .test ? cut(unit) : [unit]
    }

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        let events = EventReporting(in: place)
        let reporter = events.reporter("dtci_playwright.cjs", source: PlaywrightReporter.source)
        let options = [
            "test", "--workers=1", "--reporter=list,\(reporter.path.string)", "--output",
            place.results.appending("playwright").string,
        ]
        var runs = ArgumentLimit.groups(of: units.filter { $0.granularity < .test }.map { Self.filter($0.container) })
        runs += TestsByFile(units, separator: NodeFiles.separator).runs { file, names in
            ["--grep", Self.grep(names, in: file), Self.filter(file)]
        }
        return Self.tool.invocation(runs, options: options, of: suite, reporter: reporter, events: events)
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        let name = String(test.selector.dropFirst(test.container.count + NodeFiles.separator.count))
        // What stands in brackets at the end may be the project's name, which is no part of the title.
        let filter = name.isEmpty || name.hasSuffix("]") ? [] : ["--grep", Self.grep([name], in: test.container)]
        return Self.tool.command(of: suite).arguments(["test"] + filter + [Self.filter(test.container)])
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        guard var address = NodeFiles.address(of: test, in: batch) else { return nil }
        // The reporter's suites begin with the project, if it has a name.
        let depth = test.eventSelector.map { $0.split(separator: Self.separator).count } ?? 1
        if test.suitePath.count >= depth, let project = test.suitePath.first {
            address.identifier = "\(address.selector) [\(project)]"
        }
        return address
    }

    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        Self.tool.reading(of: exit, in: ending, nothing: "No tests found", refusals: ["unknown option"])
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        EventReporting(in: place).progress(using: tools)
    }

    private static let separator = " › "

    /// File arguments are regular expressions on absolute paths.
    private static func filter(_ file: String) -> String { "/" + CommandLineText.regexEscaped(file) + "$" }

    /// Names are held against project, file, titles and tags, all joined by blanks.
    private static func grep(_ names: [String], in file: String) -> String {
        let base = CommandLineText.regexEscaped(String(file.split(separator: "/").last ?? file[...]))
        let titles = names.map { name in
            name.split(separator: separator, omittingEmptySubsequences: false)
                .map { CommandLineText.regexEscaped(String($0)) }.joined(separator: " (?:› )?")
        }
        return "\(base) (?:\(titles.joined(separator: "|")))(?: @\\S+)*$"
    }

    /// Whether the file says that its tests follow on each other, or share a fixture; the listing says neither.
    private func isBound(_ file: String, of suite: Suite, using tools: RunnerTools) -> Bool {
        // What cannot be read has no say.
        guard let text = try? tools.files.text(of: suite.workingDirectory.appending(file)) else { return false }
        return ["describe.serial", "mode: 'serial'", "mode: \"serial\"", "beforeAll("].contains { text.contains($0) }
    }

    private func cut(_ unit: TestUnit) -> [TestUnit] {
        unit.constraints.bond == nil ? unit.splitByKnownTests() : [unit]
    }
}
