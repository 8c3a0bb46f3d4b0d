import CICore

/// The comments below a pull request, which the API files under issues.
struct GitHubCommentThread: CommentThread {
    let repository: GitHubRepository
    let number: Int
    /// The account of the CI service's own token, which may not ask who it is; `nil` for other tokens.
    let tokenAccount: String?

    func comments() async throws(APIError) -> [PostedComment] {
        try await repository.list("/repos/\(repository.owner)/\(repository.name)/issues/\(number)/comments")
            .compactMap(PostedComment.init(gitHub:)).sorted { $0.id < $1.id }
    }

    func author() async throws(APIError) -> String? {
        let answer = try await repository.client.send(APICall(.get, "/user", accepting: [403]))
        return answer.status == 403 ? tokenAccount : try answer.json()["login"]?.string
    }

    func create(_ body: String, marker: String) async throws(APIError) -> PostedComment {
        let path: APIPath = "/repos/\(repository.owner)/\(repository.name)/issues/\(number)/comments"
        return try await repository.client.create(
            call(.post, path, body),
            read: { answer throws(APIError) in try answer.comment { PostedComment(gitHub: $0) } },
            unless: { () async throws(APIError) -> PostedComment? in try await standing(marker) })
    }

    func update(_ id: CommentID, to body: String) async throws(APIError) {
        try await repository.replace(call(.patch, path(of: id), body))
    }

    func delete(_ id: CommentID) async throws(APIError) {
        try await repository.client.send(APICall(.delete, path(of: id), accepting: [404, 410]))
    }

    private func path(of id: CommentID) -> APIPath {
        "/repos/\(repository.owner)/\(repository.name)/issues/comments/\(id.comment)"
    }

    private func call(_ method: HTTPRequest.Method, _ path: APIPath, _ body: String) -> APICall {
        let limits = repository.flavor.limits
        let body = MarkdownCut.head(body, scalars: limits.commentScalars, bytes: limits.commentBytes)
        return APICall(method, path).json { json in
            json.key("body")
            json.value(body)
        }
    }
}

extension PostedComment {
    /// A comment as the API lists it.
    fileprivate init?(gitHub json: JSONValue) {
        guard let id = json["id"]?.int else { return nil }
        self.init(id: CommentID(comment: id), body: json["body"]?.string ?? "", author: json["user"]?["login"]?.string)
    }
}
