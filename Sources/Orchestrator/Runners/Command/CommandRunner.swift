package import Artifacts
package import CICore
import SystemPackage

/// Any command of the user's: units come from its `list` command or from globs, results from a report that the
/// command leaves, or from its exit code alone.
package struct CommandRunner: TestRunner {
    package init() {}

    package var id: RunnerID { "command" }

    package var profile: RunnerProfile {
        RunnerProfile(
            title: "any command", support: .live, tool: .init(executable: "/bin/sh", debianPackages: []),
            finest: .file, costs: .init(start: .milliseconds(50), unit: .seconds(1), test: .milliseconds(100)))
    }

    /// What a command of the user's makes of further words nobody knows: it is looked up and not started.
    package func question(about suite: Suite) -> ToolQuestion? {
        let program: String? = if case .arguments(let words) = suite.command.run { words.first } else { nil }
        return ToolQuestion(program: program)
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        guard let run = suite.command.run else {
            throw RunnerError(
                code: .badConfiguration, suite: suite.name,
                description: "suite \(suite.name): the runner `command` needs `command:`, the line that runs the tests")
        }
        // A placeholder in a wrong place is told before anything runs.
        _ = try CommandTemplate(run, of: suite.name)
        try requireProgram(of: run, suite, using: tools)
        if let list = suite.command.list { return try await discover(suite, by: list, using: tools) }
        guard Self.isWhole(suite) else { return GlobListing(suite, defaults: ["**"]).inventory(using: tools) }
        return SuiteInventory(
            units: [TestUnit(suite: suite.name, selector: suite.name.rawValue, granularity: .file)])
    }

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        guard let run = suite.command.run else {
            throw RunnerError(
                code: .badConfiguration, suite: suite.name, description: "suite \(suite.name): no command to run")
        }
        let template = try CommandTemplate(run, of: suite.name)
        return template.invocation(for: Self.isWhole(suite) ? [] : units.map(\.selector), in: place)
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        guard let unit = unit(of: test, in: batch) else { return nil }
        let name = test.className.isEmpty ? test.name : "\(test.className).\(test.name)"
        // Without a report, and in reports with one case for each unit, the case is the unit.
        let isUnit = test.name == unit.selector || name == unit.selector
        return TestAddress(
            selector: unit.selector, container: unit.container,
            identifier: isUnit ? nil : "\(unit.selector)::\(name)")
    }

    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        if let number = exit.crashSignal { return .crashed("the command was ended by signal \(number)") }
        guard exit == .exited(126) || exit == .exited(127) else { return .completed }
        return .misused("the command could not be started:\n\(RunnerWords.tail(of: ending.outputTail))")
    }

    /// Whether the suite is one single unit: nothing says what it consists of.
    private static func isWhole(_ suite: Suite) -> Bool {
        suite.command.list == nil && suite.selection.paths.isEmpty && suite.selection.include.isEmpty
    }

    /// By the container of the report, the case's name, its file, or because there is but one unit.
    private func unit(of test: ReportedTest, in batch: BatchScope) -> TestUnit? {
        let names = [test.expectedContainer, test.name, test.location?.file, test.className].compactMap(\.self)
        for name in names {
            if let unit = batch.units.first(where: { $0.selector == name }) { return unit }
        }
        if batch.units.count == 1 { return batch.units.first }
        guard let file = test.location?.file else { return nil }
        return batch.units.first { file.hasSuffix("/" + $0.selector) || $0.selector.hasSuffix("/" + file) }
    }

    /// Runs the suite's `list` command and makes a unit of each line.
    private func discover(
        _ suite: Suite, by list: Suite.Command.Line, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        var listing = suite
        listing.command.run = list
        let process = try await RunnerCommand(listing, tool: profile.tool).capture([], using: tools)
        var seen: Set<String> = []
        var inventory = SuiteInventory(units: [])
        let exclude = suite.selection.exclude.map(Glob.init)
        for line in process.text.split(whereSeparator: \.isNewline) {
            let selector = String(line)
            guard !line.allSatisfy(\.isWhitespace), seen.insert(selector).inserted,
                !exclude.contains(where: { $0.matches(selector) })
            else { continue }
            // What the user's own list names must have a result, so the unit counts as a test of its own.
            inventory.units.append(
                TestUnit(suite: suite.name, selector: selector, granularity: .file, tests: [selector]))
        }
        if inventory.units.isEmpty { inventory.notes.append("the list command printed no units") }
        return inventory
    }

    private func requireProgram(
        of line: Suite.Command.Line, _ suite: Suite, using tools: RunnerTools
    ) throws(RunnerError) {
        guard case .arguments = line else { return }
        try RunnerCommand(suite, tool: profile.tool).requireTool(using: tools)
    }
}
