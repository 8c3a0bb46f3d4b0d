package import Artifacts
package import CICore
import SystemPackage

/// Mocha: files are units, tests are selected by their full titles.
package struct MochaRunner: TestRunner {
    private static let tool = RunnerProfile.Tool(
        executable: "mocha", debianPackages: ["mocha"], hint: "npm install --save-dev mocha")

    package init() {}

    package var id: RunnerID { "mocha" }

    package var profile: RunnerProfile {
        RunnerProfile(
            title: "Mocha", support: .live, tool: Self.tool, finest: .test,
            costs: .init(start: .milliseconds(250), unit: .milliseconds(100), test: .milliseconds(10)))
    }

    package func proposals(in tree: SourceTree) -> [SuiteProposal] {
        PackageScripts(in: tree).directories(whoseTestScript: { $0.contains("mocha") }).map { directory in
            let local = "\(directory.isEmpty ? "" : directory + "/")node_modules/.bin/mocha"
            return SuiteProposal(
                runner: id, directory: directory,
                command: Suite.Command(run: tree.exists(local) ? .arguments(["node_modules/.bin/mocha"]) : nil),
                because: "package.json's test script runs mocha")
        }
    }

    // MARK: Finding

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        try RunnerCommand(suite, tool: Self.tool).requireTool(using: tools)
        let globs = ["test/*.{js,cjs,mjs}", "test/**/*.{spec,test}.{js,cjs,mjs,ts}", "spec/**/*.{js,cjs,mjs}"]
        var inventory = GlobListing(suite, defaults: globs).inventory(using: tools)
        guard granularity > .file else { return inventory }
        inventory.units = try await cut(inventory.units, of: suite, using: tools)
        return inventory
    }

    package func split(
        _ unit: TestUnit, of suite: Suite, into granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit] {
        guard granularity > .file, unit.granularity == .file else { return [unit] }
        return try await cut([unit], of: suite, using: tools)
    }

    /// Mocha lists by running without tests: `--dry-run`.
    private func cut(
        _ units: [TestUnit], of suite: Suite, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit] {
        var found: [String: [String]] = [:]
        for (index, files) in ArgumentLimit.groups(of: units.map(\.selector)).enumerated() {
            let place = BatchPlace(root: tools.scratch.appending("mocha-listing-\(index)"))
            let reporting = EventReporting(in: place)
            let reporter = reporting.reporter("mocha.cjs", source: MochaReporter.source)
            do {
                try tools.files.remove(reporting.file)
                try Invocation([], sideFiles: [reporter], reports: []).writeSideFiles(with: tools.files)
            } catch {
                throw RunnerError(
                    code: .listingFailed, suite: suite.name, description: "suite \(suite.name): \(error)")
            }
            _ = try await RunnerCommand(suite, tool: Self.tool).capture(
                ["--dry-run", "--reporter", reporter.path.string] + files,
                adding: reporting.environment.merging(only(files)) { $1 }, using: tools)
            for test in reporting.progress(using: tools).finished {
                guard let selector = test.eventSelector, let file = test.location?.file else { continue }
                if found[file]?.contains(selector) != true { found[file, default: []].append(selector) }
            }
        }
        return units.flatMap { unit in
            (found[unit.selector] ?? []).map { selector in
                TestUnit(
                    suite: unit.suite, selector: selector, granularity: .test, container: unit.selector,
                    tests: [selector], constraints: unit.constraints)
            }
        }
    }

    /// Bound by what the environment can hold; past that, mocha's own configuration decides.
    private func only(_ files: [String]) -> [String: String] {
        var writer = JSONWriter()
        writer.array(files) { $0.value($1) }
        guard writer.bytes.count < ArgumentLimit.single - 64 else { return [:] }
        return ["DTCI_TEST_FILES": String(decoding: writer.bytes, as: UTF8.self)]
    }

    // MARK: Running

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        let reporting = EventReporting(in: place)
        let reporter = reporting.reporter("mocha.cjs", source: MochaReporter.source)
        let words = RunnerCommand(suite, tool: Self.tool).arguments(["--reporter", reporter.path.string])
        let whole = units.filter { $0.granularity == .file }.map(\.selector)
        var starts = ArgumentLimit.groups(of: whole).map { (files: $0, grep: [String]()) }
        let tests = units.filter { $0.granularity > .file && !whole.contains($0.container) }
        for (file, units) in Dictionary(grouping: tests, by: \.container).sorted(by: { $0.key < $1.key }) {
            let titles = units.map { CommandLineText.regexEscaped(String($0.selector.dropFirst(file.count + 1))) }
            for group in ArgumentLimit.groups(of: titles, limit: 32 << 10) {
                starts.append((files: [file], grep: ["--grep", "^(\(group.joined(separator: "|")))$"]))
            }
        }
        let series = RunSeries(
            runs: starts.map { start in
                // Each start has its files filtered, so the variable is each start's own.
                let variables = starts.count > 1 ? only(start.files).map { "\($0)=\($1)" } : []
                let prefix = variables.isEmpty ? [] : ["env"] + variables
                return RunSeries.Run(prefix + words + start.grep + start.files)
            })
        let filter = starts.count == 1 ? only(starts[0].files) : [:]
        return Invocation(
            series.arguments, environment: reporting.environment.merging(filter) { $1 },
            standardInput: series.standardInput, sideFiles: [reporter], reports: [reporting.report])
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        let title = CommandLineText.regexEscaped(String(test.selector.dropFirst(test.container.count + 1)))
        return RunnerCommand(suite, tool: Self.tool)
            .arguments((title.isEmpty ? [] : ["--grep", "^\(title)$"]) + [test.container])
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        guard let selector = test.eventSelector, let file = test.location?.file, batch.holds(selector, in: file) else {
            return nil
        }
        return TestAddress(selector: selector, container: file)
    }

    /// The number of failed tests; 1 also for a file that cannot be loaded, before any test.
    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        guard case .exited(let code) = exit else { return .crashed("mocha was ended by \(exit)") }
        let hasEnded = ending.outputTail.contains("dt-ci: mocha ran ")
        if hasEnded {
            if code == 0, ending.reported == 0 { return .nothingCollected }
            if code == 0 || ending.failures > 0 { return .completed }
        }
        let words = RunnerWords.tail(of: ending.outputTail)
        if let signal = exit.deathSignal { return .crashed("mocha was ended by signal \(signal)") }
        if ending.outputTail.contains("dt-ci: mocha began") || ending.reported > 0 {
            return .crashed("mocha ended within a test, with \(exit)")
        }
        return .collectionFailed(words)
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        EventReporting(in: place).progress(using: tools)
    }
}
