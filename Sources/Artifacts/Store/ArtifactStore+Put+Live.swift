import CICore
import SystemPackage

package import struct FoundationEssentials.Date

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How a tree is put.
package struct PutPolicy: Sendable, Hashable {
    /// What is done with an artifact of the same name; one with the same content is always fine.
    package enum Taken: Sendable, Hashable {
        case refuse
        case replace
    }

    package var taken: Taken
    /// Whether anything that would be left out ends the whole.
    package var isStrict: Bool
    /// Whether all must be on the disk at the end, so that a power failure loses nothing either.
    package var isDurable: Bool

    package init(taken: Taken = .refuse, isStrict: Bool = false, isDurable: Bool = false) {
        self.taken = taken
        self.isStrict = isStrict
        self.isDurable = isDurable
    }
}

/// What a put came to.
package struct PutReport: Sendable, Hashable {
    package var artifact: StoredArtifact
    /// Whether an artifact of this name and content was there already.
    package var isUnchanged = false
    /// Contents that the store did not have, and their bytes.
    package var added = StoredArtifact.Totals()
    /// What was left out though it was wanted.
    package var losses = PutRemarks()
    /// What was kept otherwise than it is called, or changed while it was read.
    package var changes = PutRemarks()
    /// Names that were left out because they begin with a dot.
    package var hidden = 0
}

extension ArtifactStore {
    /// Keeps a tree under a name.
    ///
    /// The artifact is there at once and as a whole when its manifest is put in place, which is the last step; a process
    /// that ends before leaves contents that nothing names and a staging directory that the next writer removes.
    ///
    /// - Throws: `StoreError`; the store is as it was then, but for contents that nothing names.
    package func put(
        _ source: ArtifactSource, as name: ArtifactName, at time: Date, policy: PutPolicy = PutPolicy()
    ) async throws(StoreError) -> PutReport {
        try prepare()
        let lock = try StoreLock.waiting(lock, .shared)
        defer { withExtendedLifetime(lock) {} }
        try Staging.removeLeftovers(in: staging, of: self)
        if policy.taken == .replace { try refuseUnfinishedUpload(of: name) }
        let staging = try Staging.begin(in: staging)
        defer { withExtendedLifetime(staging) {} }
        let walk = try SourceWalk(source, avoiding: root)
        let draft = staging.directory.appending("manifest")
        var manifest = try ManifestWriter.begin(draft)
        let kept = try await write(walk, source, to: &manifest, in: staging.directory, policy)
        guard manifest.totals.entries > 0 else { throw Self.nothing(in: source, kept, hidden: walk.hidden) }
        let artifact = try manifest.finish(
            name: name, at: time, for: self.manifest(of: name), isDurable: policy.isDurable)
        let old = try publish(draft, artifact, policy)
        return PutReport(
            artifact: old ?? artifact, isUnchanged: old != nil, added: kept.added, losses: kept.losses,
            changes: kept.changes, hidden: walk.hidden)
    }

    /// A new `.dt-ci` directory ignores itself in git.
    private func prepare() throws(StoreError) {
        let parent = root.removingLastComponent()
        if parent.lastComponent?.string == ".dt-ci", SystemCall.status(at: parent) == nil {
            try SystemCall.makeDirectories(parent)
            // Without it all works as well.
            try? LocalFileSystem().write(Array("*\n".utf8), to: parent.appending(".gitignore"))
        }
        for directory in [objects, manifests, staging] { try SystemCall.makeDirectories(directory) }
    }

    private func write(
        _ walk: SourceWalk, _ source: ArtifactSource, to manifest: inout ManifestWriter, in staging: FilePath,
        _ policy: PutPolicy
    ) async throws(StoreError) -> ObjectWriter.Batch {
        let writer = ObjectWriter(
            store: self, staging: staging, isFollowing: source.symbolicLinks == .follow, isDurable: policy.isDurable)
        var batches = SourceBatches(walk)
        var total = ObjectWriter.Batch()
        let work = OrderedWork<SourceBatches.Batch, ObjectWriter.Batch> { batch throws(StoreError) in
            try writer.keep(batch.items, number: batch.number)
        }
        try await work.run(next: { () throws(StoreError) in try batches.next() }) { batch throws(StoreError) in
            for entry in batch.entries { try manifest.append(entry) }
            total.losses.add(batch.losses)
            total.changes.add(batch.changes)
            total.added.add(batch.added)
        }
        total.losses.add(walk.losses)
        total.changes.add(walk.changes)
        if policy.isStrict, let first = total.losses.lines.first {
            throw StoreError(
                .inaccessible,
                "\(total.losses.count) things cannot be kept, which --strict refuses; the first: \(first)")
        }
        return total
    }

    /// Gives the artifact that is there already with the same content.
    private func publish(
        _ draft: FilePath, _ artifact: StoredArtifact, _ policy: PutPolicy
    ) throws(StoreError) -> StoredArtifact? {
        if try !SystemCall.link(draft, to: artifact.manifest) {
            // What cannot be read is not the same, and only a replacement gets it out of the way.
            if let old = try? self.artifact(named: artifact.name), old.digest == artifact.digest { return old }
            guard policy.taken == .replace else {
                throw StoreError(
                    .taken,
                    "the store \(root) has another artifact called \(SafeText.line(artifact.name.rawValue)); "
                        + "--replace puts this one in its place")
            }
            try SystemCall.move(draft, to: artifact.manifest)
            try SystemCall.remove(uploadState(of: artifact.name))
        }
        if policy.isDurable { try SystemCall.synchronise(directory: manifests) }
        return nil
    }

    private func refuseUnfinishedUpload(of name: ArtifactName) throws(StoreError) {
        guard hasUnfinishedUpload(name) else { return }
        throw StoreError(
            .busy,
            "the upload of \(SafeText.line(name.rawValue)) is unfinished, so it is not replaced; finish it with "
                + "`dt-ci artifacts upload --resume` or take another name")
    }

    private static func nothing(
        in source: ArtifactSource, _ kept: ObjectWriter.Batch, hidden: Int
    ) -> StoreError {
        let hidden = hidden > 0 ? "; \(hidden) hidden names were left out (--hidden include)" : ""
        let lost = kept.losses.lines.first.map { "; \($0)" } ?? ""
        return StoreError(.missing, "nothing in \(SafeText.line(source.root.string)) is to be kept\(hidden)\(lost)")
    }
}
