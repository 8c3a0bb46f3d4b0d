import CICore

/// A comment that stands on a pull request.
package struct PostedComment: Sendable, Hashable {
    /// Ordered as the forge numbers them: the lower, the earlier.
    package var id: CommentID
    package var body: String
    /// The account that wrote it; `nil` where the API does not tell.
    package var author: String?

    package init(id: CommentID, body: String, author: String? = nil) {
        self.id = id
        self.body = body
        self.author = author
    }
}

/// A comment's number, with that of its thread where the forge has threads.
package struct CommentID: Sendable, Hashable, Comparable {
    package var thread: Int
    package var comment: Int

    package init(thread: Int = 0, comment: Int) {
        self.thread = thread
        self.comment = comment
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.thread, left.comment) < (right.thread, right.comment)
    }
}

/// The comments of one pull request. It knows nothing of markers: which comment is ours is decided by `StickyComment`.
package protocol CommentThread: Sendable {
    /// Every comment that could be ours, of all pages, deleted ones left out, oldest first.
    func comments() async throws(APIError) -> [PostedComment]
    /// The account whose token this is, as in `PostedComment.author`; `nil` where the token may not ask.
    func author() async throws(APIError) -> String?
    /// `marker` is part of the body and of no other comment: by it a comment whose answer was lost is found again.
    func create(_ body: String, marker: String) async throws(APIError) -> PostedComment
    func update(_ id: CommentID, to body: String) async throws(APIError)
    /// A comment that is not there any more counts as deleted.
    func delete(_ id: CommentID) async throws(APIError)
    /// Marks the comment's discussion as done or open, where the forge has such a mark; otherwise does nothing.
    func settle(_ id: CommentID, isDone: Bool) async throws(APIError)
}

extension CommentThread {
    package func settle(_ id: CommentID, isDone: Bool) async throws(APIError) {}

    /// The comment with the marker, where one stands: whether a creation whose answer was lost was done.
    func standing(_ marker: String) async throws(APIError) -> PostedComment? {
        try await comments().first { $0.body.contains(marker) }
    }
}

extension APIAnswer {
    /// The comment that was made, as its API writes comments.
    func comment(_ read: (JSONValue) -> PostedComment?) throws(APIError) -> PostedComment {
        guard let comment = read(try json()) else { throw malformed("the answer is no comment") }
        return comment
    }
}
