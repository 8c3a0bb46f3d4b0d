import CICore
import Crypto

/// GitLab's registry of generic packages: one package `dt-ci`, with one version a pipeline. The job's own token may write.
struct GitLabPackageShelf: FileShelf {
    let client: APIClient
    let build: GitLabBuild
    /// Whether its files are in a version of their own, which is no pipeline's.
    var isLasting = false

    func put(_ file: SharedFile) async throws(APIError) -> String? {
        let path = path(of: file.name)
        let answer = try await client.send(
            APICall(
                .put, path, query: [("select", "package_file")],
                headers: [HTTPHeader("Content-Type", "application/octet-stream")], body: HTTPBody(file.content)))
        // The file is there whatever the answer looks like; GitLab before 14 says but `201 Created`.
        let stored = try? answer.json()
        if let digest = file.digest, let arrived = stored?["file_sha256"]?.string.flatMap({ ContentDigest($0) }),
            arrived != digest
        {
            throw answer.malformed("what arrived is not what was sent")
        }
        let id = stored?["id"]?.int
        if let id, let page = build.page { return "\(page)/-/package_files/\(id)/download" }
        return client.base + path.text
    }

    private func path(of name: String) -> APIPath {
        "/projects/\(build.project)/packages/generic/dt-ci/\(version)/\(GitLabFileName.safe(name))"
    }

    /// Three numbers, as GitLab before 15 insists on.
    private var version: String {
        if isLasting { return "0.0.0-lasting" }
        if let number = Int(build.run), number >= 0 { return "0.0.\(number)" }
        return "0.0.0-\(GitLabFileName.safe(build.run))"
    }
}

extension GitLabPackageShelf: FileSource {
    func get(
        _ name: String, into sink: (_ part: [UInt8]) throws(APIError) -> Void
    ) async throws(APIError) -> Int64? {
        let path = path(of: name)
        return try await RangedDownload(what: "\(client.title): GET \(path.text)").run(
            fetch: { headers async throws(APIError) -> APIAnswer in
                try await client.send(APICall(.get, path, headers: headers, accepting: [404, 416]))
            }, into: sink)
    }
}

extension GitLabPackageShelf: LastingShelf {
    func lasting() -> Self {
        var shelf = self
        shelf.isLasting = true
        return shelf
    }
}

/// Names that GitLab takes for files: letters, digits, `.`, `_` and `-`, of which the first is no dot.
enum GitLabFileName {
    /// The name itself, or one of legal characters that no other name turns into.
    static func safe(_ name: String) -> String {
        let scalars = name.unicodeScalars.map { isLegal($0) ? Character($0) : "-" }
        guard !scalars.elementsEqual(name) || scalars.first == "." || scalars.count > 200 || scalars.isEmpty else {
            return name
        }
        let digest = Hexadecimal.text(of: SHA256.hash(data: Array(name.utf8))).prefix(10)
        return "\(digest)-" + String(scalars.drop { $0 == "." }.suffix(180))
    }

    private static func isLegal(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": true
        default: false
        }
    }
}
