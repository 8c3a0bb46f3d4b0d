import CICore

extension SimulatedAPI {
    /// Gitea's and Forgejo's REST API, as far as a CI step needs it; its id is the scenario's forge.
    package static func gitea(_ scenario: Scenario, pullRequest: PullRequestState = .open) -> SimulatedAPI {
        let gitea = SimulatedGitHub(scenario, pullRequest: pullRequest)
        return SimulatedAPI(
            id: scenario.forge,
            routes: gitea.statusRoutes + gitea.commentRoutes + gitea.contentRoutes + gitea.accountRoutes
                + [Route(.post, SimulatedGitHub.path("/contents/{path...}"), gitea.create)],
            authorize: gitea.authorize, refuse: { why, _ in SimulatedGitHub.giteaWords(why) }, exhibit: gitea.exhibit)
    }
}

extension SimulatedGitHub {
    /// Creates a file, on a branch that exists or on a new one that begins where the default one is.
    @Sendable fileprivate func create(_ request: SimulatedRequest) -> SimulatedAnswer {
        guard let json = request.json, let content = json["content"]?.string.flatMap(Self.decoded) else {
            return Self.error(422, "content is not valid Base64")
        }
        let path = request["path"]
        let start = json["branch"]?.string ?? scenario.repository.defaultBranch
        let branch = json["new_branch"]?.string ?? start
        return state { state in
            guard let files = state.git.files(of: start) else {
                return Self.error(404, "branch does not exist [name: \(start)]")
            }
            if branch != start {
                guard state.git.branches[branch] == nil else {
                    return Self.error(422, "branch already exists [name: \(branch)]")
                }
                state.git.branches[branch] = state.git.branches[start]
            }
            guard files[path] == nil else { return Self.error(422, "repository file already exists [path: \(path)]") }
            let (blob, _) = state.git.commit(path, content, on: branch, message: json["message"]?.string ?? "")
            let page = "\(request.moment.base)/\(scenario.repository.slug)/src/branch/\(branch)/\(path)"
            return .json(201, ["content": ["path": .string(path), "sha": .string(blob), "html_url": .string(page)]])
        }
    }

    /// Gitea's words for what goes wrong outside of the handlers.
    fileprivate static func giteaWords(_ why: Refusal) -> SimulatedAnswer {
        switch why {
        case .notFound: .message(404, "The target couldn't be found.")
        case .readOnly: .message(403, "token does not have at least one of required scope(s): [write:repository]")
        default: why.answer
        }
    }
}
