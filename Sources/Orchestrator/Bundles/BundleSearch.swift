package import CICore
package import SystemPackage

/// A bundle whose manifest was read.
package struct FoundBundle: Sendable, Hashable {
    /// Its directory.
    package var path: FilePath
    package var manifest: BundleManifest

    package init(path: FilePath, manifest: BundleManifest) {
        self.path = path
        self.manifest = manifest
    }
}

/// Finds bundles below directories, in whatever layout a CI service has unpacked them.
///
/// Symbolic links below the directories are not followed: what they lead to is not the bundle's.
package struct BundleSearch: Sendable {
    /// Deeper trees are no artifacts.
    private static let depthLimit = 24
    private let files: any FileSystem

    package init(files: any FileSystem) { self.files = files }

    /// What was found.
    package struct Findings: Sendable, Hashable {
        /// In the order of their paths.
        package var bundles: [FoundBundle] = []
        /// What does not count, and why; one sentence each.
        package var refused: [String] = []
        /// Nodes whose bundle has no end: their `dt-ci run` was killed.
        package var halves: [NodePosition] = []
    }

    /// Looks below every directory; one that cannot be read is told and hides nothing else.
    package func find(below directories: [FilePath]) -> Findings {
        var findings = Findings()
        var seen: Set<FilePath> = []
        for directory in directories {
            let root = directory.lexicallyNormalized()
            switch files.kind(of: root) {
            case .directory?: look(in: root, depth: 0, &findings, &seen)
            case nil: findings.refused.append("\(root): is not there")
            default: findings.refused.append("\(root): is no directory")
            }
        }
        return findings
    }

    private func look(in directory: FilePath, depth: Int, _ findings: inout Findings, _ seen: inout Set<FilePath>) {
        guard seen.insert(directory).inserted else { return }
        guard depth <= Self.depthLimit else {
            findings.refused.append("\(directory): is too deep to look into")
            return
        }
        let entries: [DirectoryEntry]
        do throws(FileError) {
            entries = try files.entries(of: directory)
        } catch {
            findings.refused.append("\(error)")
            return
        }
        let names = Dictionary(entries.map { ($0.name, $0.kind) }) { first, _ in first }
        if let kind = names[BundleFile.manifest] {
            take(directory, manifest: kind, names, &findings)
        } else if let position = directory.lastComponent.flatMap({ NodePosition(bundleName: $0.string) }),
            entries.contains(where: { BundleFile.all.contains($0.name) })
        {
            findings.halves.append(position)
            findings.refused.append(
                "\(directory): is half a bundle, without \(BundleFile.manifest): \(position.title) was killed "
                    + "before its end, or only a part was uploaded")
        }
        for entry in entries where entry.kind == .directory {
            look(in: directory.appending(entry.name), depth: depth + 1, &findings, &seen)
        }
    }

    private func take(
        _ directory: FilePath, manifest kind: FileKind, _ names: [String: FileKind], _ findings: inout Findings
    ) {
        do {
            guard kind == .file else { throw BundleError("its bundle.json is no file") }
            let bytes = try files.contents(of: directory.appending(BundleFile.manifest), limit: BundleV1.limit)
            let manifest = try BundleV1.manifest(from: bytes)
            for file in manifest.files where names[file.name].map({ $0 != .file }) ?? false {
                throw BundleError("its \(file.name) is no file but a link or something else")
            }
            findings.bundles.append(FoundBundle(path: directory, manifest: manifest))
        } catch let error as BundleError {
            findings.refused.append("\(directory): \(error)")
        } catch let error as FileError where error.errno == .fileTooLarge {
            findings.refused.append("\(directory): its bundle.json is too large to be one")
        } catch {
            findings.refused.append("\(error)")
        }
    }
}
