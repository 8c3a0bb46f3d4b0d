/// What an API can do for a run; the support matrix lists these.
package enum Capability: String, Sendable, Hashable, CaseIterable {
    case commitStatus = "commit status"
    case pullRequestStatus = "pull request status"
    /// Verdict, text and annotations in one: check run, Code Insights.
    case annotatedReport = "annotated report"
    case comment
    case artifacts
    case packages
    case repositoryFiles = "files on a branch"
    case gist
    case downloads
    case projectBadge = "project badge"
    case testRun = "test run"
    case buildText = "text beside the build"
    case buildTags = "build tags"
    case buildProblem = "build problems"
    case journal = "jobs, tests and logs of a build"
}

/// A capability that is at hand, or what stands in its way.
package enum Access<Port: Sendable>: Sendable {
    case open(Port)
    case closed(Obstacle)

    /// The way in; `nil` where there is none.
    package var port: Port? {
        guard case .open(let port) = self else { return nil }
        return port
    }

    /// What stands in the way; `nil` where nothing does.
    package var obstacle: Obstacle? {
        guard case .closed(let obstacle) = self else { return nil }
        return obstacle
    }
}

/// Why a capability is not at hand, and the one thing to do about it.
package struct Obstacle: Sendable, Hashable {
    /// A sentence without a full stop: `no token for GitHub`.
    package var reason: String
    /// The same for what to do: `add GITHUB_TOKEN: ${{ github.token }} to the step's env`.
    package var advice: String

    package init(_ reason: String, advice: String) {
        self.reason = reason
        self.advice = advice
    }
}

/// What a token may do, as the API says.
package struct PermissionFinding: Sendable, Hashable {
    package var capability: Capability
    /// `nil` where the API does not tell without doing it.
    package var isGranted: Bool?
    /// The variable that holds the token; empty where there is none.
    package var token: String
    /// What to add where it is missing.
    package var advice: String
    /// Why the API did not tell, or that it does not take the token at all.
    package var trouble: APIError?

    package init(
        _ capability: Capability, isGranted: Bool?, token: String, advice: String, trouble: APIError? = nil
    ) {
        self.capability = capability
        self.isGranted = isGranted
        self.token = token
        self.advice = advice
        self.trouble = trouble
    }
}
