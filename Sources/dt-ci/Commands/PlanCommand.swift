import ArgumentParser
import CICore
import Orchestrator
import SystemPackage

/// `dt-ci plan`: discovers and splits, and runs nothing.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Discover the tests and split them over slots and nodes, without running anything.",
        discussion: "Example: dt-ci plan --nodes 4 --slots 2 --explain",
        subcommands: [PlanSimulateCommand.self])

    @OptionGroup var settings: ConfigurationOptions

    @OptionGroup(title: "A part of the tests") var part: ChoiceOptions

    @Option(help: "Machines to split over, each with --slots slots.")
    var nodes = 1

    @Option(
        help: "Plan the tests of this JSON map from test to seconds, such as pytest-split's .test_durations.",
        completion: .file(extensions: ["json"]))
    var timings: String?

    @Option(help: "What each batch of --timings costs besides its tests, such as 300ms.")
    var startCost: String?

    @Flag(help: "Say in words and numbers why the plan is as it is.")
    var explain = false

    @Flag(help: "Print JSON (dt-ci/plan/v1).")
    var json = false

    @Option(
        help: "Save the plan to this file, for the nodes of `dt-ci run --node I/N --plan FILE`.",
        completion: .file(extensions: ["json"]))
    var save: String?

    @Flag(name: .shortAndLong, help: "Print nothing but what was asked for with --json.")
    var quiet = false

    func validate() throws {
        guard (1...100_000).contains(nodes) else { throw ValidationError("--nodes is \(nodes); expected 1 or more.") }
        if let startCost, DurationText.parse(startCost) == nil {
            throw ValidationError("--start-cost is \"\(startCost)\"; expected a duration such as 300ms.")
        }
        guard startCost == nil || timings != nil else {
            throw ValidationError("--start-cost is for --timings; a suite's own is learnt from its runs.")
        }
        guard timings == nil || part.isEmpty else {
            throw ValidationError("--only is for the tests of suites; --timings plans all that its file names.")
        }
    }

    func run() async throws {
        let surroundings = Surroundings.live
        let session = PlanSession(surroundings: surroundings, nodes: nodes)
        if let timings {
            return try write(
                planOf: session.timings(timings, slots: settings.run.slots, start: startCost), assumptions: [])
        }
        let configuration = try settings.load(in: surroundings).configuration
        var choice: TestChoice?
        switch try part.choice(in: configuration, files: surroundings.files) {
        case .everything: break
        case .part(let part): choice = part
        case .nothing(let sentence):
            let stream: FileDescriptor = json ? .standardError : .standardOutput
            if !quiet { stream.say(sentence + "\n") }
            return
        }
        try write(
            planOf: await session.discover(configuration, choice: choice), assumptions: configuration.assumptions)
    }

    private func write(planOf basis: PreparedRun, assumptions: [String]) throws {
        let clock = ContinuousClock()
        let began = clock.now
        let run = basis.planned()
        let planning = clock.now - began
        if json || save != nil {
            let document = PlanDocument(run)
            var writer = JSONWriter(capacity: 64 << 10)
            PlanV1.write(run.plan, details: document.details, planning: planning, to: &writer)
            writer.endLine()
            let bytes = writer.drain()
            if let save {
                let surroundings = Surroundings.live
                let file = surroundings.workingDirectory.pushing(FilePath(save))
                try surroundings.files.createDirectory(file.removingLastComponent())
                try surroundings.files.write(bytes, to: file)
            }
            if json { try FileDescriptor.standardOutput.sayAll(bytes) }
        }
        let notes = assumptions + run.notes + PlanSession.remarks(on: run.basis)
        if !quiet, json { FileDescriptor.standardError.say(Self.text(of: notes.map { "note: \(SafeText.line($0))" })) }
        let beyond = UnsatisfiablePlan(of: run.plan)
        guard !json, !quiet else {
            if let beyond { throw beyond }
            return
        }
        var lines = notes.map { "note: \(SafeText.line($0))" } + PlanTable(of: run.plan).lines()
        if explain {
            lines += [""] + PlanExplanation(of: run).lines() + ["planning took \(DurationText.short(planning))"]
        }
        FileDescriptor.standardOutput.say(Self.text(of: lines))
        guard let beyond else { return }
        FileDescriptor.standardError.say("error: \(beyond.headline)\n")
        throw Finish(.usage)
    }

    private static func text(of lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }
}

extension FileDescriptor {
    /// Writes a document; a reader that stops early, as `head` does, is no error.
    fileprivate func sayAll(_ bytes: [UInt8]) throws {
        do {
            _ = try writeAll(bytes)
        } catch Errno.brokenPipe {
            return
        }
    }
}
