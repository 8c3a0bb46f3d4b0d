package import CICore

/// What holds the code and the pull request: how it is talked to and what it can do.
package struct Forge: Sendable {
    /// As in the `context` format.
    package let id: String
    /// As its makers write it.
    package let title: String
    package let dialect: MarkdownDialect
    package let limits: Limits
    package let capabilities: Set<Capability>
    /// What to add where a capability is refused, such as "`permissions: statuses: write` in the job".
    package let advice: [Capability: String]
    /// What its annotated report is called, such as `check run`; empty where it has none.
    package let reportTitle: String
    /// Whether the annotated report does not show as a verdict on the commit.
    package let needsStatusBesideReport: Bool
    /// What it has for the artifacts of a job; `nil` for nothing.
    package let artifacts: ArtifactOffer?
    /// Report files that its CI service reads out of a job's artifacts: their names and bytes.
    package let lineReports: @Sendable ([LineAnnotation], BuildContext) -> [(name: String, bytes: [UInt8])]
    private let connection: @Sendable (APIAccess) -> ForgeConnection
    private let search: @Sendable (APIAccess) async -> BuildContext.PullRequest?

    init(
        id: String, title: String, dialect: MarkdownDialect, limits: Limits, advice: [Capability: String],
        capabilities: Set<Capability>, reportTitle: String = "", needsStatusBesideReport: Bool = false,
        artifacts: ArtifactOffer? = nil,
        lineReports: @escaping @Sendable ([LineAnnotation], BuildContext) -> [(name: String, bytes: [UInt8])] = {
            _, _ in []
        },
        connection: @escaping @Sendable (APIAccess) -> ForgeConnection,
        search: @escaping @Sendable (APIAccess) async -> BuildContext.PullRequest? = { _ in nil }
    ) {
        self.id = id
        self.title = title
        self.dialect = dialect
        self.limits = limits
        self.advice = advice
        self.capabilities = capabilities
        self.reportTitle = reportTitle
        self.needsStatusBesideReport = needsStatusBesideReport
        self.artifacts = artifacts
        self.lineReports = lineReports
        self.connection = connection
        self.search = search
    }

    /// Opens what this build's tokens open; sends nothing.
    package func connect(_ access: APIAccess) -> ForgeConnection { connection(access) }

    /// Asks for the pull request of a build that does not say its number; `nil` where that is not to be found.
    package func pullRequest(of access: APIAccess) async -> BuildContext.PullRequest? { await search(access) }

    /// How much it takes.
    package struct Limits: Sendable, Hashable {
        /// Of a comment, in Unicode scalars.
        package var commentScalars: Int
        /// Of a comment, in bytes of UTF-8.
        package var commentBytes: Int
        /// Of a status' summary, in Unicode scalars.
        package var summaryScalars: Int

        package init(commentScalars: Int, commentBytes: Int, summaryScalars: Int) {
            self.commentScalars = commentScalars
            self.commentBytes = commentBytes
            self.summaryScalars = summaryScalars
        }
    }
}

/// A forge as this build's tokens open it.
package struct ForgeConnection: Sendable {
    package var status: Access<any StatusBoard>
    /// Statuses of the pull request itself, where those are others than the commit's: Azure Repos.
    package var pullRequestStatus: Access<any StatusBoard>
    package var report: Access<any AnnotationBoard>
    package var comments: Access<any CommentThread>
    package var shelves: [Capability: Access<any FileShelf>]
    /// The API's base URL; `nil` where nothing tells it.
    package var base: String?
    /// Asks the API what the tokens may do; writes nothing.
    package var permissions: @Sendable () async -> [PermissionFinding]

    package init(
        status: Access<any StatusBoard>, pullRequestStatus: Access<any StatusBoard>,
        report: Access<any AnnotationBoard>, comments: Access<any CommentThread>,
        shelves: [Capability: Access<any FileShelf>] = [:], base: String?,
        permissions: @escaping @Sendable () async -> [PermissionFinding]
    ) {
        self.status = status
        self.pullRequestStatus = pullRequestStatus
        self.report = report
        self.comments = comments
        self.shelves = shelves
        self.base = base
        self.permissions = permissions
    }
}

/// Every forge there is; one exists by being listed here.
package enum Forges {
    package static let all: [Forge] = [
        .gitHub, .gitea, .forgejo,
        .gitLab, .bitbucket,
        .azureRepos,
    ]

    /// The forge of a build; `nil` for none or one that nobody knows.
    package static func named(_ id: String?) -> Forge? { all.first { $0.id == id } }
}
