import CICore

/// Commit statuses of GitLab, which show as jobs of a pipeline.
struct GitLabStatusBoard: StatusBoard {
    let client: APIClient
    let build: GitLabBuild
    let commit: String

    func post(_ status: CommitStatus) async throws(APIError) {
        let fields = Fields(status)
        do {
            try await client.create(
                call(fields), read: { _ in },
                unless: { () async throws(APIError) -> Void? in try await stands(fields) ? () : nil })
        } catch  where error.isRepetition {
            // It is where it should be already.
        } catch  where error.code == .conflict {
            // 409: another job is just writing the same status. What it wrote may be what we want to say.
            if try await !stands(fields) { try await client.send(call(fields)) }
        }
    }

    /// A status within GitLab's limits and in its words.
    private struct Fields: Sendable {
        let state: String
        let name: String
        let description: String
        let url: String?

        init(_ status: CommitStatus) {
            state = status.state.gitLabWord
            name = SummaryText.line(status.name, scalars: 255)
            description = SummaryText.line(status.summary, scalars: GitLab.limits.summaryScalars)
            url = SummaryText.link(status.url).flatMap { $0.unicodeScalars.count <= 255 ? $0 : nil }
        }
    }

    private func call(_ fields: Fields) -> APICall {
        APICall(.post, "/projects/\(build.project)/statuses/\(commit)").json { writer in
            writer.member("state", fields.state)
            writer.member("name", fields.name)
            writer.member("description", fields.description)
            writer.present("target_url", fields.url)
            // Without it GitLab makes up a pipeline of its own beside the one that runs.
            writer.present("pipeline_id", build.pipeline)
        }
    }

    /// Whether the newest status of that name says this.
    private func stands(_ fields: Fields) async throws(APIError) -> Bool {
        var query = [("name", fields.name), ("per_page", "100")]
        if let pipeline = build.pipeline { query.append(("pipeline_id", String(pipeline))) }
        let standing = try await client.list(
            APICall(.get, "/projects/\(build.project)/repository/commits/\(commit)/statuses", query: query),
            paging: .gitLab)
        let newest = standing.filter { $0["name"]?.string == fields.name }
            .max { ($0["id"]?.int ?? 0) < ($1["id"]?.int ?? 0) }
        return newest?["status"]?.string == fields.state && newest?["description"]?.string == fields.description
    }
}

extension APIError {
    /// 400 "Cannot transition status via :run from :running": GitLab refuses to go where it already is.
    fileprivate var isRepetition: Bool {
        code == .refused && detail.lowercased().contains("cannot transition status")
    }
}

extension CommitStatus.State {
    /// GitLab's word.
    fileprivate var gitLabWord: String {
        switch self {
        case .pending: "pending"
        case .running: "running"
        case .passed: "success"
        case .failed, .errored: "failed"
        case .cancelled: "canceled"
        }
    }
}

extension Pagination {
    /// GitLab's lists.
    static let gitLab = Self.pageHeader("X-Next-Page", query: "page")
}
