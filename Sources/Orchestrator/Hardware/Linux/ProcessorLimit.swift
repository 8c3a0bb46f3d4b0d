package import CICore
import SystemPackage

/// How many processors this process may use: its affinity, further limited by the control group of a container.
package struct ProcessorLimit: Sendable, Hashable {
    /// At least one.
    package let processors: Int
    /// What decided, as a phrase: `affinity` or the control file.
    package let source: String

    /// A limit that is known already.
    package init(processors: Int, source: String) {
        self.processors = max(processors, 1)
        self.source = source
    }

    /// - Parameters:
    ///   - online: processors of the machine, for systems that don't tell the affinity.
    ///   - files: for `/proc/self/status`, `/proc/self/cgroup` and the control groups below `/sys/fs/cgroup`.
    package init(online: Int, files: any FileSystem) {
        let affinity = Self.affinity(files) ?? online
        let paths = ControlGroups(files).paths(of: "cpu", version2: "cpu.max", version1: "cpu.cfs_quota_us")
        let limits = paths.compactMap { path in Self.limit(at: path, files).map { (path, $0) } }
        let least = limits.min { $0.1 < $1.1 }
        if let (path, limit) = least, limit < affinity {
            processors = max(limit, 1)
            source = path
        } else {
            processors = max(affinity, 1)
            source = "affinity"
        }
    }

    /// The processors that the scheduler may place this process on, from `Cpus_allowed_list: 0-3,8`.
    private static func affinity(_ files: any FileSystem) -> Int? {
        // No such file: not Linux.
        guard let status = try? files.text(of: "/proc/self/status"),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed_list:") })
        else { return nil }
        let ranges = line.split(separator: ":")[1].split(separator: ",").map { range in
            range.split(separator: "-").compactMap { Int($0.filter(\.isNumber)) }
        }
        let count = ranges.reduce(0) { sum, range in
            guard let first = range.first, let last = range.last, last >= first else { return sum }
            return sum + last - first + 1
        }
        return count > 0 ? count : nil
    }

    /// Whole processors, rounded up; `nil` for no limit.
    private static func limit(at path: String, _ files: any FileSystem) -> Int? {
        // A group without this file has no limit of its own.
        guard let text = try? files.text(of: FilePath(path)) else { return nil }
        var numbers = text.split(whereSeparator: \.isWhitespace).map { Double($0) }
        if path.hasSuffix("cpu.cfs_quota_us") {
            let period = path.dropLast("quota_us".count) + "period_us"
            numbers.append(
                (try? files.text(of: FilePath(String(period)))).flatMap { text in
                    text.split(whereSeparator: \.isWhitespace).first.flatMap { Double($0) }
                })
        }
        guard numbers.count >= 2, let quota = numbers[0], let period = numbers[1], quota > 0, period > 0 else {
            return nil
        }
        return Int((quota / period).rounded(.up))
    }
}
