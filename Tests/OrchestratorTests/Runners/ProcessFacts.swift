import CICore
import Synchronization
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What tests need of the system beyond the ports.
enum ProcessFacts {
    static var processID: Int32 { getpid() }

    static func symlink(from path: FilePath, to target: String) throws {
        #if canImport(Glibc)
            let result = Glibc.symlink(target, path.string)
        #else
            let result = Darwin.symlink(target, path.string)
        #endif
        guard result == 0 else { throw Errno(rawValue: errno) }
    }

    /// Where a link leads; `nil` if there is none.
    static func target(of link: String) -> String? {
        var bytes = [CChar](repeating: 0, count: 4096)
        let count = readlink(link, &bytes, bytes.count)
        return count < 0 ? nil : String(decoding: bytes[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// A variable of the real environment: only `PATH`, `HOME` and `CI` are asked for.
    static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    static func isExecutable(_ path: FilePath) -> Bool { access(path.string, X_OK) == 0 }

    static func makeExecutable(_ path: FilePath) throws {
        guard chmod(path.string, 0o755) == 0 else { throw Errno(rawValue: errno) }
    }

    private static let leftovers = Mutex<[FilePath]>([])

    /// Removes a directory that outlives its test when the test process ends.
    static func removeAtExit(_ directory: FilePath) {
        let isFirst = leftovers.withLock { leftovers in
            leftovers.append(directory)
            return leftovers.count == 1
        }
        guard isFirst else { return }
        atexit {
            for directory in ProcessFacts.leftovers.withLock({ $0 }) {
                // A directory that stays behind harms no test.
                try? LocalFileSystem().remove(directory)
            }
        }
    }
}
