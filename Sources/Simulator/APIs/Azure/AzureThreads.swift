import CICore

/// A thread below a pull request.
struct AzureThread: Sendable {
    let id: Int
    var status: String
    var comments: [Comment]

    /// One of its comments; numbers begin at 1 in each thread.
    struct Comment: Sendable {
        let id: Int
        let author: String
        var content: String
        var isEdited = false
        var isDeleted = false

        func document(_ request: SimulatedRequest) -> JSONValue {
            var document: JSONValue = [
                "id": .int(id), "parentCommentId": 0, "commentType": "text", "usersLiked": [],
                "author": ["id": .string(author), "displayName": "Widgets Build Service (octo)"],
                "publishedDate": .string(request.moment.timestamp),
                "lastUpdatedDate": .string(request.moment.timestamp),
            ]
            document = document.merging(
                isDeleted ? ["isDeleted": true] : ["isDeleted": false, "content": .string(content)])
            return document
        }
    }

    func shown(_ scenario: Scenario) -> [ShownComment] {
        comments.filter { !$0.isDeleted }.map { comment in
            ShownComment(
                place: "Pull request #\(scenario.source.pullRequest)",
                author: comment.author == Scenario.azureAccount ? scenario.bot : comment.author,
                markdown: comment.content,
                marks: (comment.isEdited ? ["edited"] : []) + (status == "closed" ? ["resolved"] : []))
        }
    }

    func document(_ request: SimulatedRequest) -> JSONValue {
        [
            "id": .int(id), "status": .string(status), "threadContext": nil, "properties": [:],
            "comments": .array(comments.map { $0.document(request) }),
            "isDeleted": .bool(comments.allSatisfy(\.isDeleted)),
            "publishedDate": .string(request.moment.timestamp),
            "lastUpdatedDate": .string(request.moment.timestamp),
        ]
    }

    static let statuses = ["unknown", "active", "fixed", "wontFix", "closed", "byDesign", "pending"]
}

extension SimulatedAzure {
    private static let threads = git("/pullRequests/{pullRequestId}/threads")

    var threadRoutes: [Route] {
        [
            Route(.get, Self.threads) { request in
                refusal(ofPullRequest: request)
                    ?? Self.list(state { $0.threads.map { $0.document(request) } }, of: request, top: .max)
            },
            Route(.post, Self.threads, addThread),
            Route(.patch, Self.threads + "/{threadId}", changeThread),
            Route(.patch, Self.threads + "/{threadId}/comments/{commentId}") { request in
                changeComment(request) { comment in
                    if let refused = refusal(ofContent: request.json?["content"]) { return refused }
                    comment.content = request.json?["content"]?.string ?? ""
                    comment.isEdited = true
                    return .json(200, comment.document(request))
                }
            },
            Route(.delete, Self.threads + "/{threadId}/comments/{commentId}") { request in
                changeComment(request) { comment in
                    comment.isDeleted = true
                    return .empty(200)
                }
            },
        ]
    }

    @Sendable private func addThread(_ request: SimulatedRequest) -> SimulatedAnswer {
        // A pull request takes comments even when it is abandoned or completed.
        if let refused = refusal(ofPullRequest: request) { return refused }
        let contents = (request.json?["comments"]?.array ?? []).map { $0["content"] }
        guard !contents.isEmpty else {
            return Self.error(400, "ArgumentException", "A comment thread needs at least one comment.")
        }
        for content in contents {
            if let refused = refusal(ofContent: content) { return refused }
        }
        return state { state in
            let thread = AzureThread(
                id: state.nextID(), status: request.json?["status"]?.string ?? "unknown",
                comments: contents.enumerated().map { index, content in
                    AzureThread.Comment(id: index + 1, author: Scenario.azureAccount, content: content?.string ?? "")
                })
            state.threads.append(thread)
            return .json(200, thread.document(request))
        }
    }

    @Sendable private func changeThread(_ request: SimulatedRequest) -> SimulatedAnswer {
        if let refused = refusal(ofPullRequest: request) { return refused }
        guard let status = request.json?["status"]?.string, AzureThread.statuses.contains(status) else {
            return Self.error(400, "ArgumentException", "The thread's status is not valid.")
        }
        return state { state in
            guard let index = state.threads.firstIndex(where: { $0.id == request.number("threadId") }) else {
                return Self.missingThread
            }
            state.threads[index].status = status
            return .json(200, state.threads[index].document(request))
        }
    }

    private func changeComment(
        _ request: SimulatedRequest, _ change: (inout AzureThread.Comment) -> SimulatedAnswer
    ) -> SimulatedAnswer {
        if let refused = refusal(ofPullRequest: request) { return refused }
        return state { state in
            guard let thread = state.threads.firstIndex(where: { $0.id == request.number("threadId") }),
                let comment = state.threads[thread].comments.firstIndex(where: {
                    $0.id == request.number("commentId") && !$0.isDeleted
                })
            else { return Self.missingThread }
            return change(&state.threads[thread].comments[comment])
        }
    }

    private static let missingThread = error(
        404, "CommentThreadNotFoundException", "TF20042: The thread or the comment does not exist.")

    private func refusal(ofContent content: JSONValue?) -> SimulatedAnswer? {
        guard let text = content?.string, !text.isEmpty else {
            return Self.error(400, "ArgumentException", "The comment's content cannot be empty.")
        }
        guard text.utf16.count <= 150_000 else {
            return Self.error(
                400, "CommentContentTooLongException",
                "A discussion comment cannot be longer than 150000 characters.")
        }
        return nil
    }
}
