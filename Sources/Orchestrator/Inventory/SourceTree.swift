package import CICore
package import SystemPackage

/// A view of the working tree for discovery: every file once, without what never holds a project's own tests.
package struct SourceTree: Sendable {
    /// Absolute.
    package let root: FilePath
    /// Paths relative to the root with `/`, sorted; hidden directories, `node_modules`, build outputs and virtual
    /// environments are left out.
    package let files: [String]
    private let fileSystem: any FileSystem

    package init(root: FilePath, files: [String], fileSystem: any FileSystem) {
        self.root = root
        self.files = files
        self.fileSystem = fileSystem
    }

    /// A file's text, at most 1 MiB of it; `nil` if it cannot be read.
    package func text(of path: String) -> String? {
        // A file that vanished or cannot be read proposes nothing.
        guard let bytes = try? fileSystem.contents(of: root.appending(path), limit: 1 << 20) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
