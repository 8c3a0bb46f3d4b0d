package import CICore
package import SystemPackage

/// A view of the working tree for discovery: every file once, without what never holds a project's own tests.
package struct SourceTree: Sendable {
    /// Absolute.
    package let root: FilePath
    /// Paths relative to the root with `/`, sorted; hidden directories, `node_modules`, build outputs and virtual
    /// environments are left out.
    package let files: [String]
    /// Directories that were left out for what they are called or hold, sorted: a build output is where CTest has
    /// its test file.
    package let leftOut: [String]
    private let fileSystem: any FileSystem

    package init(root: FilePath, files: [String], leftOut: [String] = [], fileSystem: any FileSystem) {
        self.root = root
        self.files = files
        self.leftOut = leftOut
        self.fileSystem = fileSystem
    }

    /// Reads the tree below a directory; what cannot be read is left out.
    package init(scanning root: FilePath, with fileSystem: any FileSystem) {
        let walk = TreeWalk(from: root, leaving: .standard, with: fileSystem)
        self.init(root: root, files: walk.files, leftOut: walk.leftOut, fileSystem: fileSystem)
    }

    /// A file's text, at most 1 MiB of it; `nil` if it cannot be read.
    package func text(of path: String) -> String? {
        // A file that vanished or cannot be read proposes nothing.
        guard let bytes = try? fileSystem.contents(of: root.appending(path), limit: 1 << 20) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The files of the project's own, without those in directories of fixtures.
    package var withoutFixtures: SourceTree {
        SourceTree(
            root: root, files: files.filter { FixtureDirectory(around: $0) == nil },
            leftOut: leftOut.filter { FixtureDirectory(around: $0) == nil }, fileSystem: fileSystem)
    }

    /// Whether anything is there, also in what is left out.
    package func exists(_ path: String) -> Bool { fileSystem.exists(root.appending(path)) }

    /// The names in a directory, sorted, also in what is left out; empty if it cannot be read.
    package func names(in directory: String) -> [String] {
        // A directory that vanished or cannot be read proposes nothing.
        guard let entries = try? fileSystem.entries(of: root.appending(directory)) else { return [] }
        return entries.map(\.name)
    }

    /// The files that match, sorted.
    package func files(matching pattern: String) -> [String] {
        let glob = Glob(pattern)
        return files.filter(glob.matches)
    }
}
