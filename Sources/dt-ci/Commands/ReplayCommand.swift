import ArgumentParser
import CICore
import Orchestrator
import SystemPackage

/// `dt-ci replay`: what a node ran, once more.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Run exactly what a node ran: the same batches in the same order, slots and environment.",
        discussion: """
            The bundle of `dt-ci run --node I/N` holds what its node ran. Outcomes are compared with those of then: the exit \
            code is 0 if all tests came out as they did, and 1 if any did not. Secret variables are those of now; logs are \
            left in .dt-ci/replay/.

            Example: dt-ci replay downloaded/node-2-of-8
            """)

    @Argument(help: "The directory of the bundle.", completion: .directory)
    var bundle: String

    @Flag(help: "Also where another commit is checked out than the node had.")
    var anyCommit = false

    @Option(help: "Which batches' output is shown while they run: all or none; it is kept on disk either way.")
    var output = OutputPolicy.none

    @Option(help: "Read this file instead of dt-ci.yml.", completion: .file(extensions: ["yml", "yaml"]))
    var config: String?

    @OptionGroup(title: "Files and stores") var storage: StorageOptions

    @Flag(name: .shortAndLong, help: "Only what differs.")
    var quiet = false

    func run() async throws {
        let surroundings = Surroundings.live
        let location = try ConfigurationLocation(named: config, in: surroundings)
        let configuration = try ConfigurationLoader(in: surroundings)
            .load(location, overrides: storage.overrides).configuration
        let session = ReplaySession(
            configuration: configuration, surroundings: surroundings,
            display: .init(output: output, isQuiet: quiet), toleratesCommit: anyCommit)
        throw Finish(try await session.run(surroundings.workingDirectory.pushing(FilePath(bundle))))
    }
}
