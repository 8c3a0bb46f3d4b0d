import CICore

extension Forge {
    /// Azure Repos, in Azure DevOps Services and Server.
    static let azureRepos = Forge(
        id: AzureRepos.id, title: AzureRepos.title, dialect: .azure, limits: AzureRepos.limits,
        advice: AzureRepos.advice, capabilities: Set(AzureRepos.advice.keys), connection: AzureRepos.connect)
}

/// How Azure Repos is reached.
enum AzureRepos {
    static let id = "azure-repos"
    static let title = "Azure Repos"
    /// A comment may hold 150,000 UTF-16 units, of which there are never more than bytes of UTF-8.
    static let limits = Forge.Limits(commentScalars: 150_000, commentBytes: 150_000, summaryScalars: 400)

    private static let mapping = "map SYSTEM_ACCESSTOKEN: $(System.AccessToken) in the step's env"
    static let advice: [Capability: String] = [
        .commitStatus: "\(mapping), and allow \"Contribute\" on the repository for the build service",
        .pullRequestStatus: "\(mapping), and allow \"Contribute to pull requests\" for the build service",
        .comment: "\(mapping), and allow \"Contribute to pull requests\" for the build service",
        .repositoryFiles: "\(mapping), and allow \"Contribute\" and \"Create branch\" for the build service",
    ]

    @Sendable static func connect(_ access: APIAccess) -> ForgeConnection {
        let report = Access<any AnnotationBoard>.closed(
            Obstacle("Azure Repos has no check runs", advice: "read the test run of the pipeline instead"))
        let opening: Opening
        switch open(access) {
        case .closed(let obstacle):
            return ForgeConnection(
                status: .closed(obstacle), pullRequestStatus: .closed(obstacle), report: report,
                comments: .closed(obstacle), shelves: [.repositoryFiles: .closed(obstacle)],
                base: AzureAddress(repositoryOf: access)?.collection, permissions: { [] })
        case .open(let found): opening = found
        }
        let commit = access.context.source.commit
        let status: Access<any StatusBoard> =
            commit.map { .open(opening.board(.commit($0))) }
            ?? .closed(Obstacle("the commit is not known", advice: "run in the repository's clone"))
        let shelf = AzureBranchShelf(
            api: opening.api, address: opening.address, branch: access.filesBranch, files: access.files)
        var connection = ForgeConnection(
            status: status, pullRequestStatus: .closed(noPullRequest), report: report,
            comments: .closed(noPullRequest), shelves: [.repositoryFiles: .open(shelf)],
            base: opening.address.collection, permissions: { await opening.permissions() })
        if let number = access.context.pullRequest?.number {
            connection.pullRequestStatus = .open(opening.board(.pullRequest(number, commit: commit)))
            connection.comments = .open(
                AzureCommentThread(
                    api: opening.api, address: opening.address, identity: opening.identity, pullRequest: number))
        }
        return connection
    }

    private static let noPullRequest = Obstacle(
        "this build belongs to no pull request", advice: "add a build validation policy to the target branch")

    /// What all of them need.
    private struct Opening: Sendable {
        let api: AzureDevOps
        let address: AzureAddress
        let token: FoundToken
        let identity = AzureIdentity()

        func board(_ subject: AzureStatusBoard.Subject) -> AzureStatusBoard {
            AzureStatusBoard(api: api, address: address, identity: identity, subject: subject)
        }

        func permissions() async -> [PermissionFinding] {
            await PermissionFinding.reading(AzureRepos.advice, token: token) { () async throws(APIError) in
                let refs: APIPath = "/\(address.project)/_apis/git/repositories/\(address.repository)/refs"
                try await api.send(APICall(.get, refs, query: [("$top", "1")]))
            }
        }
    }

    private static func open(_ access: APIAccess) -> Access<Opening> {
        guard let token = access.azureToken("DTCI_FORGE_TOKEN") else {
            return .closed(Obstacle("no token for Azure Repos", advice: mapping))
        }
        guard let address = AzureAddress(repositoryOf: access) else {
            return .closed(
                Obstacle(
                    "the project and repository in Azure Repos are unknown",
                    advice: "set DTCI_FORGE_API_URL to the organization's URL"))
        }
        let api = AzureDevOps(title: title, url: address.collection, token: token, exchange: access.exchange)
        return .open(Opening(api: api, address: address, token: token))
    }
}
