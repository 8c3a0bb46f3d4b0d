import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A lock on a file, given back when the value goes or the process ends, however it ends.
struct StoreLock: ~Copyable {
    private let descriptor: Int32

    /// Who else may have it.
    enum Sharing {
        /// Others that share it.
        case shared
        /// Nobody.
        case exclusive
    }

    private init(descriptor: Int32) { self.descriptor = descriptor }

    /// Waits until it is free.
    ///
    /// - Throws: `StoreError` where the file cannot be made or the file system has no locks.
    static func waiting(_ path: FilePath, _ sharing: Sharing) throws(StoreError) -> StoreLock {
        let file = StoreLock(
            descriptor: try SystemCall.check(
                path.withPlatformString { open($0, O_RDWR | O_CREAT | O_CLOEXEC, 0o644) }, "lock", path))
        let operation = sharing == .shared ? LOCK_SH : LOCK_EX
        while flock(file.descriptor, operation) != 0 {
            guard errno == EINTR else { throw StoreError(Errno(rawValue: errno), "lock", path) }
        }
        return file
    }

    /// Takes a lock that nobody has; `nil` if somebody has it, or if the file is gone.
    ///
    /// - Throws: `StoreError` where the file system has no locks.
    static func ifFree(_ path: FilePath) throws(StoreError) -> StoreLock? {
        let descriptor = path.withPlatformString { open($0, O_RDWR | O_CREAT | O_CLOEXEC, 0o644) }
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw StoreError(Errno(rawValue: errno), "lock", path)
        }
        let file = StoreLock(descriptor: descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            if errno == EWOULDBLOCK || errno == EINTR { return nil }
            throw StoreError(Errno(rawValue: errno), "lock", path)
        }
        // It may have been removed between the two calls by one who had it.
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_nlink > 0 else { return nil }
        return file
    }

    deinit { close(descriptor) }
}
