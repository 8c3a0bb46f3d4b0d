package import CICore
package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension HardwareWorld {
    /// This machine.
    package static func live(
        files: any FileSystem, environment: [String: String], workingDirectory: FilePath
    ) -> HardwareWorld {
        HardwareWorld(
            kernel: .live, files: files, processes: LocalProcesses(), environment: environment,
            workingDirectory: workingDirectory, tools: Tools(space: space))
    }

    private static func space(at path: FilePath) -> (size: Int, free: Int)? {
        var status = statvfs()
        guard statvfs(path.string, &status) == 0 else { return nil }
        let block = UInt64(status.f_frsize)
        let bytes = { (blocks: UInt64) in Int(clamping: blocks.multipliedReportingOverflow(by: block).partialValue) }
        return (bytes(UInt64(status.f_blocks)), bytes(UInt64(status.f_bavail)))
    }
}

extension HardwareWorld.Kernel {
    /// The running one.
    package static var live: Self {
        var system = utsname()
        uname(&system)
        return Self(
            name: text(&system.sysname), release: text(&system.release), architecture: text(&system.machine),
            host: text(&system.nodename), processors: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }

    private static func text<Field>(_ field: inout Field) -> String {
        withUnsafeBytes(of: &field) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
