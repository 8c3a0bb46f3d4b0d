package import Artifacts
package import CICore
import SystemPackage

/// PHPUnit 9 and later: classes and methods from its own list, a filter on names, JUnit for results and its TeamCity
/// log for what ran when the process died.
///
/// The rows of a data provider are tests of their own: `App\CalcTest::testRows with data set "one"`.
package struct PHPUnitRunner: TestRunner {
    package let id: RunnerID = "phpunit"
    package let profile = RunnerProfile(
        title: "PHPUnit", support: .live,
        tool: RunnerProfile.Tool(
            executable: "phpunit", debianPackages: ["phpunit", "php-xml", "php-mbstring"],
            hint: "composer require --dev phpunit/phpunit"),
        finest: .test,
        costs: RunnerProfile.Costs(start: .milliseconds(50), unit: .milliseconds(200), test: .milliseconds(20)))
    /// Bytes of names in one filter: PCRE refuses patterns that compile to more than 64 KiB.
    private static let filterLimit = 12 << 10

    package init() {}

    package func proposals(in tree: SourceTree) -> [SuiteProposal] {
        guard let file = ["phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml"].first(where: tree.exists) else {
            return []
        }
        let isBundled = tree.exists("vendor/bin/phpunit")
        return [
            SuiteProposal(
                runner: id,
                command: Suite.Command(run: isBundled ? .arguments(["vendor/bin/phpunit"]) : nil),
                because: "found \(file)" + (isBundled ? " and vendor/bin/phpunit" : ""))
        ]
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        let file = tools.scratchFile("phpunit.xml", of: suite, for: selection(of: suite))
        let process = try await RunnerCommand(suite, tool: profile.tool).capture(
            ["--list-tests-xml", file.string] + selection(of: suite), using: tools)
        // Without a list PHPUnit has said why on standard output, and has ended with 0 all the same.
        guard let bytes = try? tools.files.contents(of: file, limit: 1 << 30) else {
            throw RunnerError(noListOf: suite, because: "phpunit wrote no list", process)
        }
        let bound = PHPUnitBoundClasses(of: suite, using: tools)
        let units = PHPUnitListing(String(decoding: bytes, as: UTF8.self)).classes.map { found in
            TestUnit(
                suite: suite.name, selector: found.name, granularity: .class, tests: found.tests,
                constraints: TestUnit.Constraints(
                    bond: bound.contains(found.name) ? found.name : nil, labels: found.groups))
        }
        return SuiteInventory(units: granularity == .test ? units.flatMap(cut) : units)
    }

    package func split(
        _ unit: TestUnit, of suite: Suite, into granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit] {
        granularity == .test ? cut(unit) : [unit]
    }

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        let patterns = units.map { unit in
            CommandLineText.regexEscaped(unit.selector).replacing("/", with: "\\/")
                + (unit.granularity == .test ? Self.rows(of: unit.selector) : "::.*")
        }
        var reports: [ExpectedReport] = []
        var runs: [[String]] = []
        for (index, group) in ArgumentLimit.groups(of: patterns, limit: Self.filterLimit).enumerated() {
            let report = place.results.appending("phpunit-\(index).xml")
            reports.append(ExpectedReport(report, isRequired: false))
            runs.append([
                "--filter", "/^(?:\(group.joined(separator: "|")))$/sD", "--log-junit", report.string,
                "--log-teamcity", place.results.appending("teamcity-\(index).log").string,
            ])
        }
        // The paths come last: a start's own options would be read as further paths behind them.
        let command = RunnerCommand(suite, tool: profile.tool).arguments(["--colors=never", "--do-not-cache-result"])
        let successive = SuccessiveRuns(command: command, runs: runs.map { $0 + selection(of: suite) })
        return Invocation(successive.arguments, standardInput: successive.standardInput, reports: reports)
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        let name = CommandLineText.regexEscaped(test.selector).replacing("/", with: "\\/")
        let filter = "/^\(name)\(test.selector == test.container ? "::.*" : Self.rows(of: test.selector))$/"
        return RunnerCommand(suite, tool: profile.tool).arguments(["--filter", filter] + selection(of: suite))
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        // The report's `classname` has dots in place of the namespace's backslashes.
        let unit = batch.units.first { unit in
            let name = Self.className(of: unit)
            return name == test.className || name.replacing("\\", with: ".") == test.className
        }
        guard let unit else { return nil }
        let container = Self.className(of: unit)
        let selector = "\(container)::\(test.name)"
        let isAsked = batch.units.contains { unit in
            unit.granularity < .test
                ? unit.selector == container : selector == unit.selector || Self.isRow(selector, of: unit.selector)
        }
        return isAsked ? TestAddress(selector: selector, container: container) : nil
    }

    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        let words = RunnerWords.tail(of: ending.outputTail)
        let hasBegun = ending.outputTail.contains("by Sebastian Bergmann")
        switch exit {
        case .signaled: return .crashed(words)
        case .exited(0): return ending.reported == 0 ? .nothingCollected : .completed
        case .exited(126), .exited(127): return .misused(words)
        case .exited where ending.outputTail.contains("PHP Fatal error") && !hasBegun: return .collectionFailed(words)
        case .exited(let code) where code > 2: return .crashed(words)
        case .exited where ending.reported > 0: return .completed
        case .exited(1) where ending.outputTail.contains("No tests executed!"): return .nothingCollected
        case .exited(1): return .misused(words)
        case .exited: return .collectionFailed(words)
        }
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        // A directory that cannot be read holds no log.
        let names = (try? tools.files.entries(of: place.results))?.map(\.name) ?? []
        var progress = BatchProgress()
        for name in names where name.hasPrefix("teamcity-") {
            // A log that cannot be read tells nothing.
            guard let text = try? tools.files.text(of: place.results.appending(name)) else { continue }
            let log = TeamCityLog(text)
            progress.finished += log.finished
            progress.running += log.running.compactMap { address(of: $0, in: batch)?.selector }
        }
        return progress
    }

    private func cut(_ unit: TestUnit) -> [TestUnit] {
        unit.constraints.bond == nil ? unit.splitByKnownTests() : [unit]
    }

    private func selection(of suite: Suite) -> [String] {
        let groups = suite.selection.tags.isEmpty ? [] : ["--group", suite.selection.tags.joined(separator: ",")]
        return groups + suite.selection.paths
    }

    private static func className(of unit: TestUnit) -> String {
        unit.container.firstRange(of: "::").map { String(unit.container[..<$0.lowerBound]) } ?? unit.container
    }

    /// A method without its row stands for all of its rows.
    private static func rows(of selector: String) -> String {
        selector.contains(" with data set ") ? "" : "(?: with data set .*)?"
    }

    private static func isRow(_ selector: String, of method: String) -> Bool {
        selector.hasPrefix(method + " with data set ")
    }
}
