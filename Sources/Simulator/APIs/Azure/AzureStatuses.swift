import CICore

/// A git status as it was posted.
struct AzureStatus: Sendable {
    /// What it is pinned to.
    enum Subject: Sendable, Hashable {
        case commit(String)
        case pullRequest(Int, iteration: Int?)
    }

    let id: Int
    let subject: Subject
    let genre: String?
    let name: String
    let state: String
    let description: String?
    let url: String?

    /// The newest of each context and subject.
    static func shown(_ all: [AzureStatus]) -> [ShownStatus] {
        var newest: [String: AzureStatus] = [:]
        for status in all { newest["\(status.place)/\(status.genre ?? "")/\(status.name)"] = status }
        return newest.values.sorted { $0.id < $1.id }.map { status in
            ShownStatus(
                name: status.name, state: status.state, tone: status.tone, summary: status.description ?? "",
                url: status.url, place: status.place)
        }
    }

    private var place: String {
        switch subject {
        case .commit(let commit): commit
        case .pullRequest(let number, _): "Pull request #\(number)"
        }
    }

    private var tone: Tone {
        switch state {
        case "succeeded": .good
        case "pending", "notSet": .waiting
        case "notApplicable": .neutral
        default: .bad
        }
    }

    func document(_ request: SimulatedRequest) -> JSONValue {
        var document: JSONValue = [
            "id": .int(id), "state": .string(state), "description": .text(description), "targetUrl": .text(url),
            "context": ["genre": .text(genre), "name": .string(name)], "createdBy": SimulatedAzure.account,
            "creationDate": .string(request.moment.timestamp), "updatedDate": .string(request.moment.timestamp),
        ]
        if case .pullRequest(_, let iteration?) = subject {
            document = document.merging(["iterationId": .int(iteration)])
        }
        return document
    }
}

extension SimulatedAzure {
    var statusRoutes: [Route] {
        [
            Route(.post, Self.git("/commits/{commitId}/statuses")) { request in
                guard knownCommits.contains(request["commitId"]) else {
                    return Self.error(
                        404, "GitCommitDoesNotExistException",
                        "TF401175: The version descriptor <Commit: \(request["commitId"])> could not be resolved.")
                }
                return post(request, .commit(request["commitId"]), status: 201)
            },
            Route(.get, Self.git("/commits/{commitId}/statuses")) { request in
                Self.list(documents(request) { $0 == .commit(request["commitId"]) }.reversed(), of: request)
            },
            Route(.post, Self.git("/pullRequests/{pullRequestId}/statuses")) { request in
                if let refused = refusal(ofPullRequest: request, isEditing: true) { return refused }
                let iteration = request.json?["iterationId"]?.int
                guard iteration.map({ (1...iterations.count).contains($0) }) ?? true else {
                    return Self.error(
                        400, "GitPullRequestIterationNotFoundException", "The iteration does not exist.")
                }
                return post(request, .pullRequest(scenario.source.pullRequest, iteration: iteration), status: 200)
            },
            Route(.get, Self.git("/pullRequests/{pullRequestId}/statuses")) { request in
                refusal(ofPullRequest: request)
                    ?? Self.list(
                        documents(request) {
                            if case .pullRequest = $0 { true } else { false }
                        }, of: request)
            },
            Route(.get, Self.git("/pullRequests/{pullRequestId}/iterations")) { request in
                refusal(ofPullRequest: request) ?? Self.list(iterations, of: request)
            },
        ]
    }

    private var knownCommits: [String] { [scenario.source.head, scenario.source.merge, scenario.source.base] }

    /// Two pushes, of which the second is the head.
    private var iterations: [JSONValue] {
        [scenario.source.base, scenario.source.head].enumerated().map { index, commit in
            ["id": .int(index + 1), "sourceRefCommit": ["commitId": .string(commit)], "reason": "push"]
        }
    }

    private func documents(
        _ request: SimulatedRequest, where isWanted: (AzureStatus.Subject) -> Bool
    ) -> [JSONValue] {
        let all = state { $0.statuses }
        return all.filter { isWanted($0.subject) }.map { $0.document(request) }
    }

    /// A pull request that is not there, or that takes no changes any more.
    func refusal(ofPullRequest request: SimulatedRequest, isEditing: Bool = false) -> SimulatedAnswer? {
        let standing = state { $0.pullRequest }
        guard request.number("pullRequestId") == scenario.source.pullRequest, standing != .deleted else {
            return Self.error(
                404, "GitPullRequestNotFoundException",
                "TF401180: The requested pull request was not found.")
        }
        guard isEditing, standing != .active else { return nil }
        return Self.error(
            400, "GitPullRequestNotEditableException",
            "TF401181: The pull request cannot be edited due to its state.")
    }

    private func post(
        _ request: SimulatedRequest, _ subject: AzureStatus.Subject, status: Int
    ) -> SimulatedAnswer {
        guard let json = request.json, let name = json["context"]?["name"]?.string, !name.isEmpty else {
            return Self.error(400, "ArgumentException", "Status context name cannot be null or empty.")
        }
        let states = ["notSet", "pending", "succeeded", "failed", "error", "notApplicable"]
        guard let word = json["state"]?.string, states.contains(word) else {
            return Self.error(400, "ArgumentException", "Value is not valid for parameter state.")
        }
        let url = json["targetUrl"]?.string
        if let url, !url.hasPrefix("http://"), !url.hasPrefix("https://") {
            return Self.error(400, "ArgumentException", "The target URL is not valid.")
        }
        return state { state in
            let made = AzureStatus(
                id: state.nextID(), subject: subject, genre: json["context"]?["genre"]?.string, name: name,
                state: word, description: json["description"]?.string, url: url)
            state.statuses.append(made)
            return .json(status, made.document(request))
        }
    }
}
