package import Artifacts
package import CICore
import SystemPackage

/// Jest: test files from `--listTests`, results from a reporter of ours, since Jest itself writes no JUnit.
///
/// A test's selector is `src/a.test.js::describe test`, with the name that `--testNamePattern` sees.
package struct JestRunner: TestRunner {
    package let id: RunnerID = "jest"
    package let profile = RunnerProfile(
        title: "Jest", support: .recorded,
        tool: RunnerProfile.Tool(
            executable: "npx", debianPackages: ["npm"], hint: "npm install --save-dev jest"),
        finest: .file, costs: RunnerProfile.Costs(start: .seconds(1), unit: .milliseconds(800), test: .milliseconds(30))
    )
    private static let separator = "::"
    private static let filterLimit = 32 << 10

    package init() {}

    package func proposals(in tree: SourceTree) -> [SuiteProposal] {
        NodePackage.proposals(for: "jest", runner: id, in: tree)
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        let listing = try await command(of: suite).capture(
            ["--listTests", "--json", "--passWithNoTests"] + suite.selection.paths, using: tools)
        guard let start = listing.text.firstIndex(of: "["),
            let json = JSONValue(String(listing.text[start...].reversed().drop { $0 != "]" }.reversed()))
        else {
            throw RunnerError(
                code: .listingFailed, suite: suite.name,
                description: "suite \(suite.name): cannot list the tests: jest printed no list",
                output: RunnerWords.tail(of: listing))
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
        for (file, names) in TestsByFile(units, separator: Self.separator).files {
            runs += ArgumentLimit.groups(of: names, limit: Self.filterLimit).map { names in
                let filter = names.map(CommandLineText.regexEscaped).joined(separator: "|")
                return ["--testNamePattern=^(?:\(filter))$", "--runTestsByPath", file]
            }
        }
        let successive = SuccessiveRuns(command: command(of: suite).arguments(options), runs: runs)
        return Invocation(
            successive.arguments, environment: events.environment, standardInput: successive.standardInput,
            sideFiles: [reporter], reports: [events.report])
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        NodeFiles.address(of: test, in: batch)
    }

    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        let words = RunnerWords.tail(of: ending.outputTail)
        switch exit {
        case .signaled: return .crashed(words)
        case .exited(0): return ending.reported == 0 ? .nothingCollected : .completed
        case .exited(126), .exited(127): return .misused(words)
        case .exited(1) where ending.reported > 0: return .completed
        case .exited(1) where ending.outputTail.contains("No tests found"): return .nothingCollected
        case .exited(1)
        where ending.outputTail.contains("Validation Error")
            || ending.outputTail.contains("Unrecognized CLI Parameter"):
            return .misused(words)
        case .exited(1): return .collectionFailed(words)
        case .exited: return .crashed(words)
        }
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        NodeFiles.finest(EventReporting(in: place).progress(using: tools))
    }

    private func command(of suite: Suite) -> RunnerCommand {
        RunnerCommand(suite, tool: profile.tool, executable: ["npx", "--no-install", "jest"])
    }
}
