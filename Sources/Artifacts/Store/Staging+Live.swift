import CICore
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// One writer's own directory in the store, for files that are not whole yet.
///
/// A locked file in it says that the writer lives; the lock goes with the process, so what a killed one left is known by
/// its free lock and removed by the next writer.
struct Staging: ~Copyable {
    /// Where files may be written.
    let directory: FilePath
    private let lock: StoreLock

    private init(directory: FilePath, lock: consuming StoreLock) {
        self.directory = directory
        self.lock = lock
    }

    /// Makes the directory below `parent`, which exists.
    ///
    /// - Throws: `StoreError` where it cannot be made.
    static func begin(in parent: FilePath) throws(StoreError) -> Staging {
        while true {
            let name = String(UInt64.random(in: .min ... .max), radix: 36)
            let directory = parent.appending(name)
            try SystemCall.check(directory.withPlatformString({ mkdir($0, 0o755) }), "make the directory", directory)
            // Another writer may take it for a dead one's until it is locked, and remove it: then it is not ours.
            if let lock = try StoreLock.ifFree(directory.appending(Self.lockName)) {
                return Staging(directory: directory, lock: lock)
            }
        }
    }

    deinit { Self.remove(directory) }

    private static let lockName = "lock"

    /// Removes what killed writers left.
    ///
    /// - Throws: `StoreError` where the directory cannot be read.
    static func removeLeftovers(in parent: FilePath, of store: ArtifactStore) throws(StoreError) {
        for name in try store.names(in: parent) {
            let directory = parent.appending(name)
            guard let lock = try StoreLock.ifFree(directory.appending(lockName)) else { continue }
            remove(directory)
            _ = consume lock
        }
    }

    /// The lock's file goes last: as long as it is there, nobody takes the directory for a live one's.
    private static func remove(_ directory: FilePath) {
        let files = LocalFileSystem()
        // What cannot be removed now is a leftover for the next writer.
        for entry in (try? files.entries(of: directory)) ?? [] where entry.name != lockName {
            try? files.remove(directory.appending(entry.name))
        }
        _ = directory.appending(lockName).withPlatformString { unlink($0) }
        _ = directory.withPlatformString { rmdir($0) }
    }
}
