import CICore

/// A commit status as it was posted.
struct GitHubStatus: Sendable {
    let id: Int
    let commit: String
    let context: String
    let state: String
    let description: String
    let url: String?

    /// The newest of each context and commit.
    static func shown(_ all: [GitHubStatus]) -> [ShownStatus] {
        var newest: [String: GitHubStatus] = [:]
        for status in all { newest[status.commit + status.context] = status }
        return newest.values.sorted { $0.id < $1.id }.map { status in
            ShownStatus(
                name: status.context, state: status.state, tone: status.tone, summary: status.description,
                url: status.url, place: status.commit)
        }
    }

    private var tone: Tone {
        switch state {
        case "success": .good
        case "pending": .waiting
        default: .bad
        }
    }

    func document(_ request: SimulatedRequest, creator: String) -> JSONValue {
        [
            "id": .int(id), "node_id": .string("S_\(id)"), "state": .string(state), "status": .string(state),
            "description": .string(description), "target_url": .text(url), "context": .string(context),
            "url": .string("\(request.moment.base)/statuses/\(commit)"), "avatar_url": nil,
            "created_at": .string(request.moment.timestamp), "updated_at": .string(request.moment.timestamp),
            "creator": SimulatedGitHub.account(creator),
        ]
    }
}

extension SimulatedGitHub {
    var statusRoutes: [Route] {
        [
            Route(.post, Self.path("/statuses/{sha}"), post),
            Route(.get, Self.path("/commits/{ref}/statuses")) { request in
                let all = state { $0.statuses.filter { $0.commit == request["ref"] } }
                return Self.page(all.reversed().map { $0.document(request, creator: author) }, of: request)
            },
        ]
    }

    @Sendable private func post(_ request: SimulatedRequest) -> SimulatedAnswer {
        let commit = request["sha"]
        if let missing = missing(commit: commit) { return missing }
        guard let json = request.json, let word = json["state"]?.string,
            ["error", "failure", "pending", "success"].contains(word)
        else { return Self.invalid("Status", "state", "state is not included in the list") }
        let description = json["description"]?.string ?? ""
        let limit = scenario.forge == "github" ? 140 : 65_535
        guard description.unicodeScalars.count <= limit else {
            return Self.invalid("Status", "description", "description is too long (maximum is 140 characters)")
        }
        let url = json["target_url"]?.string
        if let url, !url.hasPrefix("http://"), !url.hasPrefix("https://") {
            return Self.invalid("Status", "target_url", "target_url must use http(s) scheme")
        }
        return state { state in
            let status = GitHubStatus(
                id: state.nextID(), commit: commit, context: json["context"]?.string ?? "default", state: word,
                description: description, url: url)
            state.statuses.append(status)
            return .json(201, status.document(request, creator: author))
        }
    }
}
