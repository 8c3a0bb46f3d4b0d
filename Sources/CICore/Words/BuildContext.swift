/// The facts of this build, as the CI service, the forge and git tell them.
package struct BuildContext: Sendable, Hashable {
    /// The service's id, such as `github-actions`; `local` outside every CI service.
    package var service: String
    /// The name of a tool that only pretends to be the service, such as `act`.
    package var simulator: String?
    package var source: Source
    package var pullRequest: PullRequest?
    package var repository: Repository
    package var execution: Execution
    package var actor: String?

    package init(
        service: String, simulator: String? = nil, source: Source = Source(), pullRequest: PullRequest? = nil,
        repository: Repository = Repository(), execution: Execution = Execution(), actor: String? = nil
    ) {
        self.service = service
        self.simulator = simulator
        self.source = source
        self.pullRequest = pullRequest
        self.repository = repository
        self.execution = execution
        self.actor = actor
    }

    /// What is being built.
    package struct Source: Sendable, Hashable {
        /// The head commit: what the author pushed, never the service's test merge.
        package var commit: String?
        /// The test merge of head and target, where the service checked that out.
        package var mergeCommit: String?
        package var branch: String?
        package var tag: String?

        package init(commit: String? = nil, mergeCommit: String? = nil, branch: String? = nil, tag: String? = nil) {
            self.commit = commit
            self.mergeCommit = mergeCommit
            self.branch = branch
            self.tag = tag
        }
    }

    /// The pull or merge request being built.
    package struct PullRequest: Sendable, Hashable {
        package var number: Int
        package var target: String?
        /// `nil` where the service doesn't tell.
        package var isFork: Bool?

        package init(number: Int, target: String? = nil, isFork: Bool? = nil) {
            self.number = number
            self.target = target
            self.isFork = isFork
        }
    }

    /// Where the code lives.
    package struct Repository: Sendable, Hashable {
        /// `owner/name`, with every group on GitLab.
        package var slug: String?
        /// The forge's id, such as `github`.
        package var forge: String?
        package var host: String?
        /// `nil` where the service doesn't tell.
        package var defaultBranch: String?

        package init(
            slug: String? = nil, forge: String? = nil, host: String? = nil, defaultBranch: String? = nil
        ) {
            self.slug = slug
            self.forge = forge
            self.host = host
            self.defaultBranch = defaultBranch
        }
    }

    /// Which execution of the pipeline this is, and which of its machines.
    package struct Execution: Sendable, Hashable {
        package var run: Run
        package var job: Job
        package var node: Node

        package init(run: Run = Run(), job: Job = Job(), node: Node = Node()) {
            self.run = run
            self.job = job
            self.node = node
        }
    }

    /// The pipeline run.
    package struct Run: Sendable, Hashable {
        package var id: String?
        /// 1-based.
        package var attempt: Int?
        package var number: String?
        package var url: String?

        package init(id: String? = nil, attempt: Int? = nil, number: String? = nil, url: String? = nil) {
            self.id = id
            self.attempt = attempt
            self.number = number
            self.url = url
        }
    }

    /// The job within the run.
    package struct Job: Sendable, Hashable {
        package var id: String?
        package var name: String?
        package var url: String?

        package init(id: String? = nil, name: String? = nil, url: String? = nil) {
            self.id = id
            self.name = name
            self.url = url
        }
    }

    /// This machine among those of the job.
    package struct Node: Sendable, Hashable {
        /// 0-based.
        package var index: Int?
        package var total: Int?

        package init(index: Int? = nil, total: Int? = nil) {
            self.index = index
            self.total = total
        }
    }
}
