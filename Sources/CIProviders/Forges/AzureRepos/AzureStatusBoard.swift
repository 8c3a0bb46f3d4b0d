import CICore

/// Git statuses of Azure Repos: those of a commit, and those of a pull request, on which branch policies can insist.
struct AzureStatusBoard: StatusBoard {
    /// What statuses are pinned to.
    enum Subject: Sendable {
        case commit(String)
        /// With the head commit of the build, which tells the pull request's iteration.
        case pullRequest(Int, commit: String?)
    }

    let api: AzureDevOps
    let address: AzureAddress
    let identity: AzureIdentity
    let subject: Subject
    /// Tells our statuses from those of others of the same name.
    static let genre = "dt-ci"

    func post(_ status: CommitStatus) async throws(APIError) {
        let iteration = try await iteration()
        let description = SummaryText.line(status.summary, units: AzureRepos.limits.summaryScalars)
        let call = APICall(.post, path).json { writer in
            writer.member("state", status.state.azureWord)
            writer.member("description", description)
            writer.key("context")
            writer.object { writer in
                writer.member("genre", Self.genre)
                writer.member("name", status.name)
            }
            if let url = SummaryText.link(status.url) {
                writer.member("targetUrl", url)
            }
            if let iteration {
                writer.member("iterationId", iteration)
            }
        }
        try await api.create(
            call,
            read: { answer in
                // What was posted stands, whether its answer can be read or not.
                identity.learn(try? answer.json()["createdBy"])
                return true
            },
            unless: { () async throws(APIError) -> Bool? in
                try await stands(status, description: description, iteration: iteration) ? true : nil
            })
    }

    private var path: APIPath {
        switch subject {
        case .commit(let commit):
            "/\(address.project)/_apis/git/repositories/\(address.repository)/commits/\(commit)/statuses"
        case .pullRequest(let number, _):
            "/\(address.project)/_apis/git/repositories/\(address.repository)/pullRequests/\(number)/statuses"
        }
    }

    /// The iteration that pushed our commit, so that a late build does not speak for a newer push; else the latest. `nil`
    /// for commits and for pull requests without iterations.
    private func iteration() async throws(APIError) -> Int? {
        guard case .pullRequest(let number, let commit) = subject else { return nil }
        let iterations = try await api.list(
            APICall(
                .get,
                "/\(address.project)/_apis/git/repositories/\(address.repository)/pullRequests/\(number)/iterations"))
        let ours = iterations.filter { commit != nil && $0["sourceRefCommit"]?["commitId"]?.string == commit }
        return (ours.isEmpty ? iterations : ours).compactMap { $0["id"]?.int }.max()
    }

    /// Whether the newest status of that name is the one to post.
    private func stands(_ status: CommitStatus, description: String, iteration: Int?) async throws(APIError) -> Bool {
        let standing = try await api.list(APICall(.get, path))
        let newest = standing.filter {
            $0["context"]?["name"]?.string == status.name && $0["context"]?["genre"]?.string == Self.genre
        }.max { ($0["id"]?.int ?? 0) < ($1["id"]?.int ?? 0) }
        return newest?["state"]?.string == status.state.azureWord && newest?["description"]?.string == description
            && newest?["targetUrl"]?.string == SummaryText.link(status.url) && newest?["iterationId"]?.int == iteration
    }
}

extension CommitStatus.State {
    /// Azure Repos' word.
    fileprivate var azureWord: String {
        switch self {
        case .pending, .running: "pending"
        case .passed: "succeeded"
        case .failed: "failed"
        case .errored, .cancelled: "error"
        }
    }
}
