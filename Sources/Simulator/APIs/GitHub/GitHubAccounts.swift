import CICore

extension SimulatedGitHub {
    var accountRoutes: [Route] {
        [
            Route(.get, "/user") { _ in .json(200, Self.account(author).merging(Self.profile)) },
            Route(.get, Self.path("")) { request in .json(200, repository(request)) },
            Route(.get, "/rate_limit") { request in
                let rate: JSONValue = [
                    "limit": 5000, "remaining": 4900, "used": 100, "reset": .int(Int(request.moment.seconds) + 3600),
                ]
                return .json(200, ["resources": ["core": rate, "search": rate], "rate": rate])
            },
        ]
    }

    /// An account as every object names it.
    static func account(_ login: String) -> JSONValue {
        let url = "https://api.github.com/users/\(login)"
        let links = [
            "followers", "following", "gists", "starred", "subscriptions", "organizations", "repos", "events",
            "received_events",
        ].map { ("\($0)_url", JSONValue.string("\(url)/\($0)")) }
        return .object(Dictionary(links) { $1 }).merging([
            "login": .string(login), "id": 41_898_282, "node_id": "U_1",
            "avatar_url": "https://github.com/images/a.png",
            "gravatar_id": "", "url": .string(url), "html_url": .string("https://github.com/\(login)"),
            "type": .string(login.hasSuffix("[bot]") ? "Bot" : "User"), "site_admin": false,
        ])
    }

    private static let profile: [String: JSONValue] = [
        "name": nil, "company": nil, "blog": nil, "location": nil, "email": nil, "hireable": nil, "bio": nil,
        "public_repos": 1, "public_gists": 1, "followers": 0, "following": 0, "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2020-01-01T00:00:00Z",
    ]

    func repository(_ request: SimulatedRequest) -> JSONValue {
        let url = "https://api.github.com/repos/\(scenario.repository.slug)"
        let page = "https://github.com/\(scenario.repository.slug)"
        let links = [
            "archive", "assignees", "blobs", "branches", "collaborators", "comments", "commits", "compare", "contents",
            "contributors", "deployments", "downloads", "events", "forks", "git_commits", "git_refs", "git_tags",
            "hooks",
            "issue_comment", "issue_events", "issues", "keys", "labels", "languages", "merges", "milestones",
            "notifications", "pulls", "releases", "stargazers", "statuses", "subscribers", "subscription", "tags",
            "teams", "trees",
        ].map { ("\($0)_url", JSONValue.string("\(url)/\($0)")) }
        let counts = [
            "forks_count", "stargazers_count", "watchers_count", "size", "open_issues_count", "subscribers_count",
            "network_count", "forks", "open_issues", "watchers",
        ].map { ($0, JSONValue.int(0)) }
        let flags = [
            "private", "fork", "has_issues", "has_projects", "has_wiki", "has_pages", "has_discussions", "archived",
            "disabled",
        ].map { ($0, JSONValue.bool(false)) }
        let mayPush = !scenario.tokens.isReadOnly && !isInstallation
        return .object(Dictionary(links + counts + flags) { $1 }).merging([
            "id": .int(scenario.repository.id), "node_id": "R_1", "name": .string(scenario.repository.name),
            "full_name": .string(scenario.repository.slug), "owner": Self.account(scenario.repository.owner),
            "html_url": .string(page), "description": nil, "url": .string(url), "git_url": .string("\(page).git"),
            "ssh_url": .string("git@github.com:\(scenario.repository.slug).git"), "clone_url": .string("\(page).git"),
            "svn_url": .string(page), "mirror_url": nil, "homepage": nil, "language": nil, "license": nil,
            "default_branch": .string(scenario.repository.defaultBranch),
            "pushed_at": .string(request.moment.timestamp),
            "created_at": "2020-01-01T00:00:00Z", "updated_at": .string(request.moment.timestamp),
            "permissions": ["admin": false, "push": .bool(mayPush), "pull": true],
        ])
    }
}
