package import Artifacts
package import CICore
import SystemPackage

/// GoogleTest programs: each is a unit, its tests can be selected with a filter.
package struct GoogleTestRunner: TestRunner {
    package init() {}

    package var id: RunnerID { "googletest" }

    package var profile: RunnerProfile {
        RunnerProfile(
            title: "GoogleTest", support: .live,
            tool: RunnerProfile.Tool(executable: "a GoogleTest program", debianPackages: ["libgtest-dev"]),
            finest: .test,
            costs: .init(start: .milliseconds(10), unit: .milliseconds(200), test: .milliseconds(5)))
    }

    // MARK: Finding

    package func question(about suite: Suite) -> ToolQuestion? { nil }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        var (programs, unmatched) = try self.programs(of: suite, using: tools)
        programs.removeAll { program in suite.selection.exclude.contains { Glob($0).matches(program) } }
        unmatched += suite.selection.include.filter { glob in !programs.contains { Glob(glob).matches($0) } }
        var inventory = SuiteInventory(units: [], unmatched: unmatched)
        for program in programs {
            let (unit, disabled) = try await unit(program, of: suite, using: tools)
            if disabled > 0 { inventory.notes.append("\(disabled) tests of \(program) are disabled") }
            inventory.units += granularity == .file ? [unit] : cut(unit, into: granularity)
        }
        return inventory
    }

    private func programs(
        of suite: Suite, using tools: RunnerTools
    ) throws(RunnerError) -> (found: [String], unmatched: [String]) {
        if suite.selection.paths.isEmpty, suite.selection.include.isEmpty {
            // The command is the program.
            if suite.command.run != nil { return ([suite.name.rawValue], []) }
            throw RunnerError(
                code: .badConfiguration, suite: suite.name,
                description: "suite \(suite.name): name the GoogleTest programs in `paths`")
        }
        let found = GlobListing(suite, defaults: []).found(using: tools)
        return (found.files, found.unmatched)
    }

    private func unit(
        _ program: String, of suite: Suite, using tools: RunnerTools
    ) async throws(RunnerError) -> (TestUnit, disabled: Int) {
        let (command, arguments) = start(program, of: suite, ["--gtest_list_tests"])
        let answer = try await command.capture(
            arguments, to: "list the tests of \(program)", using: tools)
        let listing = GoogleTestListing(answer.text)
        let tests = listing.tests.map { "\(program)#\($0)" }
        return (
            TestUnit(suite: suite.name, selector: program, granularity: .file, tests: tests), listing.disabled
        )
    }

    /// How a program is started: a command of the user's gets it as its first argument, if paths name one.
    private func start(_ program: String, of suite: Suite, _ rest: [String]) -> (RunnerCommand, [String]) {
        let path = suite.workingDirectory.appending(program).string
        guard suite.command.run != nil else {
            return (RunnerCommand(suite, tool: profile.tool, executable: [path]), rest)
        }
        return (RunnerCommand(suite, tool: profile.tool), (program == suite.name.rawValue ? [] : [path]) + rest)
    }

    private func words(_ program: String, of suite: Suite, _ rest: [String]) -> [String] {
        let (command, arguments) = start(program, of: suite, rest)
        return command.arguments(arguments)
    }

    package func split(
        _ unit: TestUnit, of suite: Suite, into granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit] { cut(unit, into: granularity) }

    private func cut(_ unit: TestUnit, into granularity: Granularity) -> [TestUnit] {
        guard granularity == .class, unit.granularity == .file, let tests = unit.tests else {
            return granularity == .test ? unit.splitByKnownTests() : [unit]
        }
        let suites = Dictionary(grouping: tests) { test in Self.suite(of: test) }
        return suites.sorted { $0.key < $1.key }.map { name, tests in
            TestUnit(
                suite: unit.suite, selector: name + ".*", granularity: .class, container: unit.container, tests: tests,
                constraints: unit.constraints)
        }
    }

    /// `program#Suite` of `program#Suite.Test`.
    private static func suite(of selector: String) -> String {
        let hash = selector.lastIndex(of: "#") ?? selector.startIndex
        let dot = selector[hash...].firstIndex(of: ".") ?? selector.endIndex
        return String(selector[..<dot])
    }

    // MARK: Running

    /// Bytes of one filter.
    private static let filterLimit = 100 << 10

    /// The program and the filter of each start; no filter for a whole program.
    private func starts(for units: [TestUnit]) -> [(program: String, filter: String?)] {
        var programs: [String] = []
        for unit in units where !programs.contains(unit.container) { programs.append(unit.container) }
        return programs.flatMap { program -> [(program: String, filter: String?)] in
            let units = units.filter { $0.container == program }
            if units.contains(where: { $0.granularity == .file }) { return [(program, nil)] }
            let patterns = units.map { String($0.selector.dropFirst(program.count + 1)) }
            return ArgumentLimit.groups(of: patterns, limit: Self.filterLimit).map {
                (program, $0.joined(separator: ":"))
            }
        }
    }

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        var runs: [RunSeries.Run] = []
        var reports: [ExpectedReport] = []
        for (program, filter) in starts(for: units) {
            let report = place.results.appending("googletest-\(runs.count).xml")
            let selection = filter.map { ["--gtest_filter=\($0)"] } ?? []
            runs.append(
                RunSeries.Run(
                    words(program, of: suite, ["--gtest_output=xml:\(report)", "--gtest_color=no"] + selection)))
            reports.append(ExpectedReport(report, container: program))
        }
        let series = RunSeries(runs: runs)
        return Invocation(series.arguments, standardInput: series.standardInput, reports: reports)
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        let name = test.selector.dropFirst(test.container.utf8.count + 1)
        return words(test.container, of: suite, name.isEmpty ? [] : ["--gtest_filter=\(name)"])
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        let name = "\(test.className).\(test.name)"
        let program =
            test.expectedContainer
            ?? batch.units.first { $0.tests?.contains("\($0.container)#\(name)") == true }?.container
        guard let program, batch.units.contains(where: { $0.container == program }) else { return nil }
        return TestAddress(selector: "\(program)#\(name)", container: program)
    }

    /// 1 = tests failed, or a test that called `exit(1)`.
    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        let programs = GoogleTestOutput(ending.outputTail).programs
        if let signal = exit.deathSignal { return .crashed("the program was ended by signal \(signal)") }
        if programs.contains(where: { $0.running != nil }) {
            return .crashed("the program ended within a test, with \(exit)")
        }
        if exit == .exited(0) { return ending.reported == 0 ? .nothingCollected : .completed }
        if exit == .exited(1), ending.failures > 0 { return .completed }
        return .crashed("the program ended with \(exit): \(RunnerWords.tail(of: ending.outputTail, limit: 2000))")
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        // No output: nothing had begun.
        guard let bytes = try? tools.files.contents(of: place.output, limit: 1 << 30) else { return BatchProgress() }
        var progress = BatchProgress()
        let output = GoogleTestOutput(String(decoding: bytes, as: UTF8.self))
        for (start, told) in zip(starts(for: batch.units), output.programs) {
            let report = ExpectedReport(place.results, container: start.program)
            progress.finished += told.finished.map(report.complete)
            progress.running += told.running.map { ["\(start.program)#\($0)"] } ?? []
        }
        return progress
    }
}
