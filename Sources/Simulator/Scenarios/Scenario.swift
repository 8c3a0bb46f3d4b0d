/// What a simulated build is: the facts that its environment, its APIs and its page agree on.
package struct Scenario: Sendable, Hashable {
    /// The CI service's id.
    package var service: String
    /// The forge's id.
    package var forge: String
    package var event: Event
    package var repository: Repository
    package var source: Source
    package var build: Build
    package var tokens: Tokens

    package init(
        service: String, forge: String, event: Event, repository: Repository = Repository(),
        source: Source = Source(), build: Build = Build(), tokens: Tokens = Tokens()
    ) {
        self.service = service
        self.forge = forge
        self.event = event
        self.repository = repository
        self.source = source
        self.build = build
        self.tokens = tokens
    }

    /// What set the build off.
    package enum Event: String, Sendable, Hashable, CaseIterable {
        case push
        case pullRequest = "pull_request"
        /// A pull request out of somebody else's copy of the repository.
        case fork
        case tag
        case schedule
        case mergeQueue = "merge_queue"
        /// After the tests of a fork's pull request, in the base repository: where their results are posted.
        case workflowRun = "workflow_run"

        package var hasPullRequest: Bool { self == .pullRequest || self == .fork }
    }

    /// Where the code lives.
    package struct Repository: Sendable, Hashable {
        package var owner: String
        package var name: String
        /// The number that APIs know it by.
        package var id: Int
        /// `owner/name` of the copy that a fork's pull request comes from.
        package var forkSlug: String
        /// The branch that pull requests go to.
        package var defaultBranch: String

        package init(
            owner: String = "octo", name: String = "widgets", id: Int = 4711, forkSlug: String = "mona/widgets",
            defaultBranch: String = "main"
        ) {
            self.owner = owner
            self.name = name
            self.id = id
            self.forkSlug = forkSlug
            self.defaultBranch = defaultBranch
        }

        /// `owner/name`.
        package var slug: String { "\(owner)/\(name)" }
    }

    /// What is built.
    package struct Source: Sendable, Hashable {
        /// What the author pushed.
        package var head: String
        /// The test merge of head and target.
        package var merge: String
        /// The target's tip.
        package var base: String
        /// The branch with the change; the default branch for schedules.
        package var branch: String
        package var tag: String
        package var pullRequest: Int

        package init(
            head: String = "3f9d2c1b7a6e5048d1c2b3a4958677605f4e3d2c",
            merge: String = "9a8b7c6d5e4f30211203f4e5d6c7b8a990817263",
            base: String = "1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f70819203", branch: String = "faster-widgets",
            tag: String = "v1.4.0", pullRequest: Int = 12
        ) {
            self.head = head
            self.merge = merge
            self.base = base
            self.branch = branch
            self.tag = tag
            self.pullRequest = pullRequest
        }
    }

    /// Which run of the pipeline this is, and which of its machines.
    package struct Build: Sendable, Hashable {
        package var runID: Int
        package var runNumber: Int
        /// 1-based.
        package var attempt: Int
        package var jobID: Int
        package var jobName: String
        /// The part of the job, 0-based, and how many there are.
        package var node: Node
        package var actor: String

        package init(
            runID: Int = 900_301, runNumber: Int = 87, attempt: Int = 1, jobID: Int = 700_115,
            jobName: String = "test", node: Node = Node(), actor: String = "hubot"
        ) {
            self.runID = runID
            self.runNumber = runNumber
            self.attempt = attempt
            self.jobID = jobID
            self.jobName = jobName
            self.node = node
            self.actor = actor
        }
    }

    /// One of a job's machines.
    package struct Node: Sendable, Hashable {
        /// 0-based.
        package var index: Int
        package var total: Int

        package init(index: Int = 0, total: Int = 1) {
            self.index = index
            self.total = total
        }
    }

    /// Tokens that the simulated APIs take. A request without one of them is refused as the API refuses it.
    package struct Tokens: Sendable, Hashable {
        /// For the forge: may write, unless `isReadOnly`.
        package var forge: String
        /// For the CI service's own API.
        package var service: String
        /// What a job gets without asking: `CI_JOB_TOKEN`, `ACTIONS_RUNTIME_TOKEN`.
        package var job: String
        /// Whether the forge's token may only read, as forks' pull requests get it.
        package var isReadOnly: Bool

        package init(
            forge: String = "simulated-forge-token", service: String = "simulated-service-token",
            job: String = "simulated-job-token", isReadOnly: Bool = false
        ) {
            self.forge = forge
            self.service = service
            self.job = job
            self.isReadOnly = isReadOnly
        }
    }
}

extension Scenario {
    /// The commit whose page a person looks at: the head, and in a merge queue the queue's own merge.
    package var commit: String { event == .mergeQueue ? source.merge : source.head }

    /// The pull request's number; `nil` for events without one.
    package var pullRequest: Int? { event.hasPullRequest ? source.pullRequest : nil }

    /// The account whose token the forge's is.
    package var bot: String { "\(forge)-bot" }
}
