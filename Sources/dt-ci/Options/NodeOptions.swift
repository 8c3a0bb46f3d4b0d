import ArgumentParser
import CICore
import CIProviders
import Orchestrator
import SystemPackage

/// What makes all nodes of a run plan alike, and where a run goes on.
struct NodeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "With --node: end before the first test unless the plan's id begins so, as `dt-ci plan` printed it.",
            valueName: "id"))
    var planID: String?

    @Option(
        help: ArgumentHelp(
            "With --node: take the durations from the file that `dt-ci plan --freeze FILE` made, and from nowhere else.",
            valueName: "file"),
        completion: .file())
    var durations: String?

    @Option(
        help: ArgumentHelp(
            """
            With --node: go on where other nodes ended. The bundles in this directory, or sent to this place of artifacts, \
            keep their results; what has none is planned anew over this number of nodes.
            """, valueName: "bundles"),
        completion: .directory)
    var resume: String?

    func validate() throws {
        if let planID, planID.count < 8 || !planID.allSatisfy(\.isHexDigit) {
            throw ValidationError("--plan-id is \"\(planID)\"; expected at least 8 hexadecimal digits of a plan's id.")
        }
    }

    /// Throws `ConfigurationError` if the file is not there: planning without would give another plan.
    func freezeHistory(
        of loaded: inout LoadedConfiguration, isNode: Bool, in surroundings: Surroundings
    ) throws(ConfigurationError) {
        guard let durations else { return }
        guard isNode else { throw Self.lonely("durations") }
        let file = surroundings.workingDirectory.pushing(FilePath(durations)).lexicallyNormalized()
        guard surroundings.files.kind(of: file) == .file else {
            throw ConfigurationError([
                .init(
                    source: EnvironmentOptions.origin(of: "durations").description, problem: "\(durations) is no file",
                    expected: "the file of `dt-ci plan --freeze FILE`")
            ])
        }
        loaded.takeHistory(from: file)
    }

    /// Adds what they say to a node's assignment.
    ///
    /// Throws `ConfigurationError` for bundles that are not of this build.
    func complete(
        _ assignment: inout NodeAssignment?, with loaded: LoadedConfiguration, in surroundings: Surroundings
    ) async throws(ConfigurationError) {
        guard var node = assignment else {
            if let lonely = planID != nil ? "plan-id" : resume != nil ? "resume" : nil { throw Self.lonely(lonely) }
            return
        }
        node.fanOut = FanOutSettings(in: loaded.settings)
        node.expectedPlan = planID?.lowercased()
        if let resume {
            guard node.plan == nil else {
                throw ConfigurationError([
                    .init(
                        source: "--plan", problem: "is no plan of what --resume goes on with", expected: "one of them")
                ])
            }
            node.earlier = try await EarlierBundles(
                configuration: loaded.configuration, surroundings: surroundings, node: node
            ).read(from: resume)
        }
        assignment = node
    }

    private static func lonely(_ option: String) -> ConfigurationError {
        ConfigurationError([
            .init(
                source: EnvironmentOptions.origin(of: option).description, problem: "has no node to run",
                expected: "--node I/N beside it")
        ])
    }
}
