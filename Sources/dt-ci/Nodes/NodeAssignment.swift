import Artifacts
import CICore
import CIProviders
import Orchestrator
import SystemPackage

/// That this process runs one node's share of a run: which, of which plan, and of which build.
struct NodeAssignment: Sendable {
    let position: NodePosition
    /// `nil` = every node makes the same plan for itself.
    let plan: GivenPlan?
    /// The place that the bundle is sent to; `nil` = it is only left here.
    let destination: String?
    let context: BuildContext
    /// What other nodes of the run have results of; `nil` = the run begins.
    var earlier: EarlierWork?
    /// What the plan's id must begin with.
    var expectedPlan: String?
    /// What machines the configuration knows.
    var fanOut = FanOutSettings()

    /// What `--node`, `--plan` and `--bundle-to` say; `nil` without `--node`.
    ///
    /// Throws `ConfigurationError` for a node that cannot be, or that this build does not know.
    static func read(
        node: String?, plan file: String?, destination: String?, in surroundings: Surroundings
    ) async throws -> NodeAssignment? {
        guard let node else {
            if let lonely = file != nil ? "plan" : destination != nil ? "bundle-to" : nil {
                throw ConfigurationError([
                    .init(
                        source: EnvironmentOptions.origin(of: lonely).description, problem: "has no node to run",
                        expected: "--node I/N beside it")
                ])
            }
            return nil
        }
        // A place that cannot be must not show when all tests are over.
        if let destination { _ = try PlaceName(destination, in: surroundings) }
        let context = await Detector(
            environment: surroundings.environment, files: surroundings.files, processes: LocalProcesses(),
            workingDirectory: surroundings.workingDirectory
        ).detect().context
        let source = EnvironmentOptions.origin(of: "node").description
        let position =
            node == "auto" ? try automatic(in: context, source: source) : try NodePosition(node, source: source)
        let plan = try file.map {
            try GivenPlan(surroundings.workingDirectory.pushing(FilePath($0)), named: $0, files: surroundings.files)
        }
        return NodeAssignment(position: position, plan: plan, destination: destination, context: context)
    }

    private static func automatic(in context: BuildContext, source: String) throws -> NodePosition {
        let node = context.execution.node
        if let index = node.index, let total = node.total, let position = NodePosition(index: index, total: total) {
            return position
        }
        let service = CIServices.named(context.service)
        throw ConfigurationError([
            .init(
                source: source,
                problem: "\(service?.title ?? "this machine") does not say which of how many nodes this is",
                expected: service?.node.advice ?? "--node INDEX/TOTAL counted from 0, such as 0/4")
        ])
    }

    /// The machines of the run, as every node knows them.
    func shapes(like shape: NodeShape) -> [NodeShape] {
        NodeFleet(fanOut, standard: shape).shapes(position.total)
    }

    /// Throws `ConfigurationError` if the plan is not the one that all nodes are to have.
    func check(_ plan: Plan) throws(ConfigurationError) {
        guard let expectedPlan, !plan.id.hasPrefix(expectedPlan) else { return }
        throw ConfigurationError([
            .init(
                source: EnvironmentOptions.origin(of: "plan-id").description,
                problem:
                    "this node comes to the plan \(plan.id.prefix(12)), and \(expectedPlan.prefix(12)) was expected",
                expected: "the same commit, configuration, durations and kind of machine, or --plan FILE")
        ])
    }

    /// Which run of which code the bundle is of.
    var origin: BundleManifest.Origin {
        let run = context.execution.run
        return BundleManifest.Origin(
            service: context.service, run: context.sharedRunID, attempt: run.attempt, job: context.execution.job.name,
            commit: context.source.commit)
    }

    /// Equal on every node of the run, for what would be drawn by each otherwise.
    var seed: UInt64 {
        let origin = origin
        return StableHash.of("\(origin.run ?? "")/\(origin.commit ?? "")")
    }
}

extension BuildContext {
    /// The run's id where all jobs of the run have the same.
    var sharedRunID: String? {
        CIServices.named(service)?.node.jobsShareRun == false ? nil : execution.run.id
    }
}
