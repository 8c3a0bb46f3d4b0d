import CICore

/// A comment below a pull request.
struct GitHubComment: Sendable {
    let id: Int
    let number: Int
    let author: String
    var body: String
    var isEdited = false

    func shown(_ scenario: Scenario) -> ShownComment {
        ShownComment(
            place: "Pull request #\(number)", author: author, markdown: body, marks: isEdited ? ["edited"] : [])
    }

    func document(_ request: SimulatedRequest) -> JSONValue {
        [
            "id": .int(id), "node_id": .string("IC_\(id)"), "body": .string(body),
            "url": .string("\(request.moment.base)/issues/comments/\(id)"),
            "html_url": .string("https://github.com/pull/\(number)#issuecomment-\(id)"),
            "issue_url": .string("\(request.moment.base)/issues/\(number)"), "user": SimulatedGitHub.account(author),
            "created_at": .string(request.moment.timestamp), "updated_at": .string(request.moment.timestamp),
            "author_association": "NONE",
        ]
    }
}

extension SimulatedGitHub {
    var commentRoutes: [Route] {
        [
            Route(.get, Self.path("/issues/{issue_number}/comments"), comments),
            Route(.post, Self.path("/issues/{issue_number}/comments"), addComment),
            Route(.patch, Self.path("/issues/comments/{comment_id}"), changeComment),
            Route(.delete, Self.path("/issues/comments/{comment_id}")) { request in
                state { state in
                    guard let index = state.comments.firstIndex(where: { $0.id == request.number("comment_id") }) else {
                        return Self.error(404, "Not Found")
                    }
                    state.comments.remove(at: index)
                    return .empty(204)
                }
            },
        ]
    }

    private func missing(pullRequest request: SimulatedRequest, _ state: GitHubState) -> SimulatedAnswer? {
        guard request.number("issue_number") == scenario.source.pullRequest else { return Self.error(404, "Not Found") }
        return state.pullRequest == .deleted ? Self.error(410, "This issue was deleted") : nil
    }

    @Sendable private func comments(_ request: SimulatedRequest) -> SimulatedAnswer {
        state { state in
            missing(pullRequest: request, state)
                ?? Self.page(state.comments.map { $0.document(request) }, of: request)
        }
    }

    @Sendable private func addComment(_ request: SimulatedRequest) -> SimulatedAnswer {
        state { state in
            if let missing = missing(pullRequest: request, state) { return missing }
            if state.pullRequest == .locked {
                return Self.error(403, "Unable to create comment because issue is locked.")
            }
            if let refused = refusal(ofBody: request) { return refused }
            let comment = GitHubComment(
                id: state.nextID(), number: scenario.source.pullRequest, author: author,
                body: request.json?["body"]?.string ?? "")
            state.comments.append(comment)
            return .json(201, comment.document(request))
        }
    }

    @Sendable private func changeComment(_ request: SimulatedRequest) -> SimulatedAnswer {
        state { state in
            guard let index = state.comments.firstIndex(where: { $0.id == request.number("comment_id") }) else {
                return Self.error(404, "Not Found")
            }
            if let refused = refusal(ofBody: request) { return refused }
            state.comments[index].body = request.json?["body"]?.string ?? ""
            state.comments[index].isEdited = true
            return .json(200, state.comments[index].document(request))
        }
    }

    private func refusal(ofBody request: SimulatedRequest) -> SimulatedAnswer? {
        guard let body = request.json?["body"]?.string else {
            return Self.error(422, "Invalid request.\n\n\"body\" wasn't supplied.")
        }
        if body.allSatisfy(\.isWhitespace) { return Self.invalid("IssueComment", "body", "Body cannot be blank") }
        guard body.unicodeScalars.count <= 65_536, body.utf8.count <= 262_144 else {
            return Self.invalid("IssueComment", "data", "Body is too long (maximum is 65536 characters)")
        }
        return nil
    }
}
