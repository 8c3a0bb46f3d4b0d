import CICore

/// The notes of a merge request. Single notes have no mark for being done.
struct GitLabNotes: CommentThread {
    let client: APIClient
    let mergeRequest: GitLabBuild.MergeRequest

    private var path: APIPath { "/projects/\(mergeRequest.project)/merge_requests/\(mergeRequest.number)/notes" }

    func comments() async throws(APIError) -> [PostedComment] {
        let query = [
            ("order_by", "created_at"), ("sort", "asc"), ("activity_filter", "only_comments"), ("per_page", "100"),
        ]
        return try await client.list(APICall(.get, path, query: query), paging: .gitLab)
            .compactMap { PostedComment(gitLabNote: $0) }.sorted { $0.id < $1.id }
    }

    func author() async throws(APIError) -> String? {
        do {
            return try await client.send(APICall(.get, "/user")).json()["username"]?.string
        } catch  where error.code == .forbidden {
            return nil
        }
    }

    func create(_ body: String, marker: String) async throws(APIError) -> PostedComment {
        try await client.create(
            call(.post, path, body),
            read: { answer throws(APIError) in try answer.comment { PostedComment(gitLabNote: $0) } },
            unless: { () async throws(APIError) -> PostedComment? in try await standing(marker) })
    }

    func update(_ id: CommentID, to body: String) async throws(APIError) {
        try await client.send(call(.put, note(id), body))
    }

    func delete(_ id: CommentID) async throws(APIError) {
        try await client.send(APICall(.delete, note(id), accepting: [404, 410]))
    }

    private func call(_ method: HTTPRequest.Method, _ path: APIPath, _ body: String) -> APICall {
        let limits = GitLab.limits
        let text = MarkdownCut.head(body, scalars: limits.commentScalars, bytes: limits.commentBytes)
        return APICall(method, path).json { $0.member("body", GitLabQuickActions.defused(text)) }
    }

    private func note(_ id: CommentID) -> APIPath {
        "/projects/\(mergeRequest.project)/merge_requests/\(mergeRequest.number)/notes/\(id.comment)"
    }
}

/// What GitLab would carry out: a line of a note that begins with a slash, such as `/close` or `/approve`.
enum GitLabQuickActions {
    /// The text with a space before every such line, wherever a test's output may have put it.
    static func defused(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 64)
        var last = UInt8(ascii: "\n")
        for byte in text.utf8 {
            if byte == UInt8(ascii: "/"), last == UInt8(ascii: "\n") { bytes.append(UInt8(ascii: " ")) }
            bytes.append(byte)
            last = byte
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension PostedComment {
    /// `nil` for the notes that GitLab itself writes, and for what is no note.
    fileprivate init?(gitLabNote note: JSONValue) {
        guard let id = note["id"]?.int, let body = note["body"]?.string, note["system"]?.bool != true else {
            return nil
        }
        self.init(id: CommentID(comment: id), body: body, author: note["author"]?["username"]?.string)
    }
}
