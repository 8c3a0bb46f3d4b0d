import CICore
package import SystemPackage

package import struct FoundationEssentials.Date

/// What tools said of this machine, kept in a file for a while; whatever is wrong with the file is as good as none.
package struct HardwareCache: Sendable {
    private let file: FilePath
    private let now: Date

    /// A machine with working tools changes seldom.
    private static let lifetime: Double = 3600
    /// A broken tool may be mended soon.
    private static let shortLifetime: Double = 600
    private static let schema = "dt-ci/hardware-cache/v1"

    package init(file: FilePath, now: Date) {
        self.file = file
        self.now = now
    }

    /// Where the user's cache is; `nil` where there is no such place.
    package static func file(in environment: [String: String]) -> FilePath? {
        let place = { (name: String) in environment[name].flatMap { $0.hasPrefix("/") ? FilePath($0) : nil } }
        let root = place("XDG_CACHE_HOME") ?? place("HOME")?.appending(".cache")
        return root?.appending("dt-ci").appending("hardware.json")
    }

    func read(for world: HardwareWorld) -> DetectedHardware? {
        // No file, or one that cannot be read: the tools are asked.
        guard let bytes = try? world.files.contents(of: file, limit: 4 << 20),
            let json = bytes.withUnsafeBufferPointer({ JSONValue($0) }), json["schema"]?.string == Self.schema,
            json["key"]?.string == Self.key(of: world), let written = json["written"]?.double,
            let hardware = json["hardware"].flatMap(HardwareV1.read)
        else { return nil }
        let age = now.timeIntervalSince1970 - written
        let limit = hardware.warnings.isEmpty ? Self.lifetime : Self.shortLifetime
        return (0..<limit).contains(age) ? hardware : nil
    }

    func write(_ hardware: DetectedHardware, for world: HardwareWorld) {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("schema", Self.schema)
            writer.member("key", Self.key(of: world))
            writer.member("written", now.timeIntervalSince1970)
            writer.key("hardware")
            HardwareV1.write(hardware, to: &writer)
        }
        writer.endLine()
        // Without a cache every start asks the tools, which is all that is lost.
        try? world.files.createDirectory(file.removingLastComponent())
        try? world.files.write(writer.bytes, to: file)
    }

    /// Another boot, other device files or other places of tools are another machine.
    private static func key(of world: HardwareWorld) -> String {
        var digest = FieldDigest()
        digest.add(world.line("/proc/sys/kernel/random/boot_id"))
        let kernel = world.kernel
        for text in [kernel.name, kernel.release, kernel.architecture, kernel.host] { digest.add(text) }
        for name in ["PATH", "LD_LIBRARY_PATH"] { digest.add(world.environment[name]) }
        let prefixes = ["nvidia", "accel", "kfd", "dri", "vfio", "dxg"]
        for name in world.names(in: "/dev") where prefixes.contains(where: { name.hasPrefix($0) }) { digest.add(name) }
        return digest.finish()
    }
}
