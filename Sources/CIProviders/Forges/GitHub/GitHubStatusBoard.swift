import CICore

/// Commit statuses: one for each context, of which the newest counts.
struct GitHubStatusBoard: StatusBoard {
    let repository: GitHubRepository
    let commit: String

    func post(_ status: CommitStatus) async throws(APIError) {
        let standing = Standing(status, limit: repository.flavor.limits.summaryScalars)
        let call = APICall(.post, "/repos/\(repository.owner)/\(repository.name)/statuses/\(commit)").json { json in
            json.key("state")
            json.value(standing.state)
            json.key("context")
            json.value(standing.context)
            json.key("description")
            json.value(standing.description)
            if let url = SummaryText.link(status.url) {
                json.key("target_url")
                json.value(url)
            }
        }
        _ = try await repository.client.create(
            call, read: { _ in true },
            unless: { () async throws(APIError) -> Bool? in
                try await newest(of: standing.context) == standing ? true : nil
            })
    }

    /// What stands now; the list is ordered, newest first.
    private func newest(of context: String) async throws(APIError) -> Standing? {
        let path: APIPath = "/repos/\(repository.owner)/\(repository.name)/commits/\(commit)/statuses"
        return try await repository.list(path).lazy.compactMap(Standing.init).first { $0.context == context }
    }

    /// A status as the API has it.
    private struct Standing: Hashable, Sendable {
        let state: String
        let context: String
        let description: String

        init(_ status: CommitStatus, limit: Int) {
            state =
                switch status.state {
                case .pending, .running: "pending"
                case .passed: "success"
                case .failed: "failure"
                case .errored, .cancelled: "error"
                }
            context = SummaryText.line(status.name, scalars: 255)
            description = SummaryText.line(status.summary, scalars: limit)
        }

        init?(_ json: JSONValue) {
            // Gitea calls the state `status`.
            guard let state = json["state"]?.string ?? json["status"]?.string, let context = json["context"]?.string
            else { return nil }
            self.state = state
            self.context = context
            description = json["description"]?.string ?? ""
        }
    }
}
