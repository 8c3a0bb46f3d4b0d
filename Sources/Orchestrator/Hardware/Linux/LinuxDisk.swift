import CICore
import SystemPackage

/// The file system that holds a path, and what it lies on.
struct LinuxDisk {
    let disk: HardwareProfile.Disk

    /// `nil` where the kernel does not tell its mounts.
    init?(holding path: FilePath, world: HardwareWorld) {
        guard let text = world.text("/proc/self/mountinfo") else { return nil }
        let mounts = text.split(separator: "\n").compactMap { Mount($0) }
        let holders = mounts.filter { path.starts(with: FilePath($0.point)) }
        // Of several on one point the last one is on top.
        guard let mount = holders.max(by: { $0.point.utf8.count <= $1.point.utf8.count && $0.point != $1.point })
        else { return nil }
        let top = holders.last { $0.point == mount.point } ?? mount
        let space = world.tools.space(path)
        disk = HardwareProfile.Disk(
            path: top.point, kind: Self.kind(of: top, world: world), size: space?.size, free: space?.free)
    }

    private static func kind(of mount: Mount, world: HardwareWorld) -> String {
        if ["tmpfs", "ramfs"].contains(mount.type) { return "memory" }
        if ["nfs", "nfs4", "cifs", "smb3", "9p", "virtiofs", "ceph", "lustre", "fuse.sshfs"].contains(mount.type) {
            return "network"
        }
        if mount.source.hasPrefix("/dev/nvme") { return "nvme" }
        // A partition has no queue of its own: that of the disk around it.
        let block = "/sys/dev/block/\(mount.device)"
        switch world.line("\(block)/queue/rotational") ?? world.line("\(block)/../queue/rotational") {
        case "0": return "ssd"
        case "1": return "hdd"
        default: return mount.type
        }
    }

    /// A line of `/proc/self/mountinfo`.
    private struct Mount {
        var device: String
        var point: String
        var type: String
        var source: String

        init?(_ line: Substring) {
            let fields = line.split(separator: " ")
            guard fields.count > 5, let dash = fields.dropFirst(6).firstIndex(of: "-"), dash + 2 < fields.count else {
                return nil
            }
            device = String(fields[2])
            point = Self.unescaped(fields[4])
            type = String(fields[dash + 1])
            source = String(fields[dash + 2])
        }

        /// Spaces and the like are written as three octal digits.
        private static func unescaped(_ text: Substring) -> String {
            var bytes: [UInt8] = []
            var rest = Array(text.utf8)[...]
            while let byte = rest.first {
                let digits = rest.dropFirst().prefix(3)
                if byte == UInt8(ascii: "\\"), digits.count == 3,
                    let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
                {
                    bytes.append(code)
                    rest = rest.dropFirst(4)
                } else {
                    bytes.append(byte)
                    rest = rest.dropFirst()
                }
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
