import CICore

/// What to add where GitHub refuses.
private let gitHubAdvice: [Capability: String] = [
    .commitStatus: "add `permissions: statuses: write` to the job",
    .annotatedReport: "add `permissions: checks: write` to the job",
    .comment: "add `permissions: pull-requests: write` to the job",
    .repositoryFiles: "add `permissions: contents: write` to the job",
    .gist: "set DTCI_FORGE_TOKEN to a person's token with the scope `gist`",
    .artifacts:
        "hand ACTIONS_RUNTIME_TOKEN and ACTIONS_RESULTS_URL to the step, or use actions/upload-artifact",
]

extension Forge {
    /// github.com, GitHub Enterprise Cloud and GitHub Enterprise Server.
    static let gitHub = Forge(
        id: "github", title: "GitHub", dialect: .gitHub, limits: GitHubFlavor.gitHub.limits,
        advice: gitHubAdvice,
        capabilities: [.commitStatus, .annotatedReport, .comment, .repositoryFiles, .gist, .artifacts],
        reportTitle: "check run", artifacts: .actions(name: "github", title: "GitHub artifacts"),
        connection: { access in
            GitHubDesk(flavor: .gitHub, access: access).gitHubConnection(advice: gitHubAdvice)
        },
        search: GitHubPullRequestSearch.find)
}

extension ArtifactOffer {
    /// Artifacts of a workflow run. Gitea's and Forgejo's jobs speak GitHub's language, and so may people who write theirs.
    static func actions(name: String, title: String) -> ArtifactOffer {
        ArtifactOffer(
            names: name == "github" ? [name] : [name, "github"], title: title, shelf: .artifacts, layout: .archive,
            // The toolkit's artifact service takes so many of one job.
            limits: Limits(artifacts: 500))
    }
}

extension GitHubDesk {
    /// GitHub with all it has.
    fileprivate func gitHubConnection(advice: [Capability: String]) -> ForgeConnection {
        let run = access.context.execution.run
        let execution = "dt-ci/\(run.id ?? "local")/\(run.attempt ?? 1)"
        var connection = connection(
            advice: advice, runPage: run.url.map { String($0.split(separator: "/attempts/").first ?? "") })
        connection.report = open(.annotatedReport, on: commit) { repository, commit in
            GitHubCheckRunBoard(repository: repository, commit: commit, execution: execution)
        }
        connection.shelves[.gist] = open(.gist, on: GitHubGistShelf.id(access)) { repository, id in
            GitHubGistShelf(client: repository.client, id: id, files: access.files)
        }
        connection.permissions = permissions(of: connection, advice)
        return connection
    }

    /// What every forge of this family has.
    func connection(advice: [Capability: String], runPage: String?) -> ForgeConnection {
        let shelves: [Capability: Access<any FileShelf>] = [
            .repositoryFiles: open(.repositoryFiles, on: .open(access.filesBranch)) { repository, branch in
                GitHubContentsShelf(repository: repository, branch: branch, files: access.files)
            },
            .artifacts: artifacts(advice: advice[.artifacts] ?? "", runPage: runPage),
        ]
        var connection = ForgeConnection(
            status: open(.commitStatus, on: commit) { GitHubStatusBoard(repository: $0, commit: $1) },
            pullRequestStatus: .closed(
                Obstacle("\(flavor.title) has no statuses of pull requests", advice: "use the commit's status")),
            report: .closed(
                Obstacle("\(flavor.title) takes no annotated reports", advice: "use the status and the comment")),
            comments: open(.comment, on: pullRequest) { repository, number in
                GitHubCommentThread(repository: repository, number: number, tokenAccount: tokenAccount)
            },
            shelves: shelves, base: flavor.base(access), permissions: { [] })
        connection.permissions = permissions(of: connection, advice)
        return connection
    }

    private func artifacts(advice: String, runPage: String?) -> Access<any FileShelf> {
        switch ActionsRuntime.open(access, advice: advice) {
        case .closed(let obstacle): .closed(obstacle)
        case .open(let runtime): .open(ActionsArtifactShelf(runtime: runtime, files: access.files, runPage: runPage))
        }
    }

    private func permissions(
        of connection: ForgeConnection, _ advice: [Capability: String]
    ) -> @Sendable () async -> [PermissionFinding] {
        var obstacles: [(Capability, Obstacle?)] = [
            (.commitStatus, connection.status.obstacle), (.comment, connection.comments.obstacle),
        ]
        if advice[.annotatedReport] != nil { obstacles.append((.annotatedReport, connection.report.obstacle)) }
        obstacles += connection.shelves.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0, $1.obstacle) }
        let permissions = GitHubPermissions(desk: self, advice: advice, obstacles: obstacles)
        return { await permissions.findings() }
    }

    /// The account behind the token that comments are written with, where the token may not ask.
    private var tokenAccount: String? {
        guard case .open(let token) = token(for: .comment), token.variable != "DTCI_FORGE_TOKEN",
            access.isInActions
        else { return nil }
        return flavor.manner.actionsAccount
    }
}
