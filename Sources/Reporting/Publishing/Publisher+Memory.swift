package import CICore
import CIProviders

import struct FoundationEssentials.Date

extension Publisher {
    /// What our comment on the pull request remembers.
    package enum Memory: Sendable {
        case baseline(Baseline)
        /// Nothing to compare with, and why: the end of a sentence without a full stop.
        case none(String)
    }

    /// What this job came to on an earlier commit of the pull request; `nil` where nothing is commented.
    ///
    /// Only a comment of our own account is believed.
    package func remembered() async -> Memory? {
        guard wantsComment, let forge, case .open(let thread) = forge.connection.comments else { return nil }
        let budget = TextBudget(scalars: 0, bytes: 0)
        let sticky = StickyComment(
            thread, name: run.settings.labels.name, dialect: forge.forge.dialect, budget: budget, pause: sinks.pause)
        do {
            guard let comments = try await sticky.standing() else {
                return .none("the forge does not say which comment on the pull request is ours")
            }
            let commit = run.context.source.commit
            let memories = comments.lazy.compactMap { $0.memory(of: run.section, before: commit) }
            guard let memory = memories.first else {
                return .none("no comment on the pull request remembers an earlier commit")
            }
            return .baseline(try memory.baseline())
        } catch let error as CommentMemory.Refusal {
            return .none("\(error)")
        } catch {
            return .none("the comments on the pull request cannot be read")
        }
    }

    /// What later runs are to remember of this one.
    func memory(of results: RunResults) -> CommentMemory? {
        let source = run.context.source
        let point = Baseline.Point(
            choice: .comment, commit: source.commit, branch: source.branch,
            at: Date(timeIntervalSince1970: Double(run.start)))
        return CommentMemory(results, key: run.section, at: point)
    }
}
