import Artifacts
package import CICore
package import SystemPackage

/// Where a node writes its bundle: a directory with a name of its own among the bundles of the run.
package struct BundleDirectory: Sendable {
    /// The directory of all bundles below a run's results.
    package static let collection = "bundles"
    package let root: FilePath
    private let results: FilePath
    private let files: any FileSystem

    /// - Parameters:
    ///   - results: the directory of the run's results.
    ///   - position: the node.
    ///   - isResumed: whether it goes on from an earlier part of the run, whose bundles stay.
    ///   - files: where it is.
    package init(
        in results: FilePath, at position: NodePosition, isResumed: Bool = false, files: any FileSystem
    ) {
        self.results = results
        root = results.appending(Self.collection).appending((isResumed ? "resumed-" : "") + position.bundleName)
        self.files = files
    }

    package var events: FilePath { root.appending(BundleFile.events) }

    /// Makes the directory anew: an earlier run's bundle must not stand for this one.
    package func clear() throws(FileError) {
        // The manifest first, so that no moment has an old one beside new files.
        try files.remove(root.appending(BundleFile.manifest))
        try files.remove(root)
        try files.createDirectory(root)
    }

    /// Writes the results and the plan, and then the manifest over everything that is there.
    ///
    /// - Throws: `FileError`; without its manifest a bundle is recognised as a half one.
    package func write(
        _ results: RunResults, plan: PlanDocument, replay: ReplayRecord? = nil, _ manifest: BundleManifest
    ) throws {
        try takeAttachments(of: results)
        try ResultsV1.write(results, to: root.appending(BundleFile.results))
        try JUnitWriter(results).write(to: root.appending(BundleFile.junit))
        var json = JSONWriter(capacity: 64 << 10)
        PlanV1.write(plan.plan, details: plan.details, to: &json)
        json.endLine()
        try files.write(json.drain(), to: root.appending(BundleFile.plan))
        if let replay { try files.write(ReplayV1.bytes(of: replay), to: root.appending(BundleFile.replay)) }
        var manifest = manifest
        manifest.files = try BundleFile.all.compactMap { name in
            let path = root.appending(name)
            guard files.exists(path) else { return nil }
            let (digest, size) = try FileDigest.read(path, files: files)
            return BundleManifest.File(name: name, size: size, sha256: digest)
        }
        try files.write(BundleV1.bytes(of: manifest), to: root.appending(BundleFile.manifest))
    }

    /// What the results say of them, size and digest, is what they are checked against.
    private func takeAttachments(of results: RunResults) throws {
        for path in Set(results.artifacts.compactMap { $0.test == nil ? nil : $0.path }) {
            _ = try AttachmentKeeper.copy(self.results.appending(path), to: root.appending(path), files: files)
        }
    }
}
