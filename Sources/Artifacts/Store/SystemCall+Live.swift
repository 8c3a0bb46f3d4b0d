import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Calls of the operating system whose failure is a `StoreError`.
enum SystemCall {
    /// What a call that gives -1 for a failure gave.
    ///
    /// - Throws: `StoreError` of `errno`.
    @discardableResult
    static func check(_ result: Int32, _ operation: String, _ path: FilePath) throws(StoreError) -> Int32 {
        guard result >= 0 else { throw StoreError(Errno(rawValue: errno), operation, path) }
        return result
    }

    /// Opens for reading without ever waiting, and without following a link at the end of the path.
    static func openFile(_ path: FilePath, following: Bool = false) throws(StoreError) -> FileDescriptor {
        let flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | (following ? 0 : O_NOFOLLOW)
        return FileDescriptor(rawValue: try check(path.withPlatformString { open($0, flags) }, "read", path))
    }

    /// A new file that only its maker can write, and only through this descriptor.
    static func createFile(_ path: FilePath, mode: mode_t = 0o444) throws(StoreError) -> FileDescriptor {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
        return FileDescriptor(rawValue: try check(path.withPlatformString { open($0, flags, mode) }, "write", path))
    }

    /// What is open.
    static func status(of file: FileDescriptor, _ path: FilePath) throws(StoreError) -> stat {
        var status = stat()
        try check(fstat(file.rawValue, &status), "read", path)
        return status
    }

    /// What is at a path, a link itself; `nil` if nothing is.
    static func status(at path: FilePath, following: Bool = false) -> stat? {
        var status = stat()
        let result = path.withPlatformString { following ? stat($0, &status) : lstat($0, &status) }
        return result == 0 ? status : nil
    }

    /// Writes all of it.
    static func write(
        _ bytes: UnsafeRawBufferPointer, to file: FileDescriptor, _ path: FilePath
    ) throws(StoreError) {
        do {
            try file.writeAll(bytes)
        } catch {
            throw StoreError(error as? Errno ?? .ioError, "write", path)
        }
    }

    /// Fills as much of the buffer as the file has.
    static func read(
        _ file: FileDescriptor, into buffer: UnsafeMutableRawBufferPointer, _ path: FilePath
    ) throws(StoreError) -> Int {
        var filled = 0
        do {
            while filled < buffer.count {
                let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
                if count == 0 { break }
                filled += count
            }
        } catch {
            throw StoreError(error as? Errno ?? .ioError, "read", path)
        }
        return filled
    }

    /// Makes the file at `target` share its blocks with another; `false` where the file system cannot.
    static func clone(_ source: FileDescriptor, to target: FileDescriptor) -> Bool {
        #if os(Linux)
            let cloneRequest: UInt = 0x4004_9409
            return ioctl(target.rawValue, cloneRequest, source.rawValue) == 0
        #else
            return false
        #endif
    }

    /// Makes a directory with its parents; no error if it is there.
    static func makeDirectories(_ path: FilePath) throws(StoreError) {
        if path.withPlatformString({ mkdir($0, 0o755) }) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, path.components.count > 1 else {
            throw StoreError(Errno(rawValue: errno), "make the directory", path)
        }
        try makeDirectories(path.removingLastComponent())
        guard path.withPlatformString({ mkdir($0, 0o755) }) == 0 || errno == EEXIST else {
            throw StoreError(Errno(rawValue: errno), "make the directory", path)
        }
    }

    /// Puts a file at another place in one step; what was there goes.
    static func move(_ path: FilePath, to target: FilePath) throws(StoreError) {
        let result = path.withPlatformString { from in target.withPlatformString { to in rename(from, to) } }
        try check(result, "write", target)
    }

    /// Gives a file a second name, or another one where it can have but one; `false` if something has it.
    static func link(_ path: FilePath, to target: FilePath) throws(StoreError) -> Bool {
        let result = path.withPlatformString { from in
            target.withPlatformString { to in linkat(AT_FDCWD, from, AT_FDCWD, to, 0) }
        }
        if result != 0, errno == EEXIST { return false }
        if result != 0, [EPERM, EOPNOTSUPP, ENOSYS, EMLINK].contains(errno) {
            // A file system without second names.
            guard status(at: target) == nil else { return false }
            try move(path, to: target)
            return true
        }
        try check(result, "write", target)
        return true
    }

    /// Removes a file's name; no error if it is gone.
    static func remove(_ path: FilePath) throws(StoreError) {
        let result = path.withPlatformString { unlink($0) }
        if result != 0, errno == ENOENT { return }
        try check(result, "remove", path)
    }

    /// What became of a directory's names until the power fails.
    static func synchronise(directory: FilePath) throws(StoreError) {
        let descriptor = try check(
            directory.withPlatformString { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }, "write", directory)
        defer { close(descriptor) }
        try check(fsync(descriptor), "write", directory)
    }
}

extension stat {
    /// In bytes.
    var size: Int64 { Int64(st_size) }
    var isFile: Bool { st_mode & S_IFMT == S_IFREG }
    var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
    var isSymbolicLink: Bool { st_mode & S_IFMT == S_IFLNK }
    var isExecutable: Bool { st_mode & 0o100 != 0 }

    /// Which file it is on this machine.
    var identity: FileIdentity { FileIdentity(device: UInt64(st_dev), file: UInt64(st_ino)) }

    /// Nanoseconds of its last change of content.
    var modified: Int64 {
        #if os(Linux)
            Int64(st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(st_mtim.tv_nsec)
        #else
            Int64(st_mtimespec.tv_sec) &* 1_000_000_000 &+ Int64(st_mtimespec.tv_nsec)
        #endif
    }
}

/// Which file it is on this machine, whatever its names are.
struct FileIdentity: Hashable {
    var device: UInt64
    var file: UInt64
}
