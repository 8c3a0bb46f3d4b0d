package import Artifacts
package import CICore
import SystemPackage

/// ExUnit through `mix test`: test files by glob, results from a formatter of ours.
///
/// A test's selector is `test/calc_test.exs::CalcTest::test adds`: names outlive edits of the file, line numbers don't.
package struct ExUnitRunner: TestRunner {
    package let id: RunnerID = "exunit"
    package let profile = RunnerProfile(
        title: "ExUnit", support: .recorded, tool: RunnerProfile.Tool(executable: "elixir", debianPackages: ["elixir"]),
        finest: .file,
        costs: RunnerProfile.Costs(start: .milliseconds(900), unit: .milliseconds(500), test: .milliseconds(50)),
        knowsTestsById: true)
    private static let separator = "::"

    package init() {}

    package func proposals(in tree: SourceTree) -> [SuiteProposal] {
        let files = tree.files.filter { $0.hasPrefix("test/") && $0.hasSuffix("_test.exs") }
        guard tree.exists("mix.exs"), !files.isEmpty else { return [] }
        return [
            SuiteProposal(
                runner: id, because: "found mix.exs and \(files.count) *_test.exs files in test/")
        ]
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        try RunnerCommand(suite, tool: profile.tool).requireTool(using: tools)
        return GlobListing(suite, defaults: ["test/**/*_test.exs"]).inventory(using: tools)
    }

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        let events = EventReporting(in: place)
        let formatter = events.reporter("dtci_exunit.exs", source: ExUnitReporter.source)
        let tags = suite.selection.tags.flatMap { ["--only", $0] }
        let command = RunnerCommand(suite, tool: profile.tool).arguments(
            [
                "-r", formatter.path.string, "-S", "mix", "test", "--formatter", "ExUnit.CLIFormatter", "--formatter",
                "DTCI.Events",
            ] + tags)
        var runs = ArgumentLimit.groups(of: units.filter { $0.granularity < .test }.map(\.container))
        for (file, names) in TestsByFile(units, separator: Self.separator).files {
            let filters = names.flatMap { ["--only", "test:\(Self.test(of: $0))"] }
            runs += ArgumentLimit.groups(of: filters).map { [file] + $0 }
        }
        let successive = SuccessiveRuns(command: command, runs: runs)
        return Invocation(
            successive.arguments, environment: events.environment, standardInput: successive.standardInput,
            sideFiles: [formatter], reports: [events.report])
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        let name = test.selector.dropFirst(test.container.count + Self.separator.count)
        let filter = name.isEmpty ? [] : ["--only", "test:\(Self.test(of: String(name)))"]
        guard suite.command.run == nil else { return nil }
        return ["mix", "test", test.container] + filter
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        guard let selector = test.eventSelector, let end = selector.firstRange(of: Self.separator) else { return nil }
        let file = String(selector[..<end.lowerBound])
        return batch.asksFor(selector, in: file) ? TestAddress(selector: selector, container: file) : nil
    }

    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        let text = ending.outputTail
        let words = RunnerWords.tail(of: text)
        switch exit {
        case .signaled: return .crashed(words)
        case .exited(0): return ending.reported == 0 ? .nothingCollected : .completed
        case .exited(126), .exited(127): return .misused(words)
        case .exited where ending.failures > 0: return .completed
        case .exited(let code) where code > 2: return .crashed(words)
        case .exited where text.contains("Compilation error") || text.contains("could not compile dependency"):
            // A test file is a script: one that does not compile cannot be loaded.
            return text.contains("_test.exs ==") ? .collectionFailed(words) : .buildFailed(words)
        case .exited where text.contains("The --only option was given to \"mix test\" but no test was executed"):
            return .nothingCollected
        case .exited where text.contains("** (Mix)"): return .misused(words)
        case .exited: return ending.reported == 0 ? .collectionFailed(words) : .crashed(words)
        }
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        EventReporting(in: place).progress(using: tools)
    }

    /// `CalcTest::test adds` → `test adds`.
    private static func test(of name: String) -> Substring {
        name.firstRange(of: separator).map { name[$0.upperBound...] } ?? name[...]
    }
}
