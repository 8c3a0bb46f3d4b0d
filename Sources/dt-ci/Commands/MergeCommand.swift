import ArgumentParser
import CICore
import Orchestrator
import SystemPackage

/// `dt-ci merge`: the bundles of a run's nodes as one verdict.
struct MergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Join the bundles of a run that was split over several jobs to one verdict.",
        discussion: """
            Every job of `dt-ci run --node I/N` leaves a bundle in .dt-ci/bundles/. Bundles are found at any depth, in any \
            order; a test of a node without a bundle is lost by name (exit code 4). Results are left in .dt-ci/, and \
            published and remembered as those of one run.

              dt-ci merge
              dt-ci merge downloaded-artifacts --strict
              dt-ci merge --bundles-from s3://ci/$PIPELINE_ID
            """)

    @Argument(help: "Directories with bundles; none = .dt-ci/bundles.", completion: .directory)
    var directories: [String] = []

    @Option(
        help: ArgumentHelp(
            "Fetch the bundles that `dt-ci run --node I/N --bundle-to` has sent there.", valueName: "place"))
    var bundlesFrom: String?

    @Option(help: "Read this file instead of dt-ci.yml.", completion: .file(extensions: ["yml", "yaml"]))
    var config: String?

    @Option(
        help: """
            How many nodes there are: none of them can be left out then, not even where no bundle knows of it.
            """)
    var expect: Int?

    @Flag(inversion: .prefixedNo, help: "Whether a run whose only failures are flaky fails, with exit code 6.")
    var failOnFlaky: Bool?

    @OptionGroup(title: "Reports to the CI service and the forge") var publish: PublishOptions

    @OptionGroup(title: "Files and stores") var storage: StorageOptions

    @Flag(help: "Print the merged results as JSON (dt-ci/results/v1).")
    var json = false

    @Flag(name: .shortAndLong, help: "Only the summary of a run that did not pass.")
    var quiet = false

    func validate() throws {
        if let expect, !(1...NodePosition.mostNodes).contains(expect) {
            throw ValidationError("--expect is \(expect); expected the number of nodes.")
        }
    }

    func run() async throws {
        let surroundings = Surroundings.live
        if let bundlesFrom { _ = try PlaceName(bundlesFrom, in: surroundings) }
        let session = MergeSession(
            configuration: try configuration(in: surroundings), surroundings: surroundings,
            places: directories.map { surroundings.workingDirectory.pushing(FilePath($0)) }, origin: bundlesFrom,
            expected: expect,
            display: .init(isJSON: json, isQuiet: quiet))
        throw Finish(try await session.run())
    }

    /// The file's settings with the options laid over; suites don't matter here.
    private func configuration(in surroundings: Surroundings) throws -> Configuration {
        let location = try ConfigurationLocation(named: config, in: surroundings)
        let loader = ConfigurationLoader(in: surroundings)
        let flaky = failOnFlaky.map {
            Override(.run, "fail-on-flaky", String($0), origin: EnvironmentOptions.origin(of: "fail-on-flaky"))
        }
        return try loader.load(
            location, overrides: publish.overrides + storage.overrides + [flaky].compactMap(\.self)
        ).configuration
    }
}
