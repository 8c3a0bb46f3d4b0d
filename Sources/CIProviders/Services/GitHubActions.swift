import CICore

extension CIService {
    /// GitHub Actions.
    static let gitHubActions = CIService(
        actions: "github-actions", title: "GitHub Actions",
        // Gitea's and Forgejo's runners set GitHub's variables too.
        mark: ServiceMark("GITHUB_ACTIONS", ["true"], without: ["GITEA_ACTIONS", "FORGEJO_ACTIONS"]), forge: "github",
        template: .gitHubActions)

    /// Gitea's Actions, which speak GitHub's language.
    static let giteaActions = CIService(
        actions: "gitea-actions", title: "Gitea Actions",
        mark: ServiceMark("GITEA_ACTIONS", ["true"], without: ["FORGEJO_ACTIONS"]), forge: "gitea")

    /// Forgejo's Actions, whose runner also says that it is Gitea's.
    static let forgejoActions = CIService(
        actions: "forgejo-actions", title: "Forgejo Actions", mark: ServiceMark("FORGEJO_ACTIONS", ["true"]),
        forge: "forgejo")

    /// Whether its jobs find GitHub's variables, commands and tokens.
    package var speaksActions: Bool { marks.contains { $0.variable.hasSuffix("_ACTIONS") } }

    private init(actions id: String, title: String, mark: ServiceMark, forge: String, template: CITemplate? = nil) {
        self.init(
            id: id, title: title, marks: [mark],
            facts: [
                .branch: ["GITHUB_HEAD_REF", .branch("GITHUB_REF")],
                .tag: [.tag("GITHUB_REF")],
                .pullRequestNumber: [.pullRequestNumber("GITHUB_REF")],
                .pullRequestTarget: ["GITHUB_BASE_REF"],
                .slug: ["GITHUB_REPOSITORY"],
                .host: [.host("GITHUB_SERVER_URL")],
                .runID: ["GITHUB_RUN_ID"],
                .runAttempt: ["GITHUB_RUN_ATTEMPT"],
                .runNumber: ["GITHUB_RUN_NUMBER"],
                // The numeric id is in no variable, unless the step's `env` maps ${{ job.check_run_id }}.
                .jobID: ["JOB_CHECK_RUN_ID"],
                // GITHUB_JOB is the job's key in the workflow file.
                .jobName: ["GITHUB_JOB"],
                .actor: ["GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR"],
            ],
            oddFacts: { sheet in
                if sheet["ACT"] != nil { sheet.set(.simulator, "act", from: "ACT") }
                sheet.set(.forge, forge, from: mark.variable)
                sheet.setActionsEvent()
                sheet.setActionsCommit()
                sheet.setActionsPages()
            },
            node: NodeConvention(
                advice: "--node ${{ strategy.job-index }}/${{ strategy.job-total }} in a job with a matrix"),
            log: .gitHub, artifacts: ArtifactKeeping(place: forge), template: template, output: .gitHubMatrix)
    }
}

extension FactSheet {
    private static var eventFile: String { "GITHUB_EVENT_PATH" }

    /// `GITHUB_SHA` is the test merge in pull requests and the base in `pull_request_target`, `workflow_run` and
    /// `check_suite`: there the head stands in the event's file only.
    fileprivate mutating func setActionsEvent() {
        switch file(in: Self.eventFile) {
        case nil: return
        case .failure(let error): warn("\(Self.eventFile) \(error.reason): facts that only it tells are unknown")
        case .success(let bytes):
            guard let event = ActionsEvent(bytes) else {
                return warn("\(Self.eventFile) names a file that is no event: facts that only it tells are unknown")
            }
            set(
                .defaultBranch, event.repository?.default_branch,
                from: "\(Self.eventFile): repository.default_branch")
            if let pull = event.pull_request {
                setPullRequest(pull)
            } else if let run = event.workflow_run {
                setHead(run, of: "workflow_run")
            } else if let suite = event.check_suite ?? event.check_run?.check_suite {
                setHead(suite, of: event.check_suite == nil ? "check_run.check_suite" : "check_suite")
            }
        }
    }

    private mutating func setPullRequest(_ pull: ActionsEvent.PullRequest) {
        let source = "\(Self.eventFile): pull_request"
        set(.commit, pull.head?.sha, from: "\(source).head.sha")
        set(.branch, pull.head?.ref, from: "\(source).head.ref")
        set(.pullRequestNumber, pull.number.map(String.init), from: "\(source).number")
        set(.pullRequestTarget, pull.base?.ref, from: "\(source).base.ref")
        guard let repository = self["GITHUB_REPOSITORY"], let head = pull.head else { return }
        // A head without a repository is a fork that was deleted.
        set(
            .pullRequestFork, head.repo?.full_name == repository ? "false" : "true",
            from: "\(source).head.repo.full_name")
    }

    /// The pull request is the one of the same branch; forks' are not listed.
    private mutating func setHead(_ head: ActionsEvent.Head, of member: String) {
        let source = "\(Self.eventFile): \(member)"
        set(.commit, head.head_sha, from: "\(source).head_sha")
        set(.branch, head.head_branch, from: "\(source).head_branch")
        guard let pull = head.pull_requests?.first(where: { $0.head?.ref == head.head_branch }) else { return }
        set(.pullRequestNumber, pull.number.map(String.init), from: "\(source).pull_requests")
        set(.pullRequestTarget, pull.base?.ref, from: "\(source).pull_requests")
        set(.pullRequestFork, "false", from: "\(source).pull_requests")
    }

    fileprivate mutating func setActionsCommit() {
        let name = self["GITHUB_EVENT_NAME"] ?? ""
        if self["GITHUB_REF"]?.hasPrefix("refs/pull/") == true {
            if self[.commit] != nil {
                set(.mergeCommit, self["GITHUB_SHA"], from: "GITHUB_SHA")
            } else if let commit = self["GITHUB_SHA"] {
                testMerge = TestMerge(commit: commit, source: "GITHUB_SHA", kind: .ofForge)
            }
        } else if !["pull_request_target", "workflow_run", "check_suite", "check_run"].contains(name) {
            set(.commit, self["GITHUB_SHA"], from: "GITHUB_SHA")
        } else if self[.commit] == nil, let commit = self["GITHUB_SHA"] {
            testMerge = TestMerge(commit: commit, source: "GITHUB_SHA", kind: .base)
            warn("the head commit is unknown: GITHUB_SHA is the base's in \(name); set DTCI_BUILD_COMMIT")
        }
    }

    fileprivate mutating func setActionsPages() {
        guard let server = self["GITHUB_SERVER_URL"], let slug = self["GITHUB_REPOSITORY"],
            let id = self["GITHUB_RUN_ID"]
        else { return }
        let page = "\(server.hasSuffix("/") ? String(server.dropLast()) : server)/\(slug)/actions/runs/\(id)"
        let attempt = self["GITHUB_RUN_ATTEMPT"].map { "/attempts/\($0)" } ?? ""
        set(.runURL, page + attempt, from: "GITHUB_RUN_ID")
        if let job = self["JOB_CHECK_RUN_ID"] { set(.jobURL, "\(page)/job/\(job)", from: "JOB_CHECK_RUN_ID") }
    }
}
