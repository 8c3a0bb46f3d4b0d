import CICore
import CIProviders
import Orchestrator

/// Whether a build is one whose badges the project shows.
struct BadgeOccasion {
    let settings: BadgeSettings
    let detection: Detection
    /// The repository's default branch; `nil` = nobody knows.
    let defaultBranch: String?

    /// Why the places are left as they are, as a sentence without a full stop; `nil` = they are to change.
    var obstacle: String? {
        let context = detection.context
        // A build of a branch may know of the branch's pull request, but not where that goes.
        if context.pullRequest != nil, detection.decidedBy[.pullRequestTarget] != nil {
            return "left as they are by a pull request"
        }
        guard let branch = context.source.branch else { return "left as they are where no branch is built" }
        guard !settings.sources.contains(where: { covers($0, branch) }) else { return nil }
        return "left as they are by branch \(SafeText.line(branch, limit: 100)) (badge: branches: "
            + "\(SafeText.line(settings.sources.joined(separator: ", "), limit: 200)))"
    }

    private func covers(_ pattern: String, _ branch: String) -> Bool {
        guard pattern == "default" else { return TestPattern(pattern).covers(branch) }
        return defaultBranch.map { $0 == branch } ?? ["main", "master"].contains(branch)
    }
}
