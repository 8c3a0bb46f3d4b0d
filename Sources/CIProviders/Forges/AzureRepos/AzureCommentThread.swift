import CICore

/// The discussion of a pull request in Azure Repos: threads of comments, of which ours has one to itself.
struct AzureCommentThread: CommentThread {
    let api: AzureDevOps
    let address: AzureAddress
    let identity: AzureIdentity
    let pullRequest: Int

    private var path: APIPath {
        "/\(address.project)/_apis/git/repositories/\(address.repository)/pullRequests/\(pullRequest)/threads"
    }

    func comments() async throws(APIError) -> [PostedComment] {
        let threads = try await api.list(APICall(.get, path))
        return threads.flatMap { thread in
            guard let id = thread["id"]?.int, thread["isDeleted"]?.bool != true else { return [PostedComment]() }
            return (thread["comments"]?.array ?? []).compactMap { PostedComment($0, thread: id) }
        }.sorted { $0.id < $1.id }
    }

    /// Known once something was written with this token.
    func author() async throws(APIError) -> String? { identity.id }

    func create(_ body: String, marker: String) async throws(APIError) -> PostedComment {
        let call = APICall(.post, path).json { writer in
            writer.key("comments")
            writer.array([body]) { writer, body in
                writer.object { writer in
                    writer.member("parentCommentId", 0)
                    writer.member("content", Self.cut(body))
                    writer.member("commentType", "text")
                }
            }
            writer.member("status", "active")
        }
        let made = try await api.create(
            call,
            read: { answer in
                // A comment stands although half of the answer is missing.
                let thread = try? answer.json()
                guard let thread, let id = thread["id"]?.int else { return nil }
                identity.learn(thread["comments"]?.array.first?["author"])
                return thread["comments"]?.array.first.flatMap { PostedComment($0, thread: id) }
            },
            unless: { () async throws(APIError) -> PostedComment?? in
                try await standing(marker).map { .some($0) }
            })
        if let made { return made }
        guard let found = try await standing(marker) else {
            throw APIError(.malformed, "Azure Repos: POST \(path.text)", detail: "the comment is not there")
        }
        return found
    }

    func update(_ id: CommentID, to body: String) async throws(APIError) {
        let call = APICall(.patch, comment(id)).json { writer in
            writer.member("content", Self.cut(body))
        }
        try await api.replace(call)
    }

    func delete(_ id: CommentID) async throws(APIError) {
        try await api.send(APICall(.delete, comment(id), accepting: [404, 410]))
    }

    func settle(_ id: CommentID, isDone: Bool) async throws(APIError) {
        let thread: APIPath =
            "/\(address.project)/_apis/git/repositories/\(address.repository)/pullRequests/\(pullRequest)/threads/\(id.thread)"
        let call = APICall(.patch, thread).json { writer in
            writer.member("status", isDone ? "closed" : "active")
        }
        try await api.replace(call)
    }

    private static func cut(_ body: String) -> String {
        MarkdownCut.head(body, scalars: AzureRepos.limits.commentScalars, bytes: AzureRepos.limits.commentBytes)
    }

    private func comment(_ id: CommentID) -> APIPath {
        "/\(address.project)/_apis/git/repositories/\(address.repository)/pullRequests/\(pullRequest)/threads/\(id.thread)/comments/\(id.comment)"
    }
}

extension PostedComment {
    /// `nil` for deleted comments and for those that the forge wrote itself.
    fileprivate init?(_ comment: JSONValue, thread: Int) {
        guard let id = comment["id"]?.int, comment["isDeleted"]?.bool != true,
            comment["commentType"]?.string != "system", let body = comment["content"]?.string
        else { return nil }
        self.init(
            id: CommentID(thread: thread, comment: id), body: body, author: comment["author"]?["id"]?.string)
    }
}
