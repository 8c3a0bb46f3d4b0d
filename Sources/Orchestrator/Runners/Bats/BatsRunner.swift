package import Artifacts
package import CICore
import SystemPackage

/// bats-core: files are read for their `@test` lines, results come as the extended stream of `--formatter cat`.
///
/// That stream is chosen over `--formatter junit`, which says nothing before the end, and over `--report-formatter`,
/// whose file may still be growing after bats has ended. A test's selector is `file.bats::name as written`; bats itself
/// has a filter only, which holds for all files of one start.
package struct BatsRunner: TestRunner {
    package let id: RunnerID = "bats"
    package let profile = RunnerProfile(
        title: "bats", support: .live, tool: RunnerProfile.Tool(executable: "bats", debianPackages: ["bats"]),
        finest: .test,
        costs: RunnerProfile.Costs(start: .milliseconds(60), unit: .milliseconds(250), test: .milliseconds(50)))
    private static let separator = "::"
    /// Directories that hold libraries of test helpers with tests of their own.
    private static let helpers: Set<String> = ["test_helper", "bats-core", "bats-support", "bats-assert", "bats-file"]

    package init() {}

    package func proposals(in tree: SourceTree) -> [SuiteProposal] {
        let files = tree.files.filter { $0.hasSuffix(".bats") && !Self.isHelper($0) }
        guard let first = files.first else { return [] }
        let seen = files.count == 1 ? first : "\(files.count) *.bats files"
        return [SuiteProposal(runner: id, because: "found \(seen)")]
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        try RunnerCommand(suite, tool: profile.tool).requireTool(using: tools)
        let found = GlobListing(suite, defaults: ["**/*.bats"]).found(using: tools)
        let isDefault = suite.selection.paths.isEmpty && suite.selection.include.isEmpty
        var inventory = SuiteInventory(units: [], unmatched: found.unmatched)
        var empty: [String] = []
        for path in found.files where !(isDefault && Self.isHelper(path)) {
            let unit = unit(for: path, of: suite, using: tools)
            if unit.tests?.isEmpty ?? false {
                empty.append(path)
            } else {
                inventory.units += granularity == .test ? cut(unit) : [unit]
            }
        }
        if !empty.isEmpty { inventory.notes.append("no @test in \(empty.joined(separator: ", "))") }
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
        let command = RunnerCommand(suite, tool: profile.tool).arguments(["--formatter", "cat", "--timing"])
        let runs = SuccessiveRuns(command: command, runs: runs(for: units))
        return Invocation(
            runs.arguments, standardInput: runs.standardInput,
            reports: [ExpectedReport(place.output, format: .bats)], separatesErrors: true)
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        let name = String(test.selector.dropFirst(test.container.count + Self.separator.count))
        return RunnerCommand(suite, tool: profile.tool)
            .arguments((name.isEmpty ? [] : ["--filter", BatsName.filter([name])]) + [test.container])
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        guard let path = test.suitePath.first else { return nil }
        let candidates = batch.units.filter { path == $0.container || path.hasSuffix("/" + $0.container) }
        guard let file = candidates.map(\.container).max(by: { $0.utf8.count < $1.utf8.count }) else { return nil }
        let units = candidates.filter { $0.container == file }
        let known = units.flatMap { $0.granularity == .test ? [$0.selector] : $0.tests ?? [] }
        let prefix = file + Self.separator
        let exact = prefix + test.name
        if known.contains(exact) { return TestAddress(selector: exact, container: file) }
        let shown = known.first { BatsName(String($0.dropFirst(prefix.count))).canBeShown(as: test.name) }
        if let shown { return TestAddress(selector: shown, container: file) }
        // A fixture of the file failed: it stands for the one test that was asked for, else for the file.
        if known.count == 1, let only = known.first { return TestAddress(selector: only, container: file) }
        guard let whole = units.first(where: { $0.granularity < .test }) else { return nil }
        return TestAddress(selector: whole.selector, container: file, identifier: exact)
    }

    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        let words = RunnerWords.tail(of: ending.outputTail)
        switch exit {
        case .signaled: return .crashed(words)
        case .exited(0): return ending.reported == 0 ? .nothingCollected : .completed
        case .exited(126), .exited(127): return .misused(words)
        case .exited(let code) where code > 1: return .crashed(words)
        case .exited:
            if ending.reported == 0 {
                return ending.outputTail.contains("\nbegin ") ? .crashed(words) : .collectionFailed(words)
            }
            return ending.failures > 0 ? .completed : .crashed(words)
        }
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        // Without its output nothing is known to have begun.
        guard let bytes = try? tools.files.contents(of: place.output, limit: 1 << 30) else { return BatchProgress() }
        let stream = BatsStream(String(decoding: bytes, as: UTF8.self))
        let running = stream.abandoned + [stream.running].compactMap(\.self)
        return BatchProgress(
            finished: stream.tests, running: running.compactMap { address(of: $0, in: batch)?.selector })
    }

    private func unit(for path: String, of suite: Suite, using tools: RunnerTools) -> TestUnit {
        // A file that cannot be read is left to bats, which says why.
        guard let text = try? tools.files.text(of: suite.workingDirectory.appending(path)) else {
            return TestUnit(suite: suite.name, selector: path, granularity: .file)
        }
        let file = BatsFile(text)
        return TestUnit(
            suite: suite.name, selector: path, granularity: .file, tests: file.names.map { path + Self.separator + $0 },
            constraints: TestUnit.Constraints(bond: file.hasFileFixture ? path : nil, labels: file.tags))
    }

    /// Never across a fixture of the file.
    private func cut(_ unit: TestUnit) -> [TestUnit] {
        unit.constraints.bond == nil ? unit.splitByKnownTests() : [unit]
    }

    /// Whole files in as few starts as fit, then one start for each file of which only some tests run.
    private func runs(for units: [TestUnit]) -> [[String]] {
        let files = units.filter { $0.granularity < .test }.map { Self.path($0.container) }
        var runs = ArgumentLimit.groups(of: files)
        var order: [String] = []
        var names: [String: [String]] = [:]
        for unit in units where unit.granularity == .test {
            let name = String(unit.selector.dropFirst(unit.container.count + Self.separator.count))
            if names[unit.container] == nil { order.append(unit.container) }
            names[unit.container, default: []].append(name)
        }
        for file in order {
            let groups = ArgumentLimit.groups(of: names[file] ?? [], limit: ArgumentLimit.single / 4)
            runs += groups.map { ["--filter", BatsName.filter($0), Self.path(file)] }
        }
        return runs
    }

    /// A name that begins with a dash would be read as an option.
    private static func path(_ file: String) -> String { file.hasPrefix("-") ? "./" + file : file }

    private static func isHelper(_ path: String) -> Bool {
        path.split(separator: "/").dropLast().contains { helpers.contains(String($0)) }
    }
}
