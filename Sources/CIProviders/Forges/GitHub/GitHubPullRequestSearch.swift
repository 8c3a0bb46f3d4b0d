import CICore
import SystemPackage

/// Finds the pull request that a `workflow_run` is about: its event lists none whose head is in a fork (GitHub's
/// documentation, "Events that trigger workflows").
enum GitHubPullRequestSearch {
    /// The open pull request with the event's branch and commit; `nil` where there is none or nobody may ask.
    ///
    /// All that is asked with comes from the event, which a fork cannot change.
    @Sendable static func find(_ access: APIAccess) async -> BuildContext.PullRequest? {
        guard access["GITHUB_EVENT_NAME"] == "workflow_run", let run = event(access)?["workflow_run"],
            let owner = run["head_repository"]?["owner"]?["login"]?.string, let branch = run["head_branch"]?.string,
            let commit = run["head_sha"]?.string,
            case .open(let repository) = GitHubDesk(flavor: .gitHub, access: access).repository(for: .comment)
        else { return nil }
        // Without an answer the comment says that it belongs to no pull request; the verdict is posted all the same.
        let pulls = try? await repository.list(
            "/repos/\(repository.owner)/\(repository.name)/pulls",
            query: [("state", "open"), ("head", "\(owner):\(branch)")])
        // A later push has a run of its own.
        guard let pull = pulls?.first(where: { $0["head"]?["sha"]?.string == commit }),
            let number = pull["number"]?.int
        else { return nil }
        let source = pull["head"]?["repo"]?["full_name"]?.string
        return .init(
            number: number, target: pull["base"]?["ref"]?.string, isFork: source != access.context.repository.slug)
    }

    private static func event(_ access: APIAccess) -> JSONValue? {
        // An event that cannot be read is none.
        guard let path = access["GITHUB_EVENT_PATH"],
            let bytes = try? access.files.contents(of: FilePath(path), limit: 16 << 20)
        else { return nil }
        return JSONValue(body: bytes)
    }
}
