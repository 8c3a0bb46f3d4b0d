import Artifacts
import CICore
import Orchestrator
import Synchronization
import SystemPackage

/// The paths and globs of a command line as a part of the tree.
struct ArtifactSelection {
    /// What is taken.
    let source: ArtifactSource
    private let globs: [WatchedGlob]

    /// Globs that nothing matched; known when all was put.
    var unmatched: [String] { globs.filter { !$0.hasMatched }.map(\.text) }

    /// One path alone is the artifact: a directory with what is in it, a file under its name. Several keep their places as
    /// seen from the working directory, or from the nearest directory that they share.
    ///
    /// - Throws: `StoreError` for what is neither there nor a glob.
    init(_ arguments: [String], in surroundings: Surroundings) throws(StoreError) {
        let here = surroundings.workingDirectory
        if arguments.count == 1, let path = arguments.first.map({ here.pushing(FilePath($0)).lexicallyNormalized() }),
            let kind = surroundings.files.kind(of: path), kind == .directory || path != here
        {
            source = kind == .directory ? ArtifactSource(directory: path) : ArtifactSource(file: path)
            globs = []
        } else {
            var paths: [FilePath] = []
            var patterns: [(text: String, path: FilePath)] = []
            for argument in arguments {
                let path = here.pushing(FilePath(argument)).lexicallyNormalized()
                if LocalFileSystem().exists(path) || Self.isLink(path, surroundings) {
                    paths.append(path)
                } else if Glob.isPattern(argument) {
                    patterns.append((argument, path))
                } else {
                    throw StoreError(.missing, "\(SafeText.line(argument)) is not there")
                }
            }
            let bases = patterns.map { Self.base(of: $0.path) }
            let root = Self.root(of: paths.map { $0.removingLastComponent() } + bases, from: here)
            let globs = patterns.map { WatchedGlob($0.text, Self.relative($0.path, to: root)) }
            source = ArtifactSource(
                root: root,
                picks: paths.map { .init(path: Self.relative($0, to: root)) } + globs.flatMap(\.picks))
            self.globs = globs
        }
    }

    /// Whether a link that leads nowhere stands there.
    private static func isLink(_ path: FilePath, _ surroundings: Surroundings) -> Bool {
        // A directory that cannot be listed holds nothing that could be taken.
        let entries = (try? surroundings.files.entries(of: path.removingLastComponent())) ?? []
        return entries.contains { $0.name == path.lastComponent?.string && $0.kind == .symbolicLink }
    }

    /// Whether a path of the artifact is left out: a pattern without `/` is of names, anywhere.
    static func exclusion(_ patterns: [String]) -> @Sendable (String) -> Bool {
        let globs = patterns.map { pattern in
            var text = pattern[...]
            while text.count > 1, text.last == "/" { text = text.dropLast() }
            return Glob(text.contains("/") ? String(text.drop { $0 == "/" }) : "**/\(text)")
        }
        return { path in globs.contains { $0.matches(path) } }
    }

    /// The directory that every match of a pattern lies in.
    private static func base(of pattern: FilePath) -> FilePath {
        var base = FilePath(root: pattern.root)
        for component in pattern.components.dropLast() {
            if Glob.isPattern(component.string) || component.string.contains("\\") { break }
            base.append(component)
        }
        return base
    }

    /// The working directory if everything is in it, else the directory that all share.
    private static func root(of directories: [FilePath], from here: FilePath) -> FilePath {
        if directories.allSatisfy({ $0.starts(with: here) }) { return here }
        guard var root = directories.first else { return here }
        for directory in directories.dropFirst() {
            while !directory.starts(with: root) { root.removeLastComponent() }
        }
        return root
    }

    private static func relative(_ path: FilePath, to root: FilePath) -> String {
        var path = path
        _ = path.removePrefix(root)
        return path.string
    }
}

/// A glob that remembers whether anything matched it.
private final class WatchedGlob: Sendable {
    let text: String
    private let glob: Glob
    private let matched = Atomic(false)

    init(_ text: String, _ pattern: String) {
        self.text = text
        glob = Glob(pattern)
    }

    var hasMatched: Bool { matched.load(ordering: .relaxed) }

    var picks: [ArtifactSource.Pick] {
        glob.bases.map { base in
            .init(path: base) { [self] path in
                guard glob.matches(path) else { return false }
                matched.store(true, ordering: .relaxed)
                return true
            }
        }
    }
}
