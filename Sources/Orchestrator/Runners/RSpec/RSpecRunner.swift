package import Artifacts
package import CICore
import SystemPackage

/// RSpec: spec files by glob, examples by a dry run, results from a formatter of ours that knows RSpec's own ids.
///
/// RspecJunitFormatter names no ids, and two examples of one file may have one name; RSpec's `json` says nothing before
/// the end.
package struct RSpecRunner: TestRunner {
    package let id: RunnerID = "rspec"
    package let profile = RunnerProfile(
        title: "RSpec", support: .live,
        tool: RunnerProfile.Tool(executable: "rspec", debianPackages: ["ruby-rspec"], hint: "gem install rspec"),
        finest: .test,
        costs: RunnerProfile.Costs(start: .milliseconds(250), unit: .milliseconds(500), test: .milliseconds(50)))
    private static let defaults = ["spec/**/*_spec.rb"]

    package init() {}

    package func proposals(in tree: SourceTree) -> [SuiteProposal] {
        let specs = tree.files.filter { $0.hasPrefix("spec/") && $0.hasSuffix("_spec.rb") }
        guard !specs.isEmpty else { return [] }
        let seen = tree.exists(".rspec") ? ".rspec and \(specs.count) files" : "\(specs.count) files"
        return [
            SuiteProposal(
                runner: id, command: bundled(tree),
                because: "found \(seen) in spec/ that end in _spec.rb")
        ]
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        try RunnerCommand(suite, tool: profile.tool).requireTool(using: tools)
        var inventory = GlobListing(suite, defaults: Self.defaults).inventory(using: tools)
        guard granularity == .test, !inventory.units.isEmpty else { return inventory }
        let units = try await filled(inventory.units, of: suite, using: tools)
        let empty = units.filter { $0.tests?.isEmpty ?? false }.map(\.selector)
        if !empty.isEmpty { inventory.notes.append("no examples in \(empty.joined(separator: ", "))") }
        inventory.units = units.flatMap(cut)
        return inventory
    }

    package func split(
        _ unit: TestUnit, of suite: Suite, into granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit] {
        guard granularity == .test, unit.granularity < .test else { return [unit] }
        return try await filled([unit], of: suite, using: tools).flatMap(cut)
    }

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        let events = EventReporting(in: place)
        let reporter = events.reporter("dtci_rspec.rb", source: RSpecReporter.source)
        let log = place.results.appending("formatter.log")
        let command = RunnerCommand(suite, tool: profile.tool).arguments(
            options(of: suite, reporter: reporter.path, log: log))
        let runs = SuccessiveRuns(
            command: command, runs: ArgumentLimit.groups(of: units.map { "./" + $0.selector }))
        return Invocation(
            runs.arguments, environment: events.environment, standardInput: runs.standardInput,
            sideFiles: [reporter], reports: [events.report])
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        RunnerCommand(suite, tool: profile.tool).arguments(["./" + test.selector])
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        guard let selector = test.eventSelector else { return nil }
        let file = Self.file(of: selector)
        guard batch.asksFor(selector, in: file) else { return nil }
        return TestAddress(selector: selector, container: file)
    }

    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        let words = RunnerWords.tail(of: ending.outputTail)
        switch exit {
        case .signaled: return .crashed(words)
        case .exited(0): return ending.reported == 0 ? .nothingCollected : .completed
        case .exited(126), .exited(127): return .misused(words)
        case .exited(let code) where code > 128: return .crashed(words)
        case .exited where ending.reported > 0: return .completed
        case .exited where ending.outputTail.contains("occurred outside of examples"):
            return .collectionFailed(words)
        case .exited where ending.outputTail.contains("Please use --help for a listing of valid options"):
            return .misused(words)
        case .exited: return .collectionFailed(words)
        }
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        EventReporting(in: place).progress(using: tools)
    }

    /// `spec/a_spec.rb[1:2]` → `spec/a_spec.rb`.
    static func file(of selector: String) -> String {
        guard selector.hasSuffix("]"), let bracket = selector.lastIndex(of: "[") else { return selector }
        return String(selector[..<bracket])
    }

    /// The units with the examples that a dry run finds in them.
    private func filled(
        _ units: [TestUnit], of suite: Suite, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit] {
        var examples: [String: [String]] = [:]
        for files in ArgumentLimit.groups(of: units.map { "./" + $0.selector }) {
            for id in try await exampleIDs(in: files, of: suite, using: tools) {
                examples[Self.file(of: id), default: []].append(id)
            }
        }
        return units.map { unit in
            var unit = unit
            unit.tests = examples[unit.selector] ?? []
            if hasContextHook(unit.selector, of: suite, using: tools) { unit.constraints.bond = unit.selector }
            return unit
        }
    }

    /// What a dry run tells our own formatter: RSpec's `json` gives up on names that are no UTF-8.
    private func exampleIDs(
        in files: [String], of suite: Suite, using tools: RunnerTools
    ) async throws(RunnerError) -> [String] {
        let events = tools.scratchFile("rspec.jsonl", of: suite, for: files)
        let reporter = tools.scratchFile("dtci_rspec.rb", of: suite, for: files)
        do {
            try tools.files.remove(events)
            try tools.files.write(Array(RSpecReporter.source.utf8), to: reporter)
            _ = try await RunnerCommand(suite, tool: profile.tool).capture(
                ["--dry-run"] + options(of: suite, reporter: reporter, log: tools.scratch.appending("rspec.log"))
                    + files,
                adding: [EventReporting.variable: events.string], using: tools)
            return TestEvent.events(in: try tools.files.contents(of: events, limit: 1 << 30))
                .filter { $0.kind == .finish }.map(\.id)
        } catch let error as RunnerError {
            throw error
        } catch {
            throw RunnerError(
                code: .listingFailed, suite: suite.name,
                description: "suite \(suite.name): cannot list the tests: \(error)")
        }
    }

    private func options(of suite: Suite, reporter: FilePath, log: FilePath) -> [String] {
        [
            "--require", reporter.string, "--format", "progress", "--format", "DTCI::RSpecEvents", "--out", log.string,
        ] + suite.selection.tags.flatMap { ["--tag", $0] }
    }

    private func cut(_ unit: TestUnit) -> [TestUnit] {
        if unit.tests?.isEmpty ?? false { return [] }
        return unit.constraints.bond == nil ? unit.splitByKnownTests() : [unit]
    }

    /// Whether the file has a fixture for several examples: those are not torn apart.
    private func hasContextHook(_ file: String, of suite: Suite, using tools: RunnerTools) -> Bool {
        // What cannot be read has been refused by the dry run already.
        guard let text = try? tools.files.text(of: suite.workingDirectory.appending(file)) else { return false }
        return ["before(:all)", "before(:context)", "before :all", "before :context", "before_all", "let_it_be"]
            .contains { text.contains($0) }
    }

    /// With a Gemfile that names RSpec it is the bundle's RSpec that counts.
    private func bundled(_ tree: SourceTree) -> Suite.Command {
        guard let gemfile = tree.text(of: "Gemfile"), gemfile.contains("rspec") else { return Suite.Command() }
        return Suite.Command(run: .arguments(["bundle", "exec", "rspec"]))
    }
}
