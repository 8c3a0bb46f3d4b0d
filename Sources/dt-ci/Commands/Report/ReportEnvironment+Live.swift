import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What rendering reports wants to know of the machine.
struct ReportEnvironment {
    var temporaryDirectory: FilePath
    /// How many files are read at a time.
    var processors: Int
    var isColored: Bool

    /// This process's own.
    static var live: Self {
        func variable(_ name: String) -> String? {
            getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        let isTerminal = isatty(STDOUT_FILENO) == 1 && variable("TERM") != "dumb"
        return Self(
            temporaryDirectory: FilePath(variable("TMPDIR") ?? "/tmp"),
            processors: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
            isColored: isTerminal && variable("NO_COLOR") == nil)
    }
}
