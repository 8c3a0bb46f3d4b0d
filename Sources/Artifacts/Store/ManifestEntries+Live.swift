import CICore
import Crypto
package import SystemPackage

/// The entries of a manifest, read one at a time in constant memory and checked on the way.
package final class ManifestEntries {
    /// What the first line says.
    package let artifact: StoredArtifact
    private var lines: LineReader
    private var last: String?
    private var seen = StoredArtifact.Totals()
    private var hash = SHA256()
    private static let lineFeed: [UInt8] = [UInt8(ascii: "\n")]

    /// Opens a manifest and reads its first line.
    ///
    /// - Throws: `StoreError` that names the manifest and the line.
    package init(_ manifest: FilePath) throws(StoreError) {
        lines = try LineReader(manifest, lineLimit: ManifestV1.lineLimit)
        do throws(StoreError) {
            guard
                let artifact = try lines.next({ line throws(StoreError) in
                    try ManifestV1.artifact(from: line, at: manifest)
                })
            else { throw StoreError(.malformed, "is empty") }
            self.artifact = artifact
        } catch {
            throw Self.located(error, manifest, line: 1)
        }
    }

    /// The next entry; `nil` after the last.
    ///
    /// - Throws: `StoreError` that names the manifest and the line: for what is no entry, what is out of order, and at the
    ///   end for totals or a digest that differ from the first line's.
    /// - Returns: entries in the order of `ArtifactPath`, none twice.
    package func next() throws(StoreError) -> ArtifactEntry? {
        do {
            guard let entry = try lines.next({ line throws(StoreError) in try self.entry(from: line) }) else {
                try finish()
                return nil
            }
            return entry
        } catch {
            throw Self.located(error, artifact.manifest, line: lines.lineNumber)
        }
    }

    private func entry(from line: UnsafeBufferPointer<UInt8>) throws(StoreError) -> ArtifactEntry {
        let entry = try ManifestV1.entry(from: line)
        if let last, !ArtifactPath.precedes(last, entry.path) {
            throw StoreError(.malformed, "the path \(SafeText.line(entry.path)) is out of order or there twice")
        }
        last = entry.path
        seen.add(entry)
        hash.update(bufferPointer: UnsafeRawBufferPointer(line))
        hash.update(data: Self.lineFeed)
        return entry
    }

    private func finish() throws(StoreError) {
        guard seen == artifact.totals else {
            throw StoreError(
                .malformed, "\(seen.entries) entries of \(artifact.totals.entries) are there, the rest is cut off")
        }
        guard ContentDigest(bytes: hash.finalize()) == artifact.digest else {
            throw StoreError(.malformed, "the entries are not those that the first line's digest is of")
        }
    }

    private static func located(_ error: StoreError, _ manifest: FilePath, line: Int) -> StoreError {
        guard error.code == .malformed || error.code == .unusable else { return error }
        return StoreError(.malformed, "\(SafeText.line(manifest.string, limit: 1024)), line \(line): \(error)")
    }
}
