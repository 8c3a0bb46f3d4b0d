import CICore

extension Forge {
    /// Bitbucket Cloud.
    static let bitbucket = Forge(
        id: Bitbucket.id, title: Bitbucket.title, dialect: .bitbucket, limits: Bitbucket.limits,
        advice: Bitbucket.advice, capabilities: Set(Bitbucket.advice.keys),
        reportTitle: "Code Insights report", needsStatusBesideReport: true,
        artifacts: ArtifactOffer(
            names: ["bitbucket"], title: "Bitbucket downloads", shelf: .downloads, layout: .archiveWithManifest,
            // Bitbucket's support pages, "Upload and share files".
            limits: .init(fileSize: 2 << 30)),
        connection: Bitbucket.connect)
}

/// How Bitbucket Cloud is reached.
enum Bitbucket {
    static let id = "bitbucket"
    static let title = "Bitbucket"
    /// A comment of more than 32,768 is refused without a word whether of characters or bytes is meant.
    static let limits = Forge.Limits(commentScalars: 32_000, commentBytes: 32_000, summaryScalars: 255)

    static let advice: [Capability: String] = [
        .commitStatus: tokenAdvice(scope: "repository"),
        .annotatedReport: tokenAdvice(scope: "repository"),
        .comment: tokenAdvice(scope: "pullrequest"),
        .downloads: tokenAdvice(scope: "repository:write"),
    ]

    private static func tokenAdvice(scope: String) -> String {
        "add a repository access token with the scope \(scope) as the secured variable BITBUCKET_TOKEN"
    }

    /// The text, or our name where a place must not stay empty.
    static func filled(_ text: String) -> String { text.contains { !$0.isWhitespace } ? text : "dt-ci" }

    @Sendable static func connect(_ access: APIAccess) -> ForgeConnection {
        switch BitbucketKeys.open(access) {
        case .closed(let obstacle): closed(obstacle)
        case .open(let keys):
            ForgeConnection(
                status: keys.open(.commitStatus, if: keys.commit, else: noCommit) { repository, commit in
                    BitbucketStatusBoard(
                        repository: repository, commit: commit, runPage: access.context.execution.run.url)
                },
                pullRequestStatus: .closed(noPullRequestStatus),
                report: keys.reports(noCommit: noCommit),
                comments: keys.open(.comment, if: access.context.pullRequest?.number, else: noPullRequest) {
                    BitbucketComments(repository: $0, pullRequest: $1)
                },
                shelves: [
                    .downloads: keys.open(.downloads, if: Optional(()), else: noCommit) { repository, _ in
                        BitbucketDownloads(repository: repository)
                    }
                ],
                base: keys.base, permissions: { await keys.permissions() })
        }
    }

    private static func closed(_ obstacle: Obstacle) -> ForgeConnection {
        ForgeConnection(
            status: .closed(obstacle), pullRequestStatus: .closed(noPullRequestStatus), report: .closed(obstacle),
            comments: .closed(obstacle), shelves: [.downloads: .closed(obstacle)], base: nil,
            permissions: { [] })
    }

    private static let noCommit = Obstacle(
        "the commit of this build is unknown", advice: "fetch the repository with git")
    private static let noPullRequest = Obstacle(
        "this build is of no pull request", advice: "run the step under pull-requests in bitbucket-pipelines.yml")
    private static let noPullRequestStatus = Obstacle(
        "Bitbucket shows the commit's status on the pull request", advice: "read it there")
}
