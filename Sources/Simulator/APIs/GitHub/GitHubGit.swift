import CICore

import struct FoundationEssentials.Data

extension SimulatedGitHub {
    /// The git database: what a branch without history is made from.
    var gitRoutes: [Route] {
        [
            Route(.post, Self.path("/git/blobs"), addBlob), Route(.post, Self.path("/git/trees"), addTree),
            Route(.post, Self.path("/git/commits"), addCommit), Route(.post, Self.path("/git/refs"), addRef),
            Route(.patch, Self.path("/git/refs/{ref...}"), moveRef),
            Route(.get, Self.path("/git/ref/{ref...}")) { request in
                let branch = String(request["ref"].dropFirst("heads/".count))
                return state { $0.git.branches[branch] }.map { .json(200, Self.ref(branch, $0, request)) }
                    ?? Self.error(404, "Not Found")
            },
        ]
    }

    private static func ref(_ branch: String, _ commit: String, _ request: SimulatedRequest) -> JSONValue {
        let url = JSONValue.string("\(request.moment.base)/git")
        return [
            "ref": .string("refs/heads/\(branch)"), "node_id": "REF_1", "url": url,
            "object": ["type": "commit", "sha": .string(commit), "url": url],
        ]
    }

    @Sendable private func addBlob(_ request: SimulatedRequest) -> SimulatedAnswer {
        guard let json = request.json, let text = json["content"]?.string else {
            return Self.error(422, "Invalid request.\n\n\"content\" wasn't supplied.")
        }
        let content = json["encoding"]?.string == "base64" ? Self.decoded(text) : Array(text.utf8)
        guard let content else { return Self.error(422, "content is not valid Base64") }
        let sha = state { $0.git.add(blob: content) }
        return .json(201, ["sha": .string(sha), "url": .string("\(request.moment.base)/git/blobs/\(sha)")])
    }

    @Sendable private func addTree(_ request: SimulatedRequest) -> SimulatedAnswer {
        let entries = request.json?["tree"]?.array ?? []
        return state { state in
            var tree: [String: String] = [:]
            if let base = request.json?["base_tree"]?.string {
                // A commit stands for its tree.
                guard let files = state.git.trees[state.git.commits[base] ?? base] else {
                    return Self.error(422, "Invalid base_tree")
                }
                tree = files
            }
            var shown: [JSONValue] = []
            for entry in entries {
                let given = entry["content"]?.string.map { state.git.add(blob: Array($0.utf8)) } ?? entry["sha"]?.string
                guard let path = entry["path"]?.string, let blob = given, state.git.blobs[blob] != nil
                else { return Self.error(422, "tree.sha \(entry["sha"]?.string ?? "") is not a valid blob") }
                tree[path] = blob
                shown.append([
                    "path": .string(path), "mode": entry["mode"] ?? "100644", "type": "blob", "sha": .string(blob),
                    "url": "https://github.com",
                ])
            }
            guard !tree.isEmpty else { return Self.error(422, "Invalid tree info") }
            let sha = state.git.add(tree: tree)
            return .json(
                201,
                [
                    "sha": .string(sha), "url": .string("\(request.moment.base)/git/trees/\(sha)"),
                    "truncated": false, "tree": .array(shown),
                ])
        }
    }

    @Sendable private func addCommit(_ request: SimulatedRequest) -> SimulatedAnswer {
        guard let json = request.json, let message = json["message"]?.string, let tree = json["tree"]?.string else {
            return Self.error(422, "Invalid request.\n\n\"message\", \"tree\" weren't supplied.")
        }
        return state { state in
            guard state.git.trees[tree] != nil else { return Self.error(422, "Tree SHA does not exist") }
            let parents = json["parents"]?.array.compactMap(\.string) ?? []
            return .json(
                201,
                commit(state.git.add(commit: tree, parents: parents, message: message), tree, message, request))
        }
    }

    /// A commit as the API shows it.
    func commit(_ sha: String, _ tree: String, _ message: String, _ request: SimulatedRequest) -> JSONValue {
        let url = JSONValue.string("\(request.moment.base)/git/commits/\(sha)")
        let page = JSONValue.string("https://github.com/\(scenario.repository.slug)/commit/\(sha)")
        let person: JSONValue = [
            "name": "simulated", "email": "bot@example.org", "date": .string(request.moment.timestamp),
        ]
        return [
            "sha": .string(sha), "node_id": "C_1", "url": url, "html_url": page, "author": person, "committer": person,
            "message": .string(message), "tree": ["sha": .string(tree), "url": url], "parents": [],
            "verification": [
                "verified": false, "reason": "unsigned", "signature": nil, "payload": nil, "verified_at": nil,
            ],
        ]
    }

    @Sendable private func addRef(_ request: SimulatedRequest) -> SimulatedAnswer {
        guard let ref = request.json?["ref"]?.string, ref.hasPrefix("refs/heads/"),
            let commit = request.json?["sha"]?.string
        else { return Self.error(422, "Reference name must start with 'refs/' and contain at least two slashes") }
        let branch = String(ref.dropFirst("refs/heads/".count))
        return state { state in
            guard state.git.branches[branch] == nil else { return Self.error(422, "Reference already exists") }
            guard state.git.commits[commit] != nil else { return Self.error(422, "Object does not exist") }
            state.git.branches[branch] = commit
            return .json(201, Self.ref(branch, commit, request))
        }
    }

    /// Moves a branch to a commit that came after the one it stands on.
    @Sendable private func moveRef(_ request: SimulatedRequest) -> SimulatedAnswer {
        let branch = String(request["ref"].dropFirst("heads/".count))
        guard let commit = request.json?["sha"]?.string else {
            return Self.error(422, "Invalid request.\n\n\"sha\" wasn't supplied.")
        }
        return state { state in
            guard let standing = state.git.branches[branch] else { return Self.error(422, "Reference does not exist") }
            guard state.git.commits[commit] != nil else { return Self.error(422, "Object does not exist") }
            guard request.json?["force"]?.bool == true || state.git.reaches(standing, from: commit) else {
                return Self.error(422, "Update is not a fast forward")
            }
            state.git.branches[branch] = commit
            return .json(200, Self.ref(branch, commit, request))
        }
    }

    /// Base64 with line breaks in it, as GitHub takes it.
    static func decoded(_ text: String) -> [UInt8]? {
        Data(base64Encoded: String(text.filter { !$0.isNewline })).map { Array($0) }
    }
}
