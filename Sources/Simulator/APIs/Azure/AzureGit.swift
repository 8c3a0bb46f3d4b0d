import CICore

/// The branches of a simulated repository, each with its tip and files.
struct AzureGit: Sendable {
    /// A branch.
    struct Branch: Sendable {
        var tip: String
        var files: [String: [UInt8]]
    }

    var branches: [String: Branch]

    init(_ scenario: Scenario) {
        branches = [scenario.repository.defaultBranch: Branch(tip: scenario.source.base, files: [:])]
    }

    /// Files that were pushed.
    var shown: [ShownFile] {
        branches.sorted { $0.key < $1.key }.flatMap { name, branch in
            branch.files.sorted { $0.key < $1.key }.map {
                ShownFile(shelf: "Branch \(name)", path: String($0.drop { $0 == "/" }), size: Int64($1.count))
            }
        }
    }
}

extension SimulatedAzure {
    var gitRoutes: [Route] {
        [
            Route(.get, Self.git("/refs"), refs), Route(.get, Self.git("/items"), items),
            Route(.post, Self.git("/pushes"), push),
            Route(.get, Self.git("/pullrequests/{pullRequestId}")) { request in
                refusal(ofPullRequest: request)
                    ?? .json(
                        200,
                        [
                            "pullRequestId": .int(scenario.source.pullRequest),
                            "status": .string(state { $0.pullRequest.rawValue }),
                            "sourceRefName": .string("refs/heads/\(scenario.source.branch)"),
                            "targetRefName": .string("refs/heads/\(scenario.repository.defaultBranch)"),
                        ])
            },
        ]
    }

    /// Names that begin with the filter, one page at a time.
    @Sendable private func refs(_ request: SimulatedRequest) -> SimulatedAnswer {
        let filter = "refs/" + (request.query["filter"] ?? "")
        let all = state { $0.git.branches.map { (name: "refs/heads/\($0)", tip: $1.tip) } }
            .filter { $0.name.hasPrefix(filter) }.sorted { $0.name < $1.name }
        let start = request.query["continuationToken"].flatMap(Int.init) ?? 0
        let size = max(1, request.query["$top"].flatMap(Int.init) ?? 100)
        let page = all.dropFirst(start).prefix(size).map { ref -> JSONValue in
            ["name": .string(ref.name), "objectId": .string(ref.tip)]
        }
        let answer = SimulatedAnswer.json(200, ["count": .int(page.count), "value": .array(page)])
        return start + size < all.count ? answer.with("x-ms-continuationtoken", String(start + size)) : answer
    }

    @Sendable private func items(_ request: SimulatedRequest) -> SimulatedAnswer {
        let branch = request.query["versionDescriptor.version"] ?? scenario.repository.defaultBranch
        let path = request.query["scopePath"] ?? "/"
        guard let bytes = state({ $0.git.branches[branch]?.files[path] }) else {
            return Self.error(
                404, "GitItemNotFoundException",
                "TF401174: The item '\(path)' could not be found in the repository.")
        }
        let item: JSONValue = [
            "objectId": .string(GitBlob.id(of: bytes)), "gitObjectType": "blob", "path": .string(path),
        ]
        return .json(200, ["count": 1, "value": [item]])
    }

    @Sendable private func push(_ request: SimulatedRequest) -> SimulatedAnswer {
        guard let update = request.json?["refUpdates"]?.array.first, let ref = update["name"]?.string,
            ref.hasPrefix("refs/heads/"), let old = update["oldObjectId"]?.string,
            let commit = request.json?["commits"]?.array.first
        else { return Self.error(400, "ArgumentException", "A push needs a ref update and a commit.") }
        let name = String(ref.dropFirst("refs/heads/".count))
        return state { state in
            let standing = state.git.branches[name]
            guard (standing?.tip ?? String(repeating: "0", count: 40)) == old else {
                return Self.error(
                    409, "GitReferenceStaleException",
                    "TF401028: The reference '\(ref)' has already been updated by another client.")
            }
            var branch = standing ?? AzureGit.Branch(tip: "", files: [:])
            for change in commit["changes"]?.array ?? [] {
                guard let path = change["item"]?["path"]?.string, let kind = change["changeType"]?.string,
                    let content = change["newContent"]?["content"]?.string
                else { return Self.error(400, "ArgumentException", "A change needs an item and its content.") }
                guard (branch.files[path] == nil) == (kind == "add") else {
                    return Self.error(
                        400, "GitItemConflictException", "TF401035: The path '\(path)' does or does not exist.")
                }
                let isEncoded = change["newContent"]?["contentType"]?.string == "base64encoded"
                branch.files[path] = isEncoded ? Base64Text.decode(content) ?? [] : Array(content.utf8)
            }
            branch.tip = GitBlob.id(of: Array("commit \(state.nextID())".utf8))
            state.git.branches[name] = branch
            return .json(
                201,
                [
                    "pushId": .int(state.lastID), "date": .string(request.moment.timestamp),
                    "refUpdates": [
                        [
                            "name": .string(ref), "oldObjectId": .string(old), "newObjectId": .string(branch.tip),
                        ]
                    ],
                ])
        }
    }
}
