package import CIProviders

/// Keeps one comment of ours on a pull request, however many jobs write to it at once.
///
/// No forge lets a comment be changed only if nobody else has changed it. So every job writes what it read with its own
/// section in it, reads again, and writes again until its section stands: the lowest id wins, twins are taken in and
/// removed. Where other jobs are about, it waits for longer than one write takes before it believes what it reads.
package struct StickyComment: Sendable {
    private let thread: any CommentThread
    private let name: String
    private let dialect: MarkdownDialect
    private let budget: TextBudget
    private let pause: @Sendable (ClosedRange<Double>) async throws -> Void

    /// `pause` waits for a random time of so many seconds.
    package init(
        _ thread: any CommentThread, name: String, dialect: MarkdownDialect, budget: TextBudget,
        pause: @escaping @Sendable (ClosedRange<Double>) async throws -> Void
    ) {
        self.thread = thread
        self.name = name
        self.dialect = dialect
        self.budget = budget
        self.pause = pause
    }

    /// How it ended.
    package enum Outcome: Sendable, Hashable {
        case posted(CommentID)
        /// A newer run has spoken already.
        case superseded
        /// Others kept writing over it to the last try.
        case contested(CommentID)
        /// There is no comment, and none was wanted.
        case unneeded

        package var id: CommentID? {
            switch self {
            case .posted(let id), .contested(let id): id
            case .superseded, .unneeded: nil
            }
        }
    }

    /// What our own comments have, the oldest first; `nil` where the API does not tell which are ours.
    package func standing() async throws(APIError) -> [SectionedComment]? {
        guard let author = try await thread.author() else { return nil }
        return try await thread.comments().filter { $0.author == author }
            .compactMap { SectionedComment($0.body, name: name) }
    }

    /// Makes the section stand in the one comment, with what is to be remembered of the run. `hasCompany` = other jobs of this build may be writing too; without
    /// `creates` only a comment that is there already is changed.
    package func post(
        _ section: CommentSection, remembering memory: CommentMemory? = nil, hasCompany: Bool, creates: Bool = true
    ) async throws(APIError) -> Outcome {
        var author = try await thread.author()
        var isCrowded = hasCompany
        var last: CommentID?
        var wasStable = false
        var unseen = 0
        for _ in 0..<Self.rounds {
            let ours = try await ours(by: author)
            if let made = last, ours.isEmpty {
                // A list that lags behind: what was made is not made again.
                unseen += 1
                guard unseen < Self.patience else { return .posted(made) }
                await wait()
                continue
            }
            guard creates || !ours.isEmpty else { return .unneeded }
            var merged = SectionedComment(name: name)
            for comment in ours {
                for other in comment.content.sections { merged.take(other) }
                merged.join(comment.content.memories)
            }
            let isStanding = ours.first?.content[section.key].map { $0.order == section.order } ?? false
            guard merged.take(section) else { return .superseded }
            if let memory { merged.remember(memory) }
            isCrowded = isCrowded || ours.count > 1 || merged.sections.count > 1
            if let id = last, isStanding, ours.count == 1, !isCrowded || wasStable { return .posted(id) }
            wasStable = isStanding && ours.count == 1
            if wasStable {
                last = ours.first?.id
            } else {
                let written = try await write(merged, over: ours)
                last = written.id
                // A forge may call the account otherwise than it signs its comments.
                author = written.author ?? author
            }
            if isCrowded { await wait() }
        }
        guard let last else { return .superseded }
        return .contested(last)
    }

    /// Marks the discussion as done when everything is green, where the forge has such a mark.
    package func settle(_ id: CommentID, isDone: Bool) async throws(APIError) {
        try await thread.settle(id, isDone: isDone)
    }

    private static let rounds = 12
    /// Lists without a comment of ours after which it is believed to stand all the same.
    private static let patience = 4

    private typealias OwnComment = (id: CommentID, content: SectionedComment)

    private func ours(by author: String?) async throws(APIError) -> [OwnComment] {
        try await thread.comments()
            .filter { author == nil || $0.author == nil || $0.author == author }
            .compactMap { comment in
                SectionedComment(comment.body, name: name).map { (id: comment.id, content: $0) }
            }
            .sorted { $0.id < $1.id }
    }

    /// The comment that has the text, and its author where it was made just now.
    private func write(
        _ merged: SectionedComment, over ours: [OwnComment]
    ) async throws(APIError) -> (id: CommentID, author: String?) {
        let text = merged.text(in: dialect, within: budget)
        guard let first = ours.first else {
            let made = try await thread.create(text, marker: SectionedComment.mark(name: name, in: dialect))
            return (made.id, made.author)
        }
        do {
            if first.content != merged || ours.count > 1 { try await thread.update(first.id, to: text) }
        } catch  where error.code == .notFound {
            // Somebody has just deleted it: the next round starts afresh.
            return (first.id, nil)
        }
        for twin in ours.dropFirst() { try await thread.delete(twin.id) }
        return (first.id, nil)
    }

    /// Longer than reading and writing takes; a cancelled wait is a short one, the verdict still has to go out.
    private func wait() async { try? await pause(0.4...1.2) }
}
