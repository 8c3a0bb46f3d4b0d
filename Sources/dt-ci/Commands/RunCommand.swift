import ArgumentParser
import CICore
import Orchestrator
import SystemPackage

/// `dt-ci run`: the main job.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Discover, plan and run the tests, collect the results and give a verdict.",
        discussion: """
            Without dt-ci.yml the suites are found in the tree. Results are left in .dt-ci/: junit.xml, results.json, \
            and the whole output of every batch.

            Example: dt-ci run --slots 4 --retries 2 --fail-fast 10
            """)

    @OptionGroup var settings: ConfigurationOptions

    @OptionGroup(title: "A part of the tests") var part: ChoiceOptions

    @Option(help: "Which batches' output is shown: failures, all or none; it is kept on disk either way.")
    var output = OutputPolicy.failures

    @Option(help: "Write what happens as JSON lines to this file.", completion: .file())
    var events: String?

    @Option(
        help: ArgumentHelp(
            """
            Run the share of one of several nodes, counted from 0, such as 0/4 to 3/4, and leave a bundle for `dt-ci merge`; \
            auto asks the CI service.
            """,
            valueName: "i/n"))
    var node: String?

    @Option(
        help:
            "With --node: the plan that `dt-ci plan --nodes N --save FILE` made; without it every node makes the same.",
        completion: .file(extensions: ["json"]))
    var plan: String?

    @Option(
        help: ArgumentHelp(
            """
            With --node: also send the bundle to this place of artifacts, for `dt-ci merge --bundles-from`: \
            s3://BUCKET/PREFIX, a directory, or a service's or forge's place by its name. Runs must not share a place.
            """,
            valueName: "place"))
    var bundleTo: String?

    @OptionGroup(title: "One of several nodes") var parts: NodeOptions

    @Flag(help: "Show what would be run, and run nothing.")
    var dryRun = false

    @Flag(name: .shortAndLong, help: "No progress; only the summary of a run that did not pass.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say what was assumed, where durations come from and what was learnt.")
    var verbose = false

    func run() async throws {
        let surroundings = Surroundings.live
        var loaded = try settings.load(in: surroundings)
        try parts.freezeHistory(of: &loaded, isNode: node != nil, in: surroundings)
        let choice: TestChoice?
        switch try part.choice(in: loaded.configuration, files: surroundings.files) {
        case .everything: choice = nil
        case .part(let part): choice = part
        case .nothing(let sentence):
            if !quiet { FileDescriptor.standardOutput.say(sentence + "\n") }
            return
        }
        var assignment = try await NodeAssignment.read(
            node: node, plan: plan, destination: bundleTo, in: surroundings)
        try await parts.complete(&assignment, with: loaded, in: surroundings)
        let session = RunSession(
            configuration: loaded.configuration, choice: choice, node: assignment,
            machine: await surroundings.hardware(loaded.configuration.hardware), surroundings: surroundings,
            display: RunSession.Display(
                output: output, isQuiet: quiet, isVerbose: verbose, events: events, again: again))
        let code = dryRun ? try await session.show() : try await session.run()
        throw Finish(code)
    }

    /// The command for the same configuration and results.
    private var again: [String] {
        let places = [("--config", settings.config), ("--results", settings.storage.results)]
        return ["dt-ci", "run"] + places.flatMap { option, value in value.map { [option, $0] } ?? [] }
    }
}

/// A command's end with an exit code of the documented table and nothing more to say.
struct Finish: Error {
    let code: CICore.ExitCode

    init(_ code: CICore.ExitCode) { self.code = code }
}
