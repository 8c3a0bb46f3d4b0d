import CIProviders
import Synchronization

/// A pull request's comments in memory, with the slowness of a real forge: others get in between every read and write.
final class SharedThread: CommentThread {
    private let state = Mutex(State())
    private let owner: String?
    private let account: String?
    private let lag: Int

    private struct State {
        var comments: [PostedComment] = []
        var next = 1
        var lag = 0
    }

    /// `account` is what the API says who we are, where that is not what it signs comments with; after a comment is made,
    /// `lag` lists come without it.
    init(owner: String? = "bot", account: String? = nil, lag: Int = 0, comments: [PostedComment] = []) {
        self.owner = owner
        self.account = account ?? owner
        self.lag = lag
        state.withLock {
            $0.comments = comments
            $0.next = (comments.map(\.id.comment).max() ?? 0) + 1
        }
    }

    var bodies: [String] { state.withLock { $0.comments.map(\.body) } }

    func comments() async throws(APIError) -> [PostedComment] {
        await Task.yield()
        return state.withLock { state in
            guard state.lag > 0 else { return state.comments }
            state.lag -= 1
            return Array(state.comments.dropLast())
        }
    }

    func author() async throws(APIError) -> String? { account }

    func create(_ body: String, marker: String) async throws(APIError) -> PostedComment {
        for _ in 0..<3 { await Task.yield() }
        return state.withLock { state in
            let comment = PostedComment(id: CommentID(comment: state.next), body: body, author: owner)
            state.next += 1
            state.comments.append(comment)
            state.lag = lag
            return comment
        }
    }

    func update(_ id: CommentID, to body: String) async throws(APIError) {
        for _ in 0..<3 { await Task.yield() }
        let isThere = state.withLock { state in
            guard let index = state.comments.firstIndex(where: { $0.id == id }) else { return false }
            state.comments[index].body = body
            return true
        }
        if !isThere { throw APIError(.notFound, "update") }
    }

    func delete(_ id: CommentID) async throws(APIError) {
        state.withLock { $0.comments.removeAll { $0.id == id } }
    }

    func settle(_ id: CommentID, isDone: Bool) async throws(APIError) {}
}
