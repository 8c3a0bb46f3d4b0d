import CICore
import Crypto
import SystemPackage

package import struct FoundationEssentials.Date

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A place that artifacts come back from.
package protocol PlaceReader: Sendable {
    /// As people call it.
    var title: String { get }
    var form: PlaceForm { get }

    /// Hands over the bytes of a parcel, part by part.
    ///
    /// - Returns: how many there were; `nil` if there is no such parcel.
    /// - Throws: `PlaceError`, also that of `sink`.
    func get(
        _ parcel: String, into sink: (_ part: [UInt8]) throws(PlaceError) -> Void
    ) async throws(PlaceError) -> Int64?
}

/// Brings an artifact from a place into the store, and checks on the way what its manifest says.
package struct ArtifactFetch: Sendable {
    private let store: ArtifactStore
    private let place: any PlaceReader
    private let limits: ArchiveLimits
    private let policy: PutPolicy

    /// More than this is no manifest: two million entries come to a third of it.
    private static let manifestLimit: Int64 = 2 << 30

    package init(
        from place: any PlaceReader, into store: ArtifactStore, limits: ArchiveLimits = ArchiveLimits(),
        policy: PutPolicy = PutPolicy()
    ) {
        self.place = place
        self.store = store
        self.limits = limits
        self.policy = policy
    }

    /// The artifact, which is in the store then.
    ///
    /// - Throws: `StoreError`, with `.missing` where the place has none of this name, or `PlaceError`.
    package func fetch(_ name: ArtifactName, at time: Date) async throws -> StoredArtifact {
        try SystemCall.makeDirectories(store.staging)
        let staging = try Staging.begin(in: store.staging)
        defer { withExtendedLifetime(staging) {} }
        let manifest = staging.directory.appending("manifest.jsonl")
        let tree = staging.directory.appending("tree")
        try SystemCall.makeDirectories(tree)
        var hasManifest = true
        if case .archive(false) = place.form { hasManifest = false }
        if hasManifest {
            try await require(name.manifestPath, of: name, to: manifest, limit: Self.manifestLimit)
            try check(manifest, is: name)
        }
        switch place.form {
        case .files: try await fetchFiles(of: manifest, name, to: tree)
        case .archive:
            let archive = staging.directory.appending("archive.zip")
            try await require(name.archivePath, of: name, to: archive, limit: limits.size)
            _ = try ZipExtraction.extract(archive, to: tree, limits: limits)
            if hasManifest { try checkFiles(of: manifest, in: tree) }
        }
        let source = ArtifactSource(root: tree, picks: [.init(path: "")], includesHidden: true)
        let artifact = try await store.put(source, as: name, at: time, policy: policy).artifact
        guard try !hasManifest || artifact.digest == ManifestEntries(manifest).artifact.digest else {
            throw StoreError(.damaged, "what \(place.title) has of \(text(name)) is not what its manifest says")
        }
        return artifact
    }

    private func check(_ manifest: FilePath, is name: ArtifactName) throws {
        let artifact = try ManifestEntries(manifest).artifact
        guard artifact.name == name else {
            throw StoreError(.malformed, "\(place.title) has the manifest of another artifact under \(text(name))")
        }
        guard artifact.totals.size <= limits.size, artifact.totals.entries <= limits.entries else {
            throw StoreError(
                .tooLarge,
                "\(text(name)) has \(artifact.totals.entries) entries with \(SizeText.short(artifact.totals.size)), "
                    + "more than --unpacked-files or --unpacked-size allow")
        }
    }

    /// Links come last: nothing is ever written through one.
    private func fetchFiles(of manifest: FilePath, _ name: ArtifactName, to tree: FilePath) async throws {
        let entries = try ManifestEntries(manifest)
        var links: [(FilePath, String)] = []
        while let entry = try entries.next() {
            let path = entry.path.split(separator: "/").reduce(tree) { $0.appending(String($1)) }
            try SystemCall.makeDirectories(path.removingLastComponent())
            switch entry.kind {
            case .emptyDirectory: try SystemCall.makeDirectories(path)
            case .symbolicLink(let target): links.append((path, target))
            case .file(let content):
                let parcel = "\(name.fileName)/\(entry.path)"
                let digest = try await require(
                    parcel, of: name, to: path, limit: content.size, mode: content.isExecutable ? 0o755 : 0o644)
                guard digest == content.digest else {
                    throw StoreError(
                        .damaged, "\(SafeText.line(entry.path)) of \(place.title) is not what its digest says")
                }
            }
        }
        for (path, target) in links {
            try SystemCall.check(
                path.withPlatformString { path in target.withCString { symlink($0, path) } }, "make the link", path)
        }
    }

    private func checkFiles(of manifest: FilePath, in tree: FilePath) throws {
        let entries = try ManifestEntries(manifest)
        while let entry = try entries.next() {
            guard let content = entry.file else { continue }
            let path = entry.path.split(separator: "/").reduce(tree) { $0.appending(String($1)) }
            var digest = SHA256()
            var offset: Int64 = 0
            while offset < content.size {
                let chunk = try LocalFileSystem().contents(of: path, from: offset, count: 1 << 20)
                if chunk.isEmpty { break }
                digest.update(data: chunk)
                offset += Int64(chunk.count)
            }
            guard ContentDigest(bytes: digest.finalize()) == content.digest else {
                throw StoreError(
                    .damaged, "\(SafeText.line(entry.path)) of \(place.title) is not what its digest says")
            }
        }
    }

    /// Writes a parcel that must be there to a file that is not.
    @discardableResult
    private func require(
        _ parcel: String, of name: ArtifactName, to path: FilePath, limit: Int64, mode: UInt32 = 0o644
    ) async throws -> ContentDigest {
        let file = try SystemCall.createFile(path, mode: mode)
        defer { try? file.close() }  // a lost write shows when its digest is compared
        var digest = SHA256()
        var size: Int64 = 0
        let count = try await place.get(parcel) { part throws(PlaceError) in
            size += Int64(part.count)
            guard size <= limit else {
                throw PlaceError(.refused, "\(SafeText.line(parcel)) of \(place.title) is larger than it may be")
            }
            digest.update(data: part)
            do {
                try file.writeAll(part)
            } catch {
                throw PlaceError(.damaged, "cannot write \(path): \(error as? Errno ?? .ioError)")
            }
        }
        guard count != nil else {
            throw StoreError(.missing, "\(place.title) has no artifact called \(text(name)), or not all of it")
        }
        return ContentDigest(bytes: digest.finalize())
    }

    private func text(_ name: ArtifactName) -> String { SafeText.line(name.rawValue) }
}

extension DirectoryPlace: PlaceReader {
    package func get(
        _ parcel: String, into sink: (_ part: [UInt8]) throws(PlaceError) -> Void
    ) async throws(PlaceError) -> Int64? {
        let path = path(of: parcel)
        guard LocalFileSystem().kind(of: path) == .file else { return nil }
        var offset: Int64 = 0
        while true {
            let chunk: [UInt8]
            do {
                chunk = try LocalFileSystem().contents(of: path, from: offset, count: 1 << 20)
            } catch {
                throw PlaceError(.unavailable, error.description)
            }
            if chunk.isEmpty { return offset }
            try sink(chunk)
            offset += Int64(chunk.count)
        }
    }
}
