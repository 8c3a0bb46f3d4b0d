package import Artifacts
package import CICore
import SystemPackage

/// `gotestsum`: lists and selects as `go test` does, and leaves JUnit XML.
package struct GoTestSumRunner: TestRunner {
    package init() {}

    package var id: RunnerID { "gotestsum" }

    private static let tool = RunnerProfile.Tool(
        executable: "gotestsum", debianPackages: ["gotestsum"],
        hint: "go install gotest.tools/gotestsum@latest")

    package var profile: RunnerProfile {
        RunnerProfile(
            title: "gotestsum", support: .live, tool: Self.tool, finest: .test,
            costs: .init(start: .milliseconds(300), unit: .milliseconds(500), test: .milliseconds(20)))
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        try RunnerCommand(suite, tool: Self.tool).requireTool(using: tools)
        return try await GoInventory(suite: suite, tools: tools).discover(granularity)
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
        let selections = GoRuns(units: units).selections
        let files = selections.indices.map { place.results.appending("gotestsum-\($0)") }
        let words = own(in: suite)
        let runs = zip(files, selections).map { file, selection in
            words + [
                "--format", "standard-verbose", "--junitfile", file.string + ".xml", "--jsonfile",
                file.string + ".json",
                "--",
            ] + GoCommand(suite).runFlags + GoCommand(suite).flags + selection
        }
        let series = RunSeries(runs: runs.map { RunSeries.Run($0) })
        return Invocation(
            series.arguments, standardInput: series.standardInput,
            reports: files.map { ExpectedReport(FilePath($0.string + ".xml")) }, dumpSignal: 3)
    }

    /// The words in front of gotestsum's own `--`.
    private func own(in suite: Suite) -> [String] {
        let words = RunnerCommand(suite, tool: Self.tool).arguments([])
        guard case .arguments = suite.command.run, let mark = words.firstIndex(of: "--") else { return words }
        return Array(words[..<mark])
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        GoReading.address(of: test, in: batch)
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        ["go", "test"] + GoCommand(suite).flags + GoSelector(test.identifier).arguments
    }

    /// 1 = tests failed, 2 = did not build; 3 = gotestsum could not read what go wrote.
    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        if exit == .exited(2) || ending.outputTail.contains("\n=== Errors") {
            return .buildFailed(RunnerWords.tail(of: ending.outputTail))
        }
        return GoReading.reading(of: exit, in: ending)
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        var progress = BatchProgress()
        for index in GoRuns(units: batch.units).selections.indices {
            let file = place.results.appending("gotestsum-\(index).json")
            // A start that never came left no file: nothing of it had begun.
            guard let bytes = try? tools.files.contents(of: file, limit: 1 << 30) else { continue }
            progress.running += GoEvent.running(in: bytes)
            progress.finished += finished(file, place)
        }
        return progress
    }

    /// gotestsum writes its XML at the end; the stream has what came before.
    private func finished(_ file: FilePath, _ place: BatchPlace) -> [ReportedTest] {
        var tests: [ReportedTest] = []
        let reader = ReportReader(format: .goTestJSON, temporaryDirectory: place.temporary)
        // A stream that cannot be read proves nothing finished.
        _ = try? reader.read(file) { if !$0.isUnfinished { tests.append($0) } }
        return tests
    }
}
