import CICore
import FoundationEssentials
import SystemPackage

/// The `dt-ci/artifact/v1` document: JSON lines, first the artifact, then its entries in the order of `ArtifactPath`.
///
/// The first line is padded with spaces, so that its totals can be filled in when the last entry is known. Of an entry
/// the `kind` decides which members it has: `file` has `size`, `sha256`, `mediaType` and, if it is so, `executable`;
/// `symlink` has `target`; `directory` has none. `original` is there if a name had to be changed.
package enum ManifestV1 {
    package static let schema = "dt-ci/artifact/v1"
    private static let family = "dt-ci/artifact/v"
    /// Bytes of the first line, its line feed included.
    static let headLength = 2048
    /// A longer line is none of ours: two paths with every byte escaped.
    static let lineLimit = 64 << 10

    /// The first line, padded.
    static func head(_ artifact: StoredArtifact) -> [UInt8] {
        var json = JSONWriter(capacity: headLength)
        json.object { json in
            json.member("schema", schema)
            json.member("name", artifact.name.rawValue)
            json.member("createdAt", Timestamp.text(artifact.createdAt))
            json.member("entries", artifact.totals.entries)
            json.member("size", Int(artifact.totals.size))
            json.member("sha256", artifact.digest.hexadecimal)
        }
        let padding = [UInt8](repeating: 0x20, count: max(0, headLength - 1 - json.bytes.count))
        return json.bytes + padding + [UInt8(ascii: "\n")]
    }

    /// Adds one entry's line.
    static func append(_ entry: ArtifactEntry, to json: inout JSONWriter) {
        json.object { json in
            json.member("path", entry.path)
            switch entry.kind {
            case .file(let content):
                json.member("kind", "file")
                json.member("size", Int(content.size))
                json.member("sha256", content.digest.hexadecimal)
                json.member("mediaType", content.mediaType)
                if content.isExecutable { json.member("executable", true) }
            case .symbolicLink(let target):
                json.member("kind", "symlink")
                json.member("target", target)
            case .emptyDirectory:
                json.member("kind", "directory")
            }
            if let original = entry.original { json.member("original", original) }
        }
        json.endLine()
    }

    /// The first line as a value.
    ///
    /// - Throws: `StoreError` without the manifest's name.
    static func artifact(from line: UnsafeBufferPointer<UInt8>, at path: FilePath) throws(StoreError) -> StoredArtifact
    {
        guard let json = JSONValue(line), let found = json["schema"]?.string, found.hasPrefix(family) else {
            throw StoreError(.malformed, "is no manifest of an artifact")
        }
        guard found == schema else {
            throw StoreError(.malformed, "has the schema \(SafeText.line(found)), newer than \(schema); renew dt-ci")
        }
        guard let name = json["name"]?.string, let created = Timestamp.date(json["createdAt"]?.string),
            let entries = json["entries"]?.int, let size = json["size"]?.int, entries >= 0, size >= 0,
            let digest = json["sha256"]?.string.flatMap({ ContentDigest($0) })
        else { throw StoreError(.malformed, "lacks a name, time, total or digest") }
        return StoredArtifact(
            name: try ArtifactName(name), createdAt: created,
            totals: .init(size: Int64(size), entries: entries), digest: digest, manifest: path)
    }

    /// A later line as a value.
    ///
    /// - Throws: `StoreError` without the manifest's name and the line's number.
    static func entry(from line: UnsafeBufferPointer<UInt8>) throws(StoreError) -> ArtifactEntry {
        guard let json = JSONValue(line), let path = json["path"]?.string, let kind = json["kind"]?.string else {
            throw StoreError(.malformed, "is no entry with a path and a kind")
        }
        if let problem = ArtifactPath.problem(with: path) {
            throw StoreError(.malformed, "the path \(SafeText.line(path)) \(problem)")
        }
        return ArtifactEntry(
            path: path, kind: try self.kind(kind, of: path, json), original: json["original"]?.string)
    }

    private static func kind(
        _ kind: String, of path: String, _ json: JSONValue
    ) throws(StoreError) -> ArtifactEntry.Kind {
        switch kind {
        case "file":
            guard let size = json["size"]?.int, size >= 0,
                let digest = json["sha256"]?.string.flatMap({ ContentDigest($0) })
            else { throw StoreError(.malformed, "the file \(SafeText.line(path)) lacks a size or a digest") }
            return .file(
                .init(
                    size: Int64(size), digest: digest,
                    mediaType: json["mediaType"]?.string ?? MediaType.unknown,
                    isExecutable: json["executable"]?.bool ?? false))
        case "symlink":
            guard let target = json["target"]?.string, ArtifactPath.isInside(target: target, at: path) else {
                throw StoreError(.malformed, "the link \(SafeText.line(path)) leads out of the artifact")
            }
            return .symbolicLink(target: target)
        case "directory":
            return .emptyDirectory
        default:
            throw StoreError(.malformed, "the kind \(SafeText.line(kind, limit: 80)) is none of ours")
        }
    }
}
