import CICore

extension Forge {
    /// github.com, GitHub Enterprise Cloud and GitHub Enterprise Server.
    static let gitHub = Forge(
        id: "github", title: "GitHub", dialect: .gitHub, limits: GitHubFlavor.gitHub.limits,
        advice: [
            .commitStatus: "add `permissions: statuses: write` to the job",
            .annotatedReport: "add `permissions: checks: write` to the job",
            .comment: "add `permissions: pull-requests: write` to the job",
            .repositoryFiles: "add `permissions: contents: write` to the job",
            .gist: "set DTCI_FORGE_TOKEN to a person's token with the scope `gist`",
            .artifacts:
                "hand ACTIONS_RUNTIME_TOKEN and ACTIONS_RESULTS_URL to the step, or use actions/upload-artifact",
        ],
        capabilities: [.commitStatus, .comment],
        connection: { access in GitHubDesk(flavor: .gitHub, access: access).connection() })
}

extension GitHubDesk {
    /// What every forge of this family has.
    func connection() -> ForgeConnection {
        ForgeConnection(
            status: open(.commitStatus, on: commit) { GitHubStatusBoard(repository: $0, commit: $1) },
            pullRequestStatus: .closed(
                Obstacle("\(flavor.title) has no statuses of pull requests", advice: "use the commit's status")),
            report: .closed(Obstacle("\(flavor.title) takes no annotated reports", advice: "use status and comment")),
            comments: open(.comment, on: pullRequest) { repository, number in
                GitHubCommentThread(repository: repository, number: number, tokenAccount: tokenAccount)
            },
            permissions: { [] })
    }

    /// The account behind the token that comments are written with, where the token may not ask.
    private var tokenAccount: String? {
        guard case .open(let token) = token(for: .comment), token.variable != "DTCI_FORGE_TOKEN",
            access.context.service == "github-actions"
        else { return nil }
        return flavor.actionsAccount
    }
}
