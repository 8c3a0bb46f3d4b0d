package import Artifacts
package import CICore
import SystemPackage

/// CTest: the tests of a configured CMake build; each is a unit.
package struct CTestRunner: TestRunner {
    package init() {}

    package var id: RunnerID { "ctest" }

    package var profile: RunnerProfile {
        RunnerProfile(
            title: "CTest", support: .live, tool: CTestProject.tool, finest: .test,
            costs: .init(start: .milliseconds(30), unit: .milliseconds(100), test: .milliseconds(100)))
    }

    package func proposals(in tree: SourceTree) -> [SuiteProposal] {
        let builds =
            tree.leftOut
            + tree.files(matching: "**/CTestTestfile.cmake").map {
                String($0.dropLast("/CTestTestfile.cmake".count))
            }
        guard tree.exists("CMakeLists.txt"),
            let build = builds.first(where: { tree.exists("\($0)/CTestTestfile.cmake") })
        else { return [] }
        return [
            SuiteProposal(
                runner: id, paths: [build],
                because: "CMakeLists.txt is built in \(build), where CTestTestfile.cmake lists tests")
        ]
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        let command = RunnerCommand(suite, tool: CTestProject.tool)
        try command.requireTool(using: tools)
        let (directories, unmatched) = try CTestProject(suite: suite, tools: tools).directories()
        var inventory = SuiteInventory(units: [], unmatched: unmatched)
        for directory in directories {
            let answer = try await command.capture(
                ["--test-dir", directory, "--show-only=json-v1"], using: tools)
            guard let listing = CTestListing(answer.standardOutput) else {
                throw RunnerError(
                    code: .listingFailed, suite: suite.name,
                    description: "suite \(suite.name): ctest's listing of \(directory) cannot be read",
                    output: RunnerWords.tail(of: answer))
            }
            inventory.units += units(of: listing, in: directory, of: suite)
            let unbuilt = listing.tests.filter { !$0.hasCommand }.count
            if unbuilt > 0 {
                inventory.notes.append(
                    "\(unbuilt) tests of \(directory) are not built: run `cmake --build \(directory)`")
            }
        }
        return inventory
    }

    private func units(of listing: CTestListing, in directory: String, of suite: Suite) -> [TestUnit] {
        let include = suite.selection.include.map(Glob.init)
        let exclude = suite.selection.exclude.map(Glob.init)
        let tags = Set(suite.selection.tags)
        let bonds = listing.bonds
        let before = listing.before
        return listing.tests.filter { test in
            (include.isEmpty || include.contains { $0.matches(test.name) })
                && !exclude.contains { $0.matches(test.name) }
                && (tags.isEmpty || !tags.isDisjoint(with: test.labels))
        }.map { test in
            TestUnit(
                suite: suite.name, selector: test.name, granularity: .test, container: directory, tests: [test.name],
                constraints: .init(
                    bond: bonds[test.name].map { "ctest \(directory) \($0)" }, isSerial: test.isSerial,
                    labels: test.labels, resourceGroups: test.resourceGroups,
                    declaredCost: test.cost.map { .milliseconds(Int64(max(0, min($0, 1e9)) * 1000)) },
                    after: before[test.name] ?? []))
        }
    }

    /// Bytes of one `-R` expression: CMake refuses to compile those of 64 KiB and more.
    private static let expressionLimit = 30 << 10

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        let command = RunnerCommand(suite, tool: CTestProject.tool)
        var runs: [RunSeries.Run] = []
        var reports: [ExpectedReport] = []
        for directory in Set(units.map(\.container)).sorted() {
            let names = units.filter { $0.container == directory }.map { CommandLineText.regexEscaped($0.selector) }
            for group in ArgumentLimit.groups(of: names, limit: Self.expressionLimit) {
                let report = place.results.appending("ctest-\(runs.count).xml")
                reports.append(ExpectedReport(report))
                runs.append(
                    RunSeries.Run(
                        command.arguments([
                            "--test-dir", directory, "-R", "^(\(group.joined(separator: "|")))$", "--output-on-failure",
                            "--output-junit", report.string,
                        ])))
            }
        }
        let series = RunSeries(runs: runs)
        return Invocation(series.arguments, standardInput: series.standardInput, reports: reports)
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        let container = batch.units.first { $0.selector == test.name }?.container ?? batch.units.first?.container
        return container.map { TestAddress(selector: test.name, container: $0) }
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        RunnerCommand(suite, tool: CTestProject.tool).arguments([
            "--test-dir", test.container, "-R", "^\(CommandLineText.regexEscaped(test.selector))$",
            "--output-on-failure",
        ])
    }

    /// 8 = some tests failed or could not run.
    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        if let signal = exit.deathSignal { return .crashed("ctest was ended by signal \(signal)") }
        let words = RunnerWords.tail(of: ending.outputTail)
        switch exit {
        case .exited(0): return ending.reported == 0 ? .nothingCollected : .completed
        case .exited(8):
            // CTest's XML calls a test without its program skipped; CTest itself calls it failed.
            if ending.outputTail.contains("Unable to find executable: ") { return .buildFailed(words) }
            return ending.reported == 0 ? .crashed("ctest ended with \(exit) and no results") : .completed
        default: return .misused(words)
        }
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        // No output: nothing had begun.
        guard let bytes = try? tools.files.contents(of: place.output, limit: 1 << 30) else { return BatchProgress() }
        let output = CTestOutput(String(decoding: bytes, as: UTF8.self))
        return BatchProgress(finished: output.finished, running: output.running)
    }
}
