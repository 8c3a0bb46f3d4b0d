package import CICore
package import SystemPackage

/// Files and trees, each content kept once under its digest, each artifact a manifest of what it holds.
///
/// Any number of processes may use a store at once; one that was killed leaves nothing that another cannot work with.
package struct ArtifactStore: Sendable {
    /// Absolute, or as seen from the working directory.
    package let root: FilePath

    /// Nothing is touched yet; what is not there yet is an empty store.
    package init(at root: FilePath) { self.root = root }

    /// Where the content of this digest is, or would be.
    package func path(of digest: ContentDigest) -> FilePath {
        objects.appending(String(digest.hexadecimal.prefix(2))).appending(String(digest.hexadecimal.dropFirst(2)))
    }

    /// The artifact of this name.
    ///
    /// - Throws: `StoreError`; `.missing` if there is none.
    package func artifact(named name: ArtifactName) throws(StoreError) -> StoredArtifact {
        let path = manifest(of: name)
        do {
            return try ManifestEntries(path).artifact
        } catch {
            guard error.code == .missing else { throw error }
            throw StoreError(.missing, "the store \(root) has no artifact called \(SafeText.line(name.rawValue))")
        }
    }

    /// The entries of an artifact, as they are now.
    package func entries(of artifact: StoredArtifact) throws(StoreError) -> ManifestEntries {
        try ManifestEntries(artifact.manifest)
    }

    /// All artifacts by name, and one error for each manifest that cannot be read.
    ///
    /// - Throws: `StoreError` where the store itself cannot be read.
    package func artifacts() throws(StoreError) -> (artifacts: [StoredArtifact], damaged: [StoreError]) {
        var found: [StoredArtifact] = []
        var damaged: [StoreError] = []
        for name in try names(in: manifests) where name.hasSuffix(Self.manifestExtension) {
            do {
                found.append(try ManifestEntries(manifests.appending(name)).artifact)
            } catch {
                // It was removed since the listing.
                if error.code != .missing { damaged.append(error) }
            }
        }
        return (found.sorted { $0.name < $1.name }, damaged)
    }

    /// Where the state of an artifact's uploads is kept; while its JSON has a member `pending` that is true, the artifact
    /// is never removed.
    package func uploadState(of name: ArtifactName) -> FilePath {
        root.appending("uploads").appending("\(name.fileName).json")
    }

    /// Whether the state says so, or cannot be understood.
    func hasUnfinishedUpload(_ name: ArtifactName) -> Bool {
        let path = uploadState(of: name)
        do {
            let bytes = try LocalFileSystem().contents(of: path, limit: 16 << 20)
            return bytes.withUnsafeBufferPointer { JSONValue($0) }?["pending"]?.bool ?? true
        } catch {
            return error.errno != .noSuchFileOrDirectory
        }
    }

    static let manifestExtension = ".jsonl"
    var objects: FilePath { root.appending("objects") }
    var manifests: FilePath { root.appending("manifests") }
    var staging: FilePath { root.appending("staging") }
    var lock: FilePath { root.appending("lock") }

    func manifest(of name: ArtifactName) -> FilePath { manifests.appending(name.fileName + Self.manifestExtension) }

    /// Sorted; none where the directory is not there.
    func names(in directory: FilePath) throws(StoreError) -> [String] {
        do {
            return try LocalFileSystem().entries(of: directory).map(\.name)
        } catch {
            if error.errno == .noSuchFileOrDirectory { return [] }
            throw StoreError(error.errno, "read", directory)
        }
    }
}
