import CICore
import CIProviders

/// A place that a badge can be put, for a README or a project's page to show.
package enum BadgePlace: String, Sendable, CaseIterable {
    case branch
    case gist
    case packages
    case projectBadge = "project-badge"
    case downloads
    case artifacts

    /// Whether everybody sees it there: a fork's pull request must not change it.
    private var isPublic: Bool { self != .artifacts }

    private var capability: Capability {
        switch self {
        case .branch: .repositoryFiles
        case .gist: .gist
        case .packages: .packages
        case .projectBadge: .projectBadge
        case .downloads: .downloads
        case .artifacts: .artifacts
        }
    }

    /// Puts a badge there, and says what became of it.
    package func put(_ badge: LocalReport, by publisher: Publisher) async -> [PublishLine] {
        guard !isPublic || publisher.run.context.pullRequest?.isFork != true else {
            return [PublishLine("\(rawValue): \(badge.shared.name)", .needless("a fork's badge is not the project's"))]
        }
        return await publisher.put([badge], on: capability, called: rawValue)
    }
}
