import CICore

/// A branch that shares no history with the code: made of a blob, a tree, a commit without parents and a ref.
struct GitHubOrphanBranch: Sendable {
    let repository: GitHubRepository
    let branch: String

    /// Creates the branch with one file. That it exists by now, if only by an answer that was lost, is a `.refused`.
    func create(_ name: String, _ content: [UInt8]) async throws(APIError) {
        let blob = try await make("blobs") { json in
            json.key("content")
            json.value(Base64.encode(content))
            json.key("encoding")
            json.value("base64")
        }
        let tree = try await make("trees") { json in
            json.key("tree")
            json.array([blob]) { json, blob in
                json.object { json in
                    for (key, value) in [("path", name), ("mode", "100644"), ("type", "blob"), ("sha", blob)] {
                        json.key(dynamic: key)
                        json.value(value)
                    }
                }
            }
        }
        let commit = try await make("commits") { json in
            json.key("message")
            json.value("Add \(name)")
            json.key("tree")
            json.value(tree)
            json.key("parents")
            json.array { _ in }
        }
        try await repository.replace(
            call("refs") { json in
                json.key("ref")
                json.value("refs/heads/\(branch)")
                json.key("sha")
                json.value(commit)
            })
    }

    /// Makes an object; one made twice is the same or stays unseen.
    private func make(_ kind: String, _ write: (inout JSONWriter) -> Void) async throws(APIError) -> String {
        let answer = try await repository.replace(call(kind, write))
        guard let sha = try answer.json()["sha"]?.string else { throw answer.malformed("the answer has no sha") }
        return sha
    }

    private func call(_ kind: String, _ write: (inout JSONWriter) -> Void) -> APICall {
        APICall(.post, "/repos/\(repository.owner)/\(repository.name)/git/\(kind)").json(write)
    }
}
