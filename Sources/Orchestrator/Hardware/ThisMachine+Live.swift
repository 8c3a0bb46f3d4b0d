package import CICore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a plan must know of the machine that dt-ci runs on.
package struct ThisMachine: Sendable {
    package let processors: ProcessorLimit
    /// The kernel's name in lower case, the architecture and the processors: `linux-x86_64-2cpu`.
    package let hardware: HardwareClass

    package init(files: any FileSystem = LocalFileSystem()) {
        processors = ProcessorLimit(online: sysconf(Int32(_SC_NPROCESSORS_ONLN)), files: files)
        var system = utsname()
        uname(&system)
        let name = Self.text(&system.sysname).lowercased()
        hardware = HardwareClass("\(name)-\(Self.text(&system.machine))-\(processors.processors)cpu")
    }

    private static func text<Field>(_ field: inout Field) -> String {
        withUnsafeBytes(of: &field) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
