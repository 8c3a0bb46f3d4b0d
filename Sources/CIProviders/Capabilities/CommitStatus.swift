/// A verdict pinned to a commit: GitHub's and GitLab's commit status, Bitbucket's build status, Azure's git status.
package struct CommitStatus: Sendable, Hashable {
    /// How far the run is and how it went.
    package enum State: String, Sendable, Hashable, CaseIterable {
        case pending
        case running
        case passed
        case failed
        /// Infrastructure or configuration, not the tests.
        case errored
        case cancelled
    }

    package var state: State
    /// What tells it from other statuses of the commit, such as `dt-ci` or `dt-ci / linux`.
    package var name: String
    /// One line; each API cuts it to its own limit.
    package var summary: String
    /// Where a click leads.
    package var url: String?

    package init(state: State, name: String, summary: String, url: String? = nil) {
        self.state = state
        self.name = name
        self.summary = summary
        self.url = url
    }
}

/// Takes statuses of one commit or pull request; posting the same name again replaces what stands.
package protocol StatusBoard: Sendable {
    /// Posts a status. That the API refuses a transition to where it already is counts as done.
    func post(_ status: CommitStatus) async throws(APIError)
}
