import CICore

/// One commit of several files on top of a branch, made of a tree, a commit and a ref; a branch that is not there yet begins
/// with it and shares no history with the code.
struct GitHubBranchCommit: Sendable {
    let repository: GitHubRepository
    let branch: String

    /// A file at the top of the branch.
    struct File: Sendable {
        var name: String
        var content: [UInt8]
    }

    /// What the branch points to; `nil` for a branch that is yet to be made.
    func tip() async throws(APIError) -> String? {
        let answer = try await repository.client.send(
            APICall(.get, "/repos/\(repository.owner)/\(repository.name)/git/ref/heads/\(branch)", accepting: [404]))
        guard answer.status != 404 else { return nil }
        guard let sha = try answer.json()["object"]?["sha"]?.string else {
            throw answer.malformed("the ref has no commit")
        }
        return sha
    }

    /// Puts the files on top of a commit, and returns the address that their pages begin with. That somebody else moved the
    /// branch meanwhile is a `.refused` or `.conflict`.
    func put(_ files: [File], onto tip: String?) async throws(APIError) -> String? {
        let tree = try await tree(of: files, over: tip)
        let names = files.map(\.name).joined(separator: ", ")
        let (commit, answer) = try await commit(tip == nil ? "Add \(names)" : "Update \(names)", tree, over: tip)
        try await move(to: commit, isNew: tip == nil)
        // The API names no page of a file in a tree; it stands beside the commit's.
        let end = "/commit/\(commit)"
        guard let page = try answer.json()["html_url"]?.string, page.hasSuffix(end) else { return nil }
        return "\(page.dropLast(end.count))/blob/\(PercentEncoding.encode(branch))/"
    }

    /// What is text goes into the tree as it is; only other bytes need a blob of their own. `base` is a commit, which stands
    /// for its tree.
    private func tree(of files: [File], over base: String?) async throws(APIError) -> String {
        var entries: [(name: String, member: String, value: String)] = []
        for file in files {
            if let text = String(validating: file.content, as: UTF8.self) {
                entries.append((file.name, "content", text))
            } else {
                entries.append((file.name, "sha", try await blob(file.content)))
            }
        }
        return try await make("trees") { json in
            if let base { json.member("base_tree", base) }
            json.key("tree")
            json.array(entries) { json, entry in
                json.object { json in
                    json.member("path", entry.name)
                    json.member("mode", "100644")
                    json.member("type", "blob")
                    json.key(dynamic: entry.member)
                    json.value(entry.value)
                }
            }
        }.sha
    }

    private func blob(_ content: [UInt8]) async throws(APIError) -> String {
        try await make("blobs") { json in
            json.member("content", Base64.encode(content))
            json.member("encoding", "base64")
        }.sha
    }

    private func commit(
        _ message: String, _ tree: String, over parent: String?
    ) async throws(APIError) -> (sha: String, answer: APIAnswer) {
        try await make("commits") { json in
            json.member("message", message)
            json.member("tree", tree)
            json.key("parents")
            json.array([parent].compactMap(\.self)) { $0.value($1) }
        }
    }

    private func move(to commit: String, isNew: Bool) async throws(APIError) {
        let branch = branch
        guard !isNew else {
            try await repository.replace(
                call(.post, "refs") { json in
                    json.member("ref", "refs/heads/\(branch)")
                    json.member("sha", commit)
                })
            return
        }
        let path: APIPath = "/repos/\(repository.owner)/\(repository.name)/git/refs/heads/\(branch)"
        try await repository.replace(
            APICall(.patch, path).json { json in
                json.member("sha", commit)
                json.member("force", false)
            })
    }

    /// Makes an object; one made twice is the same or stays unseen.
    private func make(
        _ kind: String, _ write: (inout JSONWriter) -> Void
    ) async throws(APIError) -> (sha: String, answer: APIAnswer) {
        let answer = try await repository.replace(call(.post, kind, write))
        guard let sha = try answer.json()["sha"]?.string else { throw answer.malformed("the answer has no sha") }
        return (sha, answer)
    }

    private func call(_ method: HTTPRequest.Method, _ kind: String, _ write: (inout JSONWriter) -> Void) -> APICall {
        APICall(method, "/repos/\(repository.owner)/\(repository.name)/git/\(kind)").json(write)
    }
}
