import CICore

/// A CI service as a job sees it.
package struct SimulatedService: Sendable {
    /// As in the `context` format.
    package let id: String
    /// As its makers write it.
    package let title: String
    /// Ids of the forges whose code it builds; the first where nobody says.
    package let forges: [String]
    package let events: [Scenario.Event]
    package let dialect: LogDialect
    private let script: @Sendable (Scenario, SimulatedForge, JobPlace) -> SimulatedJob

    init(
        id: String, title: String, forges: [String], events: [Scenario.Event], dialect: LogDialect,
        script: @escaping @Sendable (Scenario, SimulatedForge, JobPlace) -> SimulatedJob
    ) {
        self.id = id
        self.title = title
        self.forges = forges
        self.events = events
        self.dialect = dialect
        self.script = script
    }

    /// Every service there is; one exists by being listed here.
    package static let all: [SimulatedService] = [
        .gitHubActions, .gitLabCI, .jenkins, .azurePipelines, .circleCI, .bitbucketPipelines, .teamCity, .travisCI,
    ]

    /// What a job of the scenario finds, API addresses and tokens being the simulation's.
    package func job(_ scenario: Scenario, in place: JobPlace) -> SimulatedJob {
        guard let forge = SimulatedForge.named(scenario.forge) else {
            return SimulatedJob(environment: [:], context: .init(service: id))
        }
        var job = script(scenario, forge, place)
        var own = scenario.event == .fork ? [:] : [forge.tokenVariable: scenario.tokens.forge]
        if forge.addressVariable.flatMap({ job.environment[$0] }) == nil {
            own["DTCI_FORGE_API_URL"] = place.base(of: forge.api) + forge.root
        }
        // What the service itself says of a forge stands.
        job.environment.merge(own) { said, _ in said }
        job.environment["CI"] = job.environment["CI"] ?? "true"
        return job
    }

    /// The caller's environment without what belongs to any CI service or to dt-ci, with the job's laid over it.
    package static func environment(of job: SimulatedJob, over caller: [String: String]) -> [String: String] {
        caller.filter { !isOfService($0.key) }.merging(job.environment) { $1 }
    }

    private static func isOfService(_ name: String) -> Bool {
        prefixes.contains { name.hasPrefix($0) } || names.contains(name)
    }

    private static let prefixes = [
        "GITHUB_", "ACTIONS_", "RUNNER_", "GITEA_", "FORGEJO_", "GITLAB_", "CI_", "BUILD_", "SYSTEM_", "AGENT_", "TF_",
        "CIRCLE_", "CIRCLECI", "BITBUCKET_", "TEAMCITY_", "TRAVIS", "JENKINS_", "HUDSON_", "CHANGE_", "GIT_COMMIT",
        "GIT_URL", "GIT_BRANCH", "GIT_LOCAL_BRANCH", "GIT_PREVIOUS_", "ghprb", "gitlab", "BUILDKITE", "SEMAPHORE",
        "SLURM_", "JOB_", "STAGE_", "DTCI_FORGE", "DTCI_SERVICE", "DTCI_BUILD_",
        "DTCI_NODE_",
    ]

    private static let names: Set<String> = [
        "CI", "CONTINUOUS_INTEGRATION", "ACT", "BRANCH_NAME", "BRANCH_IS_PRIMARY", "TAG_NAME", "NODE_NAME",
        "EXECUTOR_NUMBER", "WORKSPACE", "GH_TOKEN", "DTCI_SAMPLE",
    ]
}

extension Scenario {
    /// The slug of the repository that the change comes from.
    var sourceSlug: String { [.fork, .workflowRun].contains(event) ? repository.forkSlug : repository.slug }

    /// The branch that a push, schedule or pull request is about; the merge queue's own and tags have none.
    var builtBranch: String? {
        switch event {
        case .push, .pullRequest, .fork, .workflowRun: source.branch
        case .schedule: repository.defaultBranch
        case .tag, .mergeQueue: nil
        }
    }
}
