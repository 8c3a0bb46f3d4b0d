package import Artifacts
package import CICore
import SystemPackage

/// prove, the TAP harness of Perl: the files are the units, nothing within them can be selected.
///
/// Results come from a formatter of ours on top of prove's console: `TAP::Formatter::JUnit` makes passed tests of
/// skipped ones and one name of `t/a_b.t` and `t/a/b.t`.
package struct ProveRunner: TestRunner {
    package let id: RunnerID = "prove"
    package let profile = RunnerProfile(
        title: "prove (TAP)", support: .live, tool: RunnerProfile.Tool(executable: "prove", debianPackages: ["perl"]),
        finest: .file,
        costs: RunnerProfile.Costs(start: .milliseconds(90), unit: .milliseconds(300), test: .milliseconds(10)),
        canSelectTests: false)

    package init() {}

    package func proposals(in tree: SourceTree) -> [SuiteProposal] {
        let files = tree.files.filter { $0.hasPrefix("t/") && $0.hasSuffix(".t") }
        guard !files.isEmpty else { return [] }
        let library = tree.files.contains { $0.hasPrefix("lib/") && $0.hasSuffix(".pm") }
        return [
            SuiteProposal(
                runner: id, command: Suite.Command(run: library ? .arguments(["prove", "-l"]) : nil),
                because: "found \(files.count) *.t files in t/" + (library ? " and modules in lib/" : ""))
        ]
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        try RunnerCommand(suite, tool: profile.tool).requireTool(using: tools)
        return GlobListing(suite, defaults: ["t/**/*.t"]).inventory(using: tools)
    }

    package func split(
        _ unit: TestUnit, of suite: Suite, into granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit] { [unit] }

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        let events = EventReporting(in: place)
        let module = events.reporter("DTCIEvents.pm", source: ProveReporter.source, searchedBy: "PERL5LIB")
        // Batches are dt-ci's parallelism; a colour would end up in the log. `-` reads the files from standard input,
        // however many they are.
        let arguments = RunnerCommand(suite, tool: profile.tool).arguments([
            "--jobs", "1", "--nocolor", "--formatter", "DTCIEvents", "-",
        ])
        let list = TestsByFile.containers(of: units).map { $0 + "\n" }.joined()
        return Invocation(
            arguments, environment: events.environment, standardInput: Array(list.utf8), sideFiles: [module],
            reports: [events.report])
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        RunnerCommand(suite, tool: profile.tool).arguments(["--verbose", test.container])
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        guard let file = test.eventSelector, batch.asksFor(file, in: file) else { return nil }
        return TestAddress(
            selector: file, container: file, identifier: test.name == file ? file : "\(file)::\(test.name)")
    }

    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        let words = RunnerWords.tail(of: ending.outputTail)
        switch exit {
        case .signaled: return .crashed(words)
        case .exited(0): return ending.reported == 0 ? .nothingCollected : .completed
        case .exited where ending.failures > 0: return .completed
        case .exited(126), .exited(127): return .misused(words)
        case .exited where ending.outputTail.contains("Cannot detect source of"): return .collectionFailed(words)
        case .exited where ending.outputTail.contains("Result: NOTESTS"): return .nothingCollected
        case .exited: return .crashed(words)
        }
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        let events = EventReporting(in: place)
        var progress = events.fileProgress(using: tools)
        // prove starts a file before it tells its formatter: the first one that has not ended may be running.
        if progress.running.isEmpty, let ended = events.endedFiles(using: tools) {
            progress.running = batch.units.map(\.container).first { !ended.contains($0) }.map { [$0] } ?? []
        }
        return progress
    }
}
