import Artifacts
import CICore
package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Copies what tests name as their attachments to where the results are: browsers' runners empty their own directory with
/// each start.
///
/// The paths stand in what tests print. Kept are regular files whose real place is in the project or in the batch's own
/// directories, and not in `.git`, whose configuration may hold a token.
package struct AttachmentKeeper: Sendable {
    /// Where they go, seen from a place.
    package struct Home: Sendable {
        /// The results' directory.
        package var results: FilePath
        /// The project: what is outside of it is not kept.
        package var project: FilePath

        package init(results: FilePath, project: FilePath) {
            self.results = results
            self.project = project
        }

        var attachments: FilePath { results.appending(RunDirectory.attachmentsName) }

        /// As reports and pages beside the results name a file.
        func inside(_ file: FilePath) -> FilePath {
            var path = file
            _ = path.removePrefix(results)
            return path
        }

        /// As a CI service finds it from the project's directory.
        func shown(_ file: FilePath) -> FilePath {
            var path = file
            _ = path.removePrefix(project)
            return path
        }
    }

    /// How much a batch may leave.
    struct Limits {
        /// Of one file, in bytes.
        var file = 64 << 20
        /// Of all files of a batch, in bytes.
        var batch = 512 << 20
        /// Files of a batch.
        var count = 500
    }

    private let home: Home
    private let files: any FileSystem
    private let limits: Limits

    init(home: Home, files: any FileSystem, limits: Limits = Limits()) {
        self.home = home
        self.files = files
        self.limits = limits
    }

    /// What was kept of one batch.
    struct Kept {
        var artifacts: [RunArtifact] = []
        var warnings: [String] = []
        fileprivate var size = 0
        fileprivate var refused: [String] = []
    }

    /// Copies the tests' attachments; the tests then name the copies, and none that could not be kept.
    ///
    /// - Parameters:
    ///   - tests: of the batch.
    ///   - batch: gives its name to the directory.
    ///   - bases: what relative paths may be relative to, best first.
    ///   - trusted: real directories beside the project from which files may come.
    /// - Returns: what was kept, and one warning for what was not.
    func keep(
        _ tests: inout [ObservedTest], of batch: BatchID, bases: [FilePath], trusted: [FilePath]
    ) -> Kept {
        let roots = ([home.project] + trusted).compactMap(Self.real)
        let directory = home.attachments.appending(batch.fileName)
        var kept = Kept()
        var copies: [FilePath: (path: String, artifact: RunArtifact)] = [:]
        for place in tests.indices where !tests[place].test.attachments.isEmpty {
            var names: [String] = []
            for named in tests[place].test.attachments {
                switch source(of: named, bases: bases, roots: roots, size: kept.size, count: copies.count) {
                case .failure(let refusal): kept.refused.append("\(named) \(refusal.reason)")
                case .success(let source):
                    do {
                        let copy =
                            try copies[source] ?? copy(source, as: named, number: copies.count + 1, in: directory)
                        if copies.updateValue(copy, forKey: source) == nil { kept.size += Int(copy.artifact.size) }
                        var artifact = copy.artifact
                        artifact.test = tests[place].id
                        kept.artifacts.append(artifact)
                        names.append(copy.path)
                        for index in tests[place].test.attempts.indices {
                            tests[place].test.attempts[index].rename(attachment: named, copy.path)
                        }
                    } catch {
                        kept.refused.append("\(named) cannot be copied: \(error)")
                    }
                }
            }
            tests[place].test.attachments = names
        }
        if let first = kept.refused.first {
            kept.warnings.append(
                "\(counted(kept.refused.count, "attachment")) of tests \(kept.refused.count == 1 ? "was" : "were") not "
                    + "kept: \(SafeText.line(first, limit: 300))")
        }
        return kept
    }

    // MARK: Parts

    private struct Refusal: Error {
        var reason: String
    }

    private func source(
        of named: String, bases: [FilePath], roots: [FilePath], size: Int, count: Int
    ) -> Result<FilePath, Refusal> {
        let candidates = bases.map { $0.pushing(FilePath(named)) }
        guard let found = candidates.lazy.compactMap(Self.real).first else {
            return .failure(Refusal(reason: "is not there"))
        }
        guard let root = roots.first(where: { found.starts(with: $0) }) else {
            return .failure(Refusal(reason: "is outside of the project"))
        }
        guard !found.components.dropFirst(root.components.count).contains(".git") else {
            return .failure(Refusal(reason: "belongs to git"))
        }
        guard files.kind(of: found) == .file, let bytes = files.size(of: found) else {
            return .failure(Refusal(reason: "is no file"))
        }
        guard bytes <= limits.file else {
            return .failure(Refusal(reason: "is larger than \(limits.file >> 20) MiB"))
        }
        guard size + bytes <= limits.batch, count < limits.count else {
            return .failure(Refusal(reason: "is one more than a batch may leave"))
        }
        return .success(found)
    }

    /// The number keeps names apart and in order.
    private func copy(
        _ source: FilePath, as named: String, number: Int, in directory: FilePath
    ) throws -> (path: String, artifact: RunArtifact) {
        let name = source.lastComponent?.string ?? "attachment"
        let copy = directory.appending("\(number)-\(SafeName(name).text)")
        let (digest, size) = try Self.copy(source, to: copy, files: files)
        return (
            home.shown(copy).string,
            RunArtifact(
                name: name, path: home.inside(copy).string, mediaType: MediaType.of(name), size: size, digest: digest)
        )
    }

    /// Copies a file, and makes the directories for it.
    static func copy(
        _ source: FilePath, to target: FilePath, files: any FileSystem
    ) throws -> (digest: ContentDigest?, size: Int64) {
        try files.createDirectory(target.removingLastComponent())
        let output = try FileDescriptor.open(
            target, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite, .groupRead, .otherRead])
        let (digest, size) = try output.closeAfter {
            try FileDigest.read(source, files: files) { _ = try output.writeAll($0) }
        }
        return (ContentDigest(digest), Int64(size))
    }

    /// Without symbolic links; `nil` for what is not there.
    private static func real(_ path: FilePath) -> FilePath? {
        guard let text = path.withPlatformString({ realpath($0, nil) }) else { return nil }
        defer { free(text) }
        return FilePath(platformString: text)
    }
}

extension Attempt {
    /// Says the new place where the output said the old one.
    mutating func rename(attachment old: String, _ new: String) {
        guard let output, output.contains("[[ATTACHMENT|") else { return }
        self.output = output.replacing("[[ATTACHMENT|\(old)]]", with: "[[ATTACHMENT|\(new)]]")
    }
}
