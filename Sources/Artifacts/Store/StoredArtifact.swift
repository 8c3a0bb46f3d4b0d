package import CICore
package import SystemPackage

package import struct FoundationEssentials.Date

/// An artifact of the store: the first line of its manifest, and where that is.
package struct StoredArtifact: Sendable, Hashable {
    package var name: ArtifactName
    package var createdAt: Date
    package var totals: Totals
    /// The SHA-256 of the manifest's lines after the first: equal for equal trees, whatever their name and time.
    package var digest: ContentDigest
    /// The manifest's file.
    package var manifest: FilePath

    package init(name: ArtifactName, createdAt: Date, totals: Totals, digest: ContentDigest, manifest: FilePath) {
        self.name = name
        self.createdAt = createdAt
        self.totals = totals
        self.digest = digest
        self.manifest = manifest
    }

    /// What it comes to.
    package struct Totals: Sendable, Hashable {
        /// Of all files together, in bytes.
        package var size: Int64
        /// Files, symbolic links and empty directories.
        package var entries: Int

        package init(size: Int64 = 0, entries: Int = 0) {
            self.size = size
            self.entries = entries
        }

        mutating func add(_ entry: ArtifactEntry) { add(entry.file?.size ?? 0) }

        mutating func add(_ size: Int64) { add(Self(size: size, entries: 1)) }

        mutating func add(_ other: Self) {
            entries += other.entries
            size += other.size
        }
    }
}
