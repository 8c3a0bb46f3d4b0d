import CICore
import SystemPackage

/// One pass over a directory tree that follows no link to a directory, so that no cycle can trap it.
struct TreeWalk {
    /// Relative to the start, in the order of their bytes.
    private(set) var files: [String] = []
    /// Directories that were left out.
    private(set) var leftOut: [String] = []
    /// Links to directories, which were not followed.
    private(set) var linkedDirectories: [String] = []
    private let start: FilePath
    private let rule: TreeRule
    private let fileSystem: any FileSystem

    init(from start: FilePath, leaving rule: TreeRule, with fileSystem: any FileSystem) {
        self.start = start
        self.rule = rule
        self.fileSystem = fileSystem
        visit(start, prefix: "")
        files.sort(by: Self.precedes)
    }

    private mutating func visit(_ directory: FilePath, prefix: String) {
        // A directory that cannot be read holds nothing that could be run.
        guard let entries = try? fileSystem.entries(of: directory) else { return }
        if !prefix.isEmpty, rule.leavesOut(holding: entries) {
            leftOut.append(String(prefix.dropLast()))
            return
        }
        for entry in entries {
            switch entry.kind {
            case .file:
                files.append(prefix + entry.name)
            case .symbolicLink:
                visitLink(entry.name, in: directory, prefix: prefix)
            case .directory where rule.leavesOut(named: entry.name, at: prefix, beside: entries):
                leftOut.append(prefix + entry.name)
            case .directory:
                visit(directory.appending(entry.name), prefix: "\(prefix)\(entry.name)/")
            case .other:
                break
            }
        }
    }

    private mutating func visitLink(_ name: String, in directory: FilePath, prefix: String) {
        switch fileSystem.kind(of: directory.appending(name)) {
        case .file: files.append(prefix + name)
        case .directory: linkedDirectories.append(prefix + name)
        default: break
        }
    }

    /// The order of the bytes, the same on every machine.
    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
