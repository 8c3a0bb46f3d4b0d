import CICore

extension SimulatedBitbucket {
    private static let comments = "\(repository)/pullrequests/{pull_request_id}/comments"

    var commentRoutes: [Route] {
        [
            Route(.get, Self.comments) { request in
                state { state in
                    guard let comments = request.number("pull_request_id").flatMap({ state.pullRequests[$0] }) else {
                        return Self.noPullRequest
                    }
                    return request.bitbucketPage(comments.map { entity($0, request) })
                }
            },
            Route(.post, Self.comments) { request in
                write(request) { state, comments, raw in
                    let comment = BitbucketState.Comment(id: state.nextID(), raw: raw, author: scenario.bot)
                    comments.append(comment)
                    return .json(201, entity(comment, request))
                }
            },
            Route(.get, "\(Self.comments)/{comment_id}") { request in
                state { state in
                    let comments = request.number("pull_request_id").flatMap { state.pullRequests[$0] } ?? []
                    let found = comments.first { $0.id == request.number("comment_id") }
                    return found.map { .json(200, entity($0, request)) } ?? Self.noComment
                }
            },
            Route(.put, "\(Self.comments)/{comment_id}") { request in
                write(request) { _, comments, raw in
                    edit(&comments, request) { comment in
                        comment.raw = raw
                        comment.isEdited = true
                        return .json(200, entity(comment, request))
                    }
                }
            },
            Route(.delete, "\(Self.comments)/{comment_id}") { request in
                state { state in
                    guard let number = request.number("pull_request_id"), var comments = state.pullRequests[number]
                    else { return Self.noPullRequest }
                    defer { state.pullRequests[number] = comments }
                    return edit(&comments, request) { comment in
                        comment.isDeleted = true
                        comment.raw = ""
                        return .empty()
                    }
                }
            },
        ]
    }

    private static let noPullRequest = SimulatedAnswer.bitbucket(404, "Pull request not found")
    private static let noComment = SimulatedAnswer.bitbucket(404, "Comment not found")

    /// A comment that stands and is our own.
    private func edit(
        _ comments: inout [BitbucketState.Comment], _ request: SimulatedRequest,
        _ change: (inout BitbucketState.Comment) -> SimulatedAnswer
    ) -> SimulatedAnswer {
        let id = request.number("comment_id")
        guard let index = comments.firstIndex(where: { $0.id == id && !$0.isDeleted }) else { return Self.noComment }
        guard comments[index].author == scenario.bot else {
            return .bitbucket(403, "You do not have permission to edit this comment.")
        }
        return change(&comments[index])
    }

    /// Bitbucket refuses a text that is too long without saying so.
    private func write(
        _ request: SimulatedRequest,
        _ change: (inout BitbucketState, inout [BitbucketState.Comment], String) -> SimulatedAnswer
    ) -> SimulatedAnswer {
        guard let raw = request.json?["content"]?["raw"]?.string, !raw.isEmpty else {
            return .bitbucket(field: "content", "This field is required.")
        }
        guard raw.unicodeScalars.count <= 32_768 else { return .bitbucket(400, "Bad request") }
        return state { state in
            guard let number = request.number("pull_request_id"), var comments = state.pullRequests[number] else {
                return Self.noPullRequest
            }
            let answer = change(&state, &comments, raw)
            state.pullRequests[number] = comments
            return answer
        }
    }

    private func entity(_ comment: BitbucketState.Comment, _ request: SimulatedRequest) -> JSONValue {
        let entity: JSONValue = [
            "type": "pullrequest_comment", "id": .int(comment.id), "deleted": .bool(comment.isDeleted),
            "content": ["raw": .string(comment.raw), "markup": "markdown", "html": ""],
            "user": Self.account(comment.author), "created_on": .string(request.moment.timestamp),
            "updated_on": .string(request.moment.timestamp),
        ]
        return comment.path.map { entity.merging(["inline": ["path": .string($0), "to": 1]]) } ?? entity
    }
}
