import Artifacts
import CICore

/// Whose state it is, as it stands beside it (`dt-ci/memory/v1`): one of another repository, branch or job is none.
struct MemoryOrigin: Hashable {
    let repository: String
    let branch: String
    let job: String

    static let file = "memory.json"
    private static let schema = "dt-ci/memory/v1"

    init(repository: String, branch: String, job: String) {
        self.repository = repository
        self.branch = branch
        self.job = job
    }

    /// `nil` for what is none.
    init?(reading bytes: [UInt8]) {
        guard let json = bytes.withUnsafeBufferPointer({ JSONValue($0) }), json["schema"]?.string == Self.schema,
            let repository = json["repository"]?.string, let branch = json["branch"]?.string,
            let job = json["job"]?.string
        else { return nil }
        self.init(repository: repository, branch: branch, job: job)
    }

    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("schema", Self.schema)
            writer.member("repository", repository)
            writer.member("branch", branch)
            writer.member("job", job)
        }
        writer.endLine()
        return writer.bytes
    }

    /// Tells branches apart also where their letters are not plain.
    var artifact: ArtifactName {
        get throws(StoreError) {
            let hash = StableHash.of([repository, branch, job].joined(separator: "\0"))
            let plain = branch.lowercased().unicodeScalars.map { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                    ? Character(scalar) : "-"
            }
            return try ArtifactName("dt-ci-state-\(String(plain.prefix(60)))-\(String(hash, radix: 16))")
        }
    }

    /// For people.
    var title: String {
        "\(SafeText.line(branch, limit: 100)) in job \(SafeText.line(job, limit: 100)) of "
            + SafeText.line(repository.isEmpty ? "this repository" : repository, limit: 200)
    }
}
