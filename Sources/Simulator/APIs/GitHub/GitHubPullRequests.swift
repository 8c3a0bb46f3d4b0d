import CICore

extension SimulatedGitHub {
    var pullRequestRoutes: [Route] {
        [Route(.get, Self.path("/pulls"), pulls)]
    }

    /// The scenario's pull request, where state and head are those asked for.
    @Sendable private func pulls(_ request: SimulatedRequest) -> SimulatedAnswer {
        state { state in
            let owner = scenario.sourceSlug.split(separator: "/").first.map(String.init) ?? ""
            let label = "\(owner):\(scenario.source.branch)"
            let isOpen = ["open", "all"].contains(request.query["state"] ?? "open")
            let isHead = request.query["head"].map { $0 == label } ?? true
            let isThere = state.pullRequest != .deleted && isOpen && isHead
            return Self.page(isThere ? [pull(request, owner: owner, label: label)] : [], of: request)
        }
    }

    private func pull(_ request: SimulatedRequest, owner: String, label: String) -> JSONValue {
        let number = scenario.source.pullRequest
        let url = "https://api.github.com/repos/\(scenario.repository.slug)"
        let page = "https://github.com/\(scenario.repository.slug)/pull/\(number)"
        let links = [
            ("self", "\(url)/pulls/\(number)"), ("html", page), ("issue", "\(url)/issues/\(number)"),
            ("comments", "\(url)/issues/\(number)/comments"),
            ("review_comments", "\(url)/pulls/\(number)/comments"),
            ("review_comment", "\(url)/pulls/comments{/number}"), ("commits", "\(url)/pulls/\(number)/commits"),
            ("statuses", "\(url)/statuses/\(scenario.source.head)"),
        ]
        let addresses = links.filter { $0.0 != "self" }.map { ("\($0.0)_url", JSONValue.string($0.1)) }
        return .object(Dictionary(addresses) { $1 }).merging([
            "url": .string("\(url)/pulls/\(number)"), "id": .int(5000 + number), "node_id": "PR_1",
            "diff_url": .string("\(page).diff"), "patch_url": .string("\(page).patch"), "number": .int(number),
            "state": "open", "locked": false, "title": "Make widgets faster", "user": Self.account(owner), "body": nil,
            "labels": [], "milestone": nil, "created_at": .string(request.moment.timestamp),
            "updated_at": .string(request.moment.timestamp), "closed_at": nil, "merged_at": nil,
            "merge_commit_sha": .string(scenario.source.merge), "assignee": nil, "author_association": "NONE",
            "auto_merge": nil, "draft": false,
            "head": [
                "label": .string(label), "ref": .string(scenario.source.branch), "sha": .string(scenario.source.head),
                "user": Self.account(owner), "repo": repository(request),
            ],
            "base": [
                "label": .string("\(scenario.repository.owner):\(scenario.repository.defaultBranch)"),
                "ref": .string(scenario.repository.defaultBranch), "sha": .string(scenario.source.base),
                "user": Self.account(scenario.repository.owner), "repo": repository(request),
            ],
            "_links": .object(Dictionary(links.map { ($0.0, ["href": .string($0.1)]) }) { $1 }),
        ])
    }
}
