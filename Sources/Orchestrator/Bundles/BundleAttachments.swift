import Artifacts
import CICore
import SystemPackage

/// Brings what the tests of one bundle attached to where the merged results are.
struct BundleAttachments: Sendable {
    /// The directory among the attachments: `node-0`, `node-0-attempt-2`.
    private let name: String
    private let home: AttachmentKeeper.Home
    private let files: any FileSystem

    init(of bundle: FoundBundle, home: AttachmentKeeper.Home, files: any FileSystem) {
        name = "node-\(bundle.manifest.position.index)" + (bundle.attempt > 1 ? "-attempt-\(bundle.attempt)" : "")
        self.home = home
        self.files = files
    }

    /// The test as the merged results have it.
    func renamed(_ test: TestRecord) -> TestRecord {
        guard !test.attachments.isEmpty else { return test }
        var test = test
        for (place, old) in test.attachments.enumerated() {
            guard let tail = Self.tail(of: old) else { continue }
            let new = home.shown(target(tail)).string
            test.attachments[place] = new
            for index in test.attempts.indices { test.attempts[index].rename(attachment: old, new) }
        }
        return test
    }

    /// Copies the files; their artifacts with the new paths, and how many were not as the bundle says.
    func copy(_ artifacts: [RunArtifact], from bundle: FilePath) -> (kept: [RunArtifact], damaged: Int) {
        var kept: [RunArtifact] = []
        var damaged = 0
        var known: [String: Bool] = [:]
        for artifact in artifacts {
            guard let path = artifact.path, let tail = Self.tail(of: path) else { continue }
            let isWhole = known[path] ?? copy(artifact, from: bundle.appending(path), to: target(tail))
            known[path] = isWhole
            damaged += isWhole ? 0 : 1
            guard isWhole else { continue }
            var artifact = artifact
            artifact.path = home.inside(target(tail)).string
            kept.append(artifact)
        }
        return (kept, damaged)
    }

    private func copy(_ artifact: RunArtifact, from source: FilePath, to target: FilePath) -> Bool {
        // A link could lead out of the bundle; a large file is no attachment that a node has kept.
        guard files.kind(of: source) == .file, let size = files.size(of: source),
            size <= AttachmentKeeper.Limits().file,
            let entries = try? files.entries(of: source.removingLastComponent()),
            entries.first(where: { $0.name == source.lastComponent?.string })?.kind == .file
        else { return false }
        do {
            return try AttachmentKeeper.copy(source, to: target, files: files).digest == artifact.digest
        } catch {
            return false
        }
    }

    private func target(_ tail: [FilePath.Component]) -> FilePath {
        home.attachments.appending(name).appending(tail)
    }

    /// Batch and file of `…/attachments/BATCH/FILE`; `nil` for what no node has written.
    private static func tail(of path: String) -> [FilePath.Component]? {
        let components = Array(FilePath(path).components)
        guard components.count >= 3, components[components.count - 3].string == RunDirectory.attachmentsName else {
            return nil
        }
        let tail = Array(components.suffix(2))
        return tail.allSatisfy { $0.kind == .regular && !SafeName($0.string).isChanged } ? tail : nil
    }
}
