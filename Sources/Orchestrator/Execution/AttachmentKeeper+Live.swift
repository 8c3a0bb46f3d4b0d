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
        var batch: Int64 = 512 << 20
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
        var work = Work(
            bases: bases, roots: ([home.project] + trusted).compactMap(Self.real),
            directory: home.attachments.appending(batch.fileName))
        for place in tests.indices where !tests[place].test.attachments.isEmpty { keep(of: &tests[place], &work) }
        var warnings: [String] = []
        if let first = work.refused.first {
            let count = work.refused.count
            warnings.append(
                "\(counted(count, "attachment")) of tests \(count == 1 ? "was" : "were") not kept: "
                    + SafeText.line(first, limit: 300))
        }
        return Kept(artifacts: work.artifacts, warnings: warnings)
    }

    /// One batch on its way.
    private struct Work {
        let bases: [FilePath]
        let roots: [FilePath]
        let directory: FilePath
        var artifacts: [RunArtifact] = []
        var refused: [String] = []
        /// By the real places of their originals.
        var copies: [FilePath: (path: String, artifact: RunArtifact)] = [:]
        /// Of the copies together, in bytes.
        var size: Int64 = 0
    }

    private func keep(of observed: inout ObservedTest, _ work: inout Work) {
        var names: [String] = []
        for named in observed.test.attachments {
            do {
                let copy = try copy(of: named, &work)
                for index in observed.test.attempts.indices {
                    observed.test.attempts[index].rename(attachment: named, copy.path)
                }
                guard !names.contains(copy.path) else { continue }
                names.append(copy.path)
                var artifact = copy.artifact
                artifact.test = observed.id
                work.artifacts.append(artifact)
            } catch let refusal as Refusal {
                work.refused.append("\(named) \(refusal.reason)")
            } catch {
                work.refused.append("\(named) cannot be copied: \(error)")
            }
        }
        observed.test.attachments = names
    }

    private func copy(of named: String, _ work: inout Work) throws -> (path: String, artifact: RunArtifact) {
        let source = try source(of: named, work)
        if let copy = work.copies[source] { return copy }
        let copy = try copy(source, number: work.copies.count + 1, in: work.directory)
        work.copies[source] = copy
        work.size += copy.artifact.size
        return copy
    }

    // MARK: Parts

    private struct Refusal: Error {
        var reason: String
    }

    private func source(of named: String, _ work: Work) throws(Refusal) -> FilePath {
        guard let found = work.bases.lazy.compactMap({ Self.real($0.pushing(FilePath(named))) }).first else {
            throw Refusal(reason: "is not there")
        }
        guard let root = work.roots.first(where: { found.starts(with: $0) }) else {
            throw Refusal(reason: "is outside of the project")
        }
        guard !found.components.dropFirst(root.components.count).contains(".git") else {
            throw Refusal(reason: "belongs to git")
        }
        guard files.kind(of: found) == .file, let bytes = files.size(of: found) else {
            throw Refusal(reason: "is no file")
        }
        guard bytes <= limits.file else { throw Refusal(reason: "is larger than \(limits.file >> 20) MiB") }
        guard work.size + Int64(bytes) <= limits.batch, work.copies.count < limits.count else {
            throw Refusal(reason: "is one more than a batch may leave")
        }
        return found
    }

    /// The number keeps names apart and in order.
    private func copy(
        _ source: FilePath, number: Int, in directory: FilePath
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
