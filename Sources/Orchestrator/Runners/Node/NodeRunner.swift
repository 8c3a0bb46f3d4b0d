package import Artifacts
package import CICore
import SystemPackage

/// Node's own test runner, `node --test` of Node.js 18.20 and later: files are units, tests are selected by their names.
package struct NodeRunner: TestRunner {
    private static let tool = RunnerProfile.Tool(
        executable: "node", debianPackages: ["nodejs"], hint: "Node.js 18.20 or later from https://nodejs.org")
    /// What `node --test` itself takes for test files.
    private static let globs = [
        "**/*.test.{js,cjs,mjs}", "**/*-test.{js,cjs,mjs}", "**/*_test.{js,cjs,mjs}", "**/test-*.{js,cjs,mjs}",
        "**/test.{js,cjs,mjs}", "**/test/**/*.{js,cjs,mjs}",
    ]

    package init() {}

    package var id: RunnerID { "node" }

    package var profile: RunnerProfile {
        RunnerProfile(
            title: "node --test", support: .live, tool: Self.tool, finest: .test,
            costs: .init(start: .milliseconds(80), unit: .milliseconds(120), test: .milliseconds(10)))
    }

    package func proposals(in tree: SourceTree) -> [SuiteProposal] {
        PackageScripts(in: tree).directories(whoseTestScript: { $0.contains("node") && $0.contains("--test") }).map {
            SuiteProposal(
                runner: id,
                directory: $0, because: "package.json's test script runs `node --test`")
        }
    }

    // MARK: Finding

    package func question(about suite: Suite) -> ToolQuestion? {
        RunnerCommand(suite, tool: Self.tool).question(minimum: "18.20")
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        try RunnerCommand(suite, tool: Self.tool).requireTool(using: tools)
        var inventory = GlobListing(suite, defaults: Self.globs).inventory(using: tools)
        guard granularity > .file else { return inventory }
        var units: [TestUnit] = []
        for unit in inventory.units { units += try await split(unit, of: suite, into: granularity, using: tools) }
        inventory.units = units
        return inventory
    }

    package func split(
        _ unit: TestUnit, of suite: Suite, into granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit] {
        guard granularity > .file, unit.granularity == .file else { return [unit] }
        let place = BatchPlace(root: tools.scratch.appending("node-listing"))
        let reporting = EventReporting(in: place)
        let files = [
            reporting.reporter("node.cjs", source: NodeReporter.reporter)
        ]
        do {
            try tools.files.remove(reporting.file)
            try Invocation([], sideFiles: files, reports: []).writeSideFiles(with: tools.files)
        } catch {
            throw RunnerError(
                code: .listingFailed, suite: suite.name, description: "suite \(suite.name): \(error)")
        }
        _ = try await RunnerCommand(suite, tool: Self.tool).capture(
            ["--test", "--test-name-pattern=/(?!)/"] + reporters(files) + [unit.selector],
            adding: reporting.environment.merging(["DTCI_TEST_LISTING": "1"]) { $1 },
            to: "list the tests of \(unit.selector)", using: tools)
        var known: Set<String> = []
        let tests = reporting.progress(using: tools).finished
            .compactMap(\.eventSelector).filter { known.insert($0).inserted }
        return tests.isEmpty
            ? [unit]
            : tests.map { selector in
                TestUnit(
                    suite: unit.suite, selector: selector, granularity: .test, container: unit.selector,
                    tests: [selector], constraints: unit.constraints)
            }
    }

    private func reporters(_ files: [SideFile]) -> [String] {
        ["--test-reporter=\(files[0].path)", "--test-reporter-destination=stderr"]
    }

    // MARK: Running

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        let reporting = EventReporting(in: place)
        let files = [
            reporting.reporter("node.cjs", source: NodeReporter.reporter),
            reporting.reporter("hooks.cjs", source: NodeReporter.hooks),
        ]
        let words = RunnerCommand(suite, tool: Self.tool).arguments(
            ["--require", files[1].path.string, "--test", "--test-concurrency=1"] + reporters(files) + [
                "--test-reporter=spec", "--test-reporter-destination=stdout",
            ])
        let whole = units.filter { $0.granularity == .file }.map(\.selector)
        var runs = whole.isEmpty ? [] : ArgumentLimit.groups(of: whole).map { RunSeries.Run(words + $0) }
        let tests = units.filter { $0.granularity > .file && !whole.contains($0.container) }
        for (file, units) in Dictionary(grouping: tests, by: \.container).sorted(by: { $0.key < $1.key }) {
            for group in ArgumentLimit.groups(of: units.map { pattern(of: $0) }, limit: 32 << 10) {
                runs.append(RunSeries.Run(words + ["--test-name-pattern=/^(\(group.joined(separator: "|")))$/", file]))
            }
        }
        let series = RunSeries(runs: runs)
        return Invocation(
            series.arguments, environment: reporting.environment.merging(wanted(tests, whole)) { $1 },
            standardInput: series.standardInput, sideFiles: files, reports: [reporting.report])
    }

    /// Node 18 and 20 match a test's own name, Node 22 the names from the outermost on, joined by spaces.
    private func pattern(of unit: TestUnit) -> String {
        let names = unit.selector.dropFirst(unit.container.count + 1).split(separator: " > ").map(String.init)
        let full = names.joined(separator: " ")
        return Set([names.last ?? full, full]).sorted()
            .map { CommandLineText.regexEscaped($0).replacing("/", with: "\\/") }.joined(separator: "|")
    }

    /// A pattern cannot tell tests of one name apart, so the reporter drops those that were not asked for; a list too
    /// long for the environment is left to `address(of:in:)`.
    private func wanted(_ tests: [TestUnit], _ whole: [String]) -> [String: String] {
        guard !tests.isEmpty else { return [:] }
        var writer = JSONWriter()
        writer.array(whole + tests.map(\.selector)) { $0.value($1) }
        guard writer.bytes.count < ArgumentLimit.single - 64 else { return [:] }
        return ["DTCI_TEST_NAMES": String(decoding: writer.bytes, as: UTF8.self)]
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        let words = RunnerCommand(suite, tool: Self.tool).arguments(["--test"])
        guard test.selector != test.container else { return words + [test.container] }
        let unit = TestUnit(suite: suite.name, selector: test.selector, granularity: .test, container: test.container)
        return words + ["--test-name-pattern=/^(\(pattern(of: unit)))$/", test.container]
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        guard let selector = test.eventSelector, batch.holds(selector, in: test.className) else { return nil }
        return TestAddress(
            selector: selector, container: test.className, identifier: "\(test.className)#\(test.name)")
    }

    /// 1 = tests failed, a file could not be loaded, or a file's process died: our reporter says which.
    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        if let signal = exit.deathSignal { return .crashed("node was ended by signal \(signal)") }
        let tail = "\n" + ending.outputTail
        if let start = tail.firstRange(of: "\ndt-ci: the process of ") {
            return .crashed(
                String(tail[start.lowerBound...].split(separator: "\n").first ?? "").replacing("dt-ci: ", with: ""))
        }
        if let start = tail.firstRange(of: "\ndt-ci: cannot load ") {
            return .collectionFailed(RunnerWords.tail(of: String(tail[start.lowerBound...])))
        }
        switch exit {
        case .exited(0): return ending.reported == 0 ? .nothingCollected : .completed
        case .exited(1) where ending.failures > 0: return .completed
        default: return .misused(RunnerWords.tail(of: ending.outputTail))
        }
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        EventReporting(in: place).progress(using: tools)
    }
}
