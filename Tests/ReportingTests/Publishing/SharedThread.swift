import CIProviders
import Synchronization

/// A pull request's comments in memory, with the slowness of a real forge: others get in between every read and write.
final class SharedThread: CommentThread {
    private let state = Mutex(State())
    private let owner: String?

    private struct State {
        var comments: [PostedComment] = []
        var next = 1
    }

    init(owner: String? = "bot", comments: [PostedComment] = []) {
        self.owner = owner
        state.withLock {
            $0.comments = comments
            $0.next = (comments.map(\.id.comment).max() ?? 0) + 1
        }
    }

    var bodies: [String] { state.withLock { $0.comments.map(\.body) } }

    func comments() async throws(APIError) -> [PostedComment] {
        await Task.yield()
        return state.withLock { $0.comments }
    }

    func author() async throws(APIError) -> String? { owner }

    func create(_ body: String, marker: String) async throws(APIError) -> PostedComment {
        for _ in 0..<3 { await Task.yield() }
        return state.withLock { state in
            let comment = PostedComment(id: CommentID(comment: state.next), body: body, author: owner)
            state.next += 1
            state.comments.append(comment)
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
