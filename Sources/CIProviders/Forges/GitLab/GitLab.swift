import CICore

extension Forge {
    /// GitLab.com and GitLab on hosts of one's own.
    static let gitLab = Forge(
        id: GitLab.id, title: GitLab.title, dialect: .gitLab, limits: GitLab.limits, advice: GitLab.advice,
        capabilities: Set(GitLab.advice.keys),
        artifacts: ArtifactOffer(
            names: ["gitlab"], title: "GitLab packages", shelf: .packages, layout: .archiveWithManifest,
            // `generic_packages_max_file_size` as GitLab sets it.
            limits: .init(fileSize: 5 << 30)),
        lineReports: GitLabReports.files, connection: GitLab.connect)
}

/// How GitLab is reached.
enum GitLab {
    static let id = "gitlab"
    static let title = "GitLab"
    /// A note may hold 1,000,000 characters, but a page with a quarter of that takes browsers seconds already.
    /// `GitLabQuickActions` may add half as many as it is given.
    static let limits = Forge.Limits(commentScalars: 250_000, commentBytes: 500_000, summaryScalars: 255)

    static let advice: [Capability: String] = [
        .commitStatus: tokenAdvice(role: "Developer"),
        .comment: tokenAdvice(role: "Developer"),
        .packages: "switch on the package registry in the project's settings, and publish from its own jobs",
        .repositoryFiles: tokenAdvice(role: "Developer, on a protected branch Maintainer"),
        .projectBadge: tokenAdvice(role: "Maintainer"),
    ]

    private static func tokenAdvice(role: String) -> String {
        "add a project access token with the scope api and the role \(role) as the masked CI/CD variable GITLAB_TOKEN"
    }

    @Sendable static func connect(_ access: APIAccess) -> ForgeConnection {
        guard let build = GitLabBuild(access) else {
            return closed(
                Obstacle(
                    "the project on GitLab is unknown",
                    advice: "set DTCI_FORGE_API_URL to https://HOST/api/v4 and fetch the repository with git"))
        }
        let keys = GitLabKeys(access, build)
        let files = { (client: APIClient) in GitLabFileShelf(client: client, build: build, access) }
        return ForgeConnection(
            status: keys.open(.commitStatus, if: build.commit, else: noCommit) { client, commit in
                GitLabStatusBoard(client: client, build: build, commit: commit)
            },
            pullRequestStatus: .closed(noMergeRequestStatus), report: .closed(noReport),
            comments: keys.open(.comment, if: build.mergeRequest, else: noMergeRequest) { client, mergeRequest in
                GitLabNotes(client: client, mergeRequest: mergeRequest)
            },
            shelves: [
                .packages: keys.open(.packages) { GitLabPackageShelf(client: $0, build: build) },
                .repositoryFiles: keys.open(.repositoryFiles) { files($0) },
                .projectBadge: keys.open(.projectBadge) { client in
                    GitLabBadgeShelf(client: client, build: build, files: files(client))
                },
            ],
            base: build.base, permissions: { await keys.permissions() })
    }

    private static func closed(_ obstacle: Obstacle) -> ForgeConnection {
        ForgeConnection(
            status: .closed(obstacle), pullRequestStatus: .closed(noMergeRequestStatus), report: .closed(noReport),
            comments: .closed(obstacle),
            shelves: [
                .packages: .closed(obstacle), .repositoryFiles: .closed(obstacle), .projectBadge: .closed(obstacle),
            ],
            base: nil, permissions: { [] })
    }

    private static let noCommit = Obstacle(
        "the commit of this build is unknown", advice: "fetch the repository with git")
    private static let noMergeRequest = Obstacle(
        "this build is of no merge request",
        advice: "run the job in merge request pipelines: rules: - if: $CI_PIPELINE_SOURCE == 'merge_request_event'")
    private static let noMergeRequestStatus = Obstacle(
        "GitLab shows the commit's status on the merge request", advice: "read it there")
    private static let noReport = Obstacle(
        "GitLab shows remarks on lines out of report files",
        advice: "name the file under artifacts:reports:codequality in the job")
}
