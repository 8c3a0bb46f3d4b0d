import CICore

/// The comments of a pull request, without those on lines. People can resolve discussions, the API cannot.
struct BitbucketComments: CommentThread {
    let repository: BitbucketRepository
    let pullRequest: Int

    private var path: APIPath { repository.path("/pullrequests/\(pullRequest)/comments") }

    func comments() async throws(APIError) -> [PostedComment] {
        try await repository.list(APICall(.get, path)).compactMap { PostedComment(bitbucket: $0) }
            .sorted { $0.id < $1.id }
    }

    /// A repository's access token belongs to nobody, and may not ask.
    func author() async throws(APIError) -> String? {
        do {
            return try await repository.send(APICall(.get, "/user")).json()["uuid"]?.string
        } catch  where error.code == .forbidden || error.code == .unauthorized {
            return nil
        }
    }

    func create(_ body: String, marker: String) async throws(APIError) -> PostedComment {
        try await repository.create(
            call(.post, path, body),
            read: { answer throws(APIError) in try answer.comment { PostedComment(bitbucket: $0) } },
            unless: { () async throws(APIError) -> PostedComment? in try await standing(marker) })
    }

    func update(_ id: CommentID, to body: String) async throws(APIError) {
        try await repository.send(call(.put, comment(id), body))
    }

    func delete(_ id: CommentID) async throws(APIError) {
        try await repository.send(APICall(.delete, comment(id), accepting: [404, 410]))
    }

    private func comment(_ id: CommentID) -> APIPath {
        repository.path("/pullrequests/\(pullRequest)/comments/\(id.comment)")
    }

    private func call(_ method: HTTPRequest.Method, _ path: APIPath, _ body: String) -> APICall {
        let limits = Bitbucket.limits
        let text = MarkdownCut.head(body, scalars: limits.commentScalars, bytes: limits.commentBytes)
        return APICall(method, path).json { writer in
            writer.key("content")
            writer.object { $0.member("raw", text) }
        }
    }
}

extension PostedComment {
    /// `nil` for deleted comments, which stay listed, for those on lines and for what is no comment.
    fileprivate init?(bitbucket comment: JSONValue) {
        guard let id = comment["id"]?.int, let body = comment["content"]?["raw"]?.string,
            comment["deleted"]?.bool != true, comment["inline"]?["path"] == nil
        else { return nil }
        self.init(id: CommentID(comment: id), body: body, author: comment["user"]?["uuid"]?.string)
    }
}
