import CICore
import Crypto

/// Files on a branch of their own, such as a badge, through the contents API.
struct GitHubContentsShelf: BranchShelf {
    let repository: GitHubRepository
    let branch: String
    let files: any FileSystem

    /// Several jobs may write at once; each loses at most against all others.
    private static let tries = 8
    /// The contents API takes no more.
    private static let limit = 25 << 20

    func on(_ branch: String) -> Self { Self(repository: repository, branch: branch, files: files) }

    func put(_ file: SharedFile) async throws(APIError) -> String? {
        let content = try file.bytes(from: files, limit: Self.limit)
        let name = ShelfName.safe(file.name)
        return try await insistently { () async throws(APIError) in try await replace(name, with: content) }
    }

    func put(_ files: [SharedFile]) async throws(APIError) -> [String?] {
        guard files.count > 1, repository.flavor.manner.makesGitObjects else {
            var pages: [String?] = []
            for file in files { pages.append(try await put(file)) }
            return pages
        }
        var contents: [GitHubBranchCommit.File] = []
        for file in files {
            contents.append(
                .init(name: ShelfName.safe(file.name), content: try file.bytes(from: self.files, limit: Self.limit)))
        }
        let all = contents
        return try await insistently { () async throws(APIError) in try await replace(all) }
    }

    /// Writes those of the files that do not stand there already, in one commit.
    private func replace(_ files: [GitHubBranchCommit.File]) async throws(APIError) -> [String?] {
        let commit = GitHubBranchCommit(repository: repository, branch: branch)
        let tip = try await commit.tip()
        var pages: [String: String] = [:]
        var changes: [GitHubBranchCommit.File] = []
        for file in files {
            let standing = tip == nil ? nil : try await standing(file.name)
            pages[file.name] = standing?.page
            if standing?.sha != Self.blobName(of: file.content) { changes.append(file) }
        }
        guard !changes.isEmpty else { return files.map { pages[$0.name] } }
        let place = try await commit.put(changes, onto: tip)
        return files.map { file in pages[file.name] ?? place.map { $0 + PercentEncoding.encode(file.name) } }
    }

    private func insistently<Result: Sendable>(
        _ write: () async throws(APIError) -> Result
    ) async throws(APIError) -> Result {
        var attempt = 1
        while true {
            do {
                return try await write()
            } catch {
                // 409 and 422: somebody else was faster; what stands now has another name.
                guard attempt < Self.tries, error.code == .conflict || error.code == .refused else { throw error }
                try await repository.client.pause(.milliseconds(50 * attempt))
                attempt += 1
            }
        }
    }

    /// Writes the file unless it stands there already; a branch that is missing begins with it.
    private func replace(_ name: String, with content: [UInt8]) async throws(APIError) -> String? {
        let standing = try await standing(name)
        if let standing, standing.sha == Self.blobName(of: content) { return standing.page }
        do {
            return try await write(name, content, over: standing?.sha, on: [("branch", branch)])
        } catch {
            guard error.code == .notFound, standing == nil else { throw error }
            try await createBranch(name, content)
            return try await self.standing(name)?.page
        }
    }

    /// What the branch has at a path; `nil` for nothing.
    private func standing(_ name: String) async throws(APIError) -> (sha: String, page: String?)? {
        let answer = try await repository.client.send(
            APICall(.get, contents(name), query: [("ref", branch)], accepting: [404]))
        guard answer.status != 404 else { return nil }
        let json = try answer.json()
        guard let sha = json["sha"]?.string else { throw answer.malformed("the answer is no file") }
        return (sha, json["html_url"]?.string)
    }

    private func createBranch(_ name: String, _ content: [UInt8]) async throws(APIError) {
        if repository.flavor.manner.makesGitObjects {
            _ = try await GitHubBranchCommit(repository: repository, branch: branch)
                .put([.init(name: name, content: content)], onto: nil)
        } else {
            _ = try await write(name, content, over: nil, on: [("new_branch", branch)])
        }
    }

    private func write(
        _ name: String, _ content: [UInt8], over sha: String?, on branch: [(String, String?)]
    ) async throws(APIError) -> String? {
        // Gitea creates by POST and updates by PUT.
        let isPost = sha == nil && !repository.flavor.manner.makesGitObjects
        let call = APICall(isPost ? .post : .put, contents(name)).json { json in
            for (key, value) in branch + [
                ("message", "Update \(name)"), ("content", Base64.encode(content)), ("sha", sha),
            ] {
                guard let value else { continue }
                json.key(dynamic: key)
                json.value(value)
            }
        }
        let answer = try await repository.client.create(call, read: { $0 }, unless: { nil })
        return try answer.json()["content"]?["html_url"]?.string
    }

    private func contents(_ name: String) -> APIPath {
        "/repos/\(repository.owner)/\(repository.name)/contents/\(name)"
    }

    /// Git's name of a file's content.
    private static func blobName(of content: [UInt8]) -> String {
        var digest = Insecure.SHA1()
        digest.update(data: Array("blob \(content.count)\u{0}".utf8))
        digest.update(data: content)
        return Hexadecimal.text(of: digest.finalize())
    }
}
