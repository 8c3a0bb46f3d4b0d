import CICore
import Crypto

/// Files on a branch of the repository, committed one by one.
struct GitLabFileShelf: BranchShelf {
    private let client: APIClient
    private let build: GitLabBuild
    private let files: any FileSystem
    private(set) var branch: String
    /// What the branch is made from, where the build tells.
    private let start: String?

    init(client: APIClient, build: GitLabBuild, _ access: APIAccess) {
        self.client = client
        self.build = build
        files = access.files
        branch = access.filesBranch
        start = access.context.service == CIService.gitLabCI.id ? access["CI_DEFAULT_BRANCH"] : nil
    }

    func put(_ file: SharedFile) async throws(APIError) -> String? {
        let name = GitLabFileName.safe(file.name)
        let path: APIPath = "/projects/\(build.project)/repository/files/\(name)"
        let bytes = try file.bytes(from: files, limit: Self.limit)
        let digest = Hexadecimal.text(of: SHA256.hash(data: bytes))
        var tries = Self.tries
        while true {
            let standing = try await standing(path)
            if standing.digest == digest { break }
            do {
                try await client.create(
                    await call(bytes, name: name, path: path, over: standing), read: { _ in },
                    unless: { () async throws(APIError) -> Void? in
                        try await self.standing(path).digest == digest ? () : nil
                    })
                break
            } catch  where (error.code == .refused || error.code == .conflict) && tries > 1 {
                // Another job has moved the branch or made it; what stands there now decides anew.
                tries -= 1
                try await client.pause(.seconds(1))
            }
        }
        return page(of: name)
    }

    func on(_ branch: String) -> Self {
        var shelf = self
        shelf.branch = branch
        return shelf
    }

    private func page(of name: String) -> String? {
        build.page.map { "\($0)/-/blob/\(PercentEncoding.encode(branch))/\(name)" }
    }

    /// The URL of the bytes themselves, for browsers.
    func raw(_ name: String) -> String? {
        build.page.map { "\($0)/-/raw/\(PercentEncoding.encode(branch))/\(GitLabFileName.safe(name))" }
    }

    private static let limit = 10 << 20
    private static let tries = 4

    /// What is on the branch now.
    private struct Standing {
        var hasBranch: Bool
        /// SHA-256 of the file; `nil` where there is none.
        var digest: String?
    }

    private func standing(_ path: APIPath) async throws(APIError) -> Standing {
        let answer = try await client.send(APICall(.get, path, query: [("ref", branch)], accepting: [404]))
        guard answer.status == 404 else {
            return Standing(hasBranch: true, digest: try answer.json()["content_sha256"]?.string ?? "")
        }
        return Standing(hasBranch: !answer.text.contains("Commit Not Found"), digest: nil)
    }

    private func call(_ bytes: [UInt8], name: String, path: APIPath, over standing: Standing) async -> APICall {
        let origin = standing.hasBranch ? nil : await origin()
        return APICall(standing.digest == nil ? .post : .put, path).json { writer in
            writer.member("branch", branch)
            writer.present("start_branch", origin)
            writer.member("commit_message", "Update \(name) [skip ci]")
            writer.member("encoding", "base64")
            writer.member("content", Base64.encode(bytes))
        }
    }

    /// The default branch; the latest pipeline that is asked for without a branch is one of it.
    private func origin() async -> String {
        if let start { return start }
        // Without an answer the usual name is as good as any; a wrong one is refused with GitLab's own words.
        let latest = try? await client.send(APICall(.get, "/projects/\(build.project)/pipelines/latest")).json()
        return latest?["ref"]?.string ?? "main"
    }
}
