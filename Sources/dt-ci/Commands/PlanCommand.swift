import ArgumentParser
import CICore
import CIProviders
import Orchestrator
import SystemPackage

/// `dt-ci plan`: discovers and splits, and runs nothing.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Discover the tests and split them over slots and nodes, without running anything.",
        discussion: """
            With --output the plan becomes the jobs of a CI service, and is saved for them as .dt-ci/plan.json.

              dt-ci plan --nodes 4 --slots 2 --explain
              dt-ci plan --nodes auto --target 8m --output github-matrix --output-to service
            """,
        subcommands: [PlanSimulateCommand.self])

    @OptionGroup var settings: ConfigurationOptions

    @OptionGroup(title: "A part of the tests") var part: ChoiceOptions

    @OptionGroup(title: "Nodes") var fanOut: FanOutOptions

    @Option(
        help: "Plan the tests of this JSON map from test to seconds, such as pytest-split's .test_durations.",
        completion: .file(extensions: ["json"]))
    var timings: String?

    @Option(help: "What each batch of --timings costs besides its tests, such as 300ms.")
    var startCost: String?

    @Flag(help: "Say in words and numbers why the plan is as it is.")
    var explain = false

    @Option(
        help: ArgumentHelp(
            "Print which tests wait for which and nothing else: text, dot (for Graphviz) or svg.", valueName: "format"))
    var graph: GraphFormat?

    @Flag(help: "Print JSON (dt-ci/plan/v1, of a simulation dt-ci/simulation/v1).")
    var json = false

    @Option(
        help: "Save the plan to this file, for the nodes of `dt-ci run --node I/N --plan FILE`.",
        completion: .file(extensions: ["json"]))
    var save: String?

    @Option(
        help: ArgumentHelp(
            "Copy the history to this file, for the nodes of `dt-ci run --node I/N --durations FILE`: all plan alike.",
            valueName: "file"),
        completion: .file())
    var freeze: String?

    @Flag(name: .shortAndLong, help: "Print nothing but what was asked for with --json.")
    var quiet = false

    func validate() throws {
        if let target = fanOut.target, DurationText.parse(target) == nil {
            throw ValidationError("--target is \"\(target)\"; expected a duration such as 8m.")
        }
        if let startCost, DurationText.parse(startCost) == nil {
            throw ValidationError("--start-cost is \"\(startCost)\"; expected a duration such as 300ms.")
        }
        guard startCost == nil || timings != nil else {
            throw ValidationError("--start-cost is for --timings; a suite's own is learnt from its runs.")
        }
        guard graph == nil || !json else { throw ValidationError("--graph and --json both print a document.") }
        guard freeze == nil || timings == nil else {
            throw ValidationError("--freeze is for the durations of suites; --timings has its own.")
        }
        guard timings == nil || part.isEmpty else {
            throw ValidationError("--only is for the tests of suites; --timings plans all that its file names.")
        }
    }

    func run() async throws {
        let surroundings = Surroundings.live
        if let timings {
            let session = try session(FanOutSettings(startCost: .zero), in: surroundings)
            let basis = try await session.timings(timings, slots: settings.run.slots, start: startCost)
            return try deliver(basis, of: session, assumptions: [])
        }
        let loaded = try settings.load(in: surroundings)
        let configuration = loaded.configuration
        var choice: TestChoice?
        switch try part.choice(in: configuration, files: surroundings.files) {
        case .everything: break
        case .part(let part): choice = part
        case .nothing(let sentence):
            let stream: FileDescriptor = isDocument ? .standardError : .standardOutput
            if !quiet { stream.say(sentence + "\n") }
            return
        }
        let session = try session(FanOutSettings(in: loaded.settings), in: surroundings)
        if let freeze { try session.freezeHistory(of: configuration, to: freeze) }
        try deliver(
            await session.discover(configuration, choice: choice), of: session,
            assumptions: configuration.assumptions, deadline: configuration.run.limits.deadline)
    }

    private var isDocument: Bool { json || fanOut.output != nil }

    private func session(_ settings: FanOutSettings, in surroundings: Surroundings) throws -> PlanSession {
        PlanSession(
            surroundings: surroundings, count: try fanOut.count,
            target: fanOut.target.flatMap(DurationText.parse),
            mostNodes: [fanOut.form?.mostNodes, fanOut.maxNodes].compactMap(\.self).min(), fanOut: settings)
    }

    private func deliver(
        _ basis: PlanSession.Basis, of session: PlanSession, assumptions: [String], deadline: Duration? = nil
    ) throws {
        if let graph {
            let notes = (assumptions + basis.run.notes).map { "note: \(SafeText.line($0))\n" }
            if !quiet { FileDescriptor.standardError.say(notes.joined()) }
            return try FileDescriptor.standardOutput.sayAll(PlanGraph(of: basis.run.request).bytes(as: graph))
        }
        try PlanOutcome(
            wish: .init(
                isJSON: json || fanOut.isJSON, isQuiet: quiet, explains: explain, save: save, form: fanOut.form,
                place: fanOut.outputTo, include: fanOut.outputInclude, deadline: deadline),
            fleet: basis.fleet, settings: session.fanOut, surroundings: session.surroundings
        ).deliver(basis.run, decision: basis.decision, assumptions: assumptions)
    }
}
