import CICore
import SystemPackage

/// The control groups that this process is in, version 2 and version 1, each with all groups around it.
struct ControlGroups: Sendable {
    private let files: any FileSystem
    private let lines: [Line]

    /// One hierarchy.
    private struct Line: Sendable {
        /// Empty for version 2.
        var controllers: [Substring]
        var parts: [String]
    }

    /// From `/proc/self/cgroup`; without it there are none.
    init(_ files: any FileSystem) {
        self.files = files
        // No control groups: nothing is limited by them.
        let text = (try? files.text(of: "/proc/self/cgroup")) ?? ""
        lines = text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { return nil }
            return Line(
                controllers: fields[1].split(separator: ","), parts: fields[2].split(separator: "/").map(String.init))
        }
    }

    /// Where the files of a controller may be, the innermost group first; many will not be there.
    ///
    /// A container often sees the path of its group on the host, but only its own group mounted: that is the outermost.
    func paths(of controller: String, version2: String, version1: String) -> [String] {
        lines.flatMap { line -> [String] in
            guard line.controllers.isEmpty || line.controllers.contains(Substring(controller)) else { return [] }
            let root = line.controllers.isEmpty ? "/sys/fs/cgroup" : "/sys/fs/cgroup/\(controller)"
            let file = line.controllers.isEmpty ? version2 : version1
            return (0...line.parts.count).reversed().map { count in
                ([root] + line.parts.prefix(count) + [file]).joined(separator: "/")
            }
        }
    }

    /// The smallest number in the files of a controller, with its file; `max` and other words are no limit.
    func least(of controller: String, version2: String, version1: String) -> (bytes: Int, path: String)? {
        paths(of: controller, version2: version2, version1: version1).compactMap { path in
            // A group without this file has no limit of its own.
            guard let text = try? files.text(of: FilePath(path)),
                let number = Int(text.prefix { !$0.isWhitespace }), number > 0
            else { return nil }
            return (number, path)
        }.min { $0.bytes < $1.bytes }
    }
}
