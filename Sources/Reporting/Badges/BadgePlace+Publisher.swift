package import CICore
import CIProviders

extension BadgePlace {
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

    /// Puts badges there, and says what became of each; on a forge's branch all in one commit where its API can.
    package func put(
        _ badges: [LocalReport], on branch: String, by publisher: Publisher
    ) async -> [PublishLine] {
        guard !isPublic || publisher.run.context.pullRequest?.isFork != true else {
            return badges.map {
                PublishLine("\(rawValue): \($0.shared.name)", .needless("a fork's badge is not the project's"))
            }
        }
        return await publisher.put(badges, on: capability, called: rawValue, branch: branch)
    }
}
