import CICore
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes files and links below a directory and nowhere else: every directory on the way is opened from its parent and
/// without following links, so that no link leads out, whoever made it. Files appear whole or not at all.
struct TreeWriter: ~Copyable {
    private let root: FilePath
    private let overwrites: Bool
    /// Open directories: the root, then those that lead to the last path.
    private var open: [Int32]
    private var names: [String] = []
    /// Tells the unfinished files of two processes apart.
    private let temporaryName = ".dt-ci-\(String(UInt64.random(in: .min ... .max), radix: 36))"

    private init(_ root: FilePath, _ descriptor: Int32, overwrites: Bool) {
        self.root = root
        self.overwrites = overwrites
        open = [descriptor]
    }

    /// Makes the directory, if it is not there.
    ///
    /// - Throws: `StoreError` where it cannot be made.
    static func begin(at root: FilePath, overwrites: Bool) throws(StoreError) -> TreeWriter {
        try SystemCall.makeDirectories(root)
        let descriptor = root.withPlatformString { openat(AT_FDCWD, $0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        return TreeWriter(root, try SystemCall.check(descriptor, "write into", root), overwrites: overwrites)
    }

    deinit { for descriptor in open { close(descriptor) } }

    /// Makes a directory with its parents.
    mutating func directory(_ path: String) throws(StoreError) {
        _ = try parent(of: path + "/.")
    }

    /// Makes a symbolic link.
    mutating func link(_ path: String, to target: String) throws(StoreError) {
        let (directory, name) = try parent(of: path)
        try refuseTaken(name, in: directory, path)
        try check(symlinkat(target, directory, temporaryName), path)
        try publish(name, in: directory, path)
    }

    /// Gives a file of the store another name; `false` where that cannot be done.
    mutating func link(_ path: String, toFile file: FilePath) throws(StoreError) -> Bool {
        let (directory, name) = try parent(of: path)
        try refuseTaken(name, in: directory, path)
        guard file.withPlatformString({ linkat(AT_FDCWD, $0, directory, temporaryName, 0) }) == 0 else {
            if [EXDEV, EPERM, EMLINK, EOPNOTSUPP, ENOSYS].contains(errno) { return false }
            throw failure(path)
        }
        try publish(name, in: directory, path)
        return true
    }

    /// Writes a file; `body` writes its content and may throw, which leaves nothing.
    mutating func file(
        _ path: String, isExecutable: Bool, _ body: (FileDescriptor, FilePath) throws(StoreError) -> Void
    ) throws(StoreError) {
        let (directory, name) = try parent(of: path)
        try refuseTaken(name, in: directory, path)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = try check(
            openat(directory, temporaryName, flags, mode_t(isExecutable ? 0o777 : 0o666)), path)
        do throws(StoreError) {
            do throws(StoreError) {
                try body(FileDescriptor(rawValue: descriptor), root.appending(path))
            } catch {
                close(descriptor)
                throw error
            }
            // Some file systems say only now that the disk is full.
            try check(close(descriptor), path)
            try publish(name, in: directory, path)
        } catch {
            unlinkat(directory, temporaryName, 0)
            throw error
        }
    }

    private func refuseTaken(_ name: String, in directory: Int32, _ path: String) throws(StoreError) {
        var status = stat()
        guard fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return }
        guard overwrites, !status.isDirectory else { throw taken(path, isDirectory: status.isDirectory) }
    }

    private func taken(_ path: String, isDirectory: Bool) -> StoreError {
        let place = SafeText.line(root.appending(path).string, limit: 1024)
        return isDirectory
            ? StoreError(.taken, "\(place) is a directory already, so no file can be put there; use another --to")
            : StoreError(.taken, "\(place) is there already; --overwrite replaces it, or use another --to")
    }

    /// From its temporary name to its own.
    private func publish(_ name: String, in directory: Int32, _ path: String) throws(StoreError) {
        // A rename onto the same file does nothing and leaves the temporary name.
        defer { unlinkat(directory, temporaryName, 0) }
        if overwrites {
            try check(renameat(directory, temporaryName, directory, name), path)
            return
        }
        guard linkat(directory, temporaryName, directory, name, 0) != 0 else { return }
        if errno == EEXIST { throw taken(path, isDirectory: false) }
        guard [EPERM, EOPNOTSUPP, ENOSYS, EMLINK].contains(errno) else { throw failure(path) }
        // A file system without second names: that nothing is there was seen a moment ago.
        try check(renameat(directory, temporaryName, directory, name), path)
    }

    /// The open directory that a path lies in, and its last name.
    private mutating func parent(of path: String) throws(StoreError) -> (directory: Int32, name: String) {
        let all = path.split(separator: "/").map(String.init)
        let way = all.dropLast()
        let common = zip(names, way).prefix { $0 == $1 }.count
        while names.count > common {
            names.removeLast()
            close(open.removeLast())
        }
        for name in way[common...] {
            let above = open[open.count - 1]
            if mkdirat(above, name, 0o777) != 0, errno != EEXIST { throw failure(path) }
            let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
            let descriptor = openat(above, name, flags)
            guard descriptor >= 0 else {
                guard errno == ELOOP || errno == ENOTDIR else { throw failure(path) }
                throw StoreError(
                    .taken,
                    "\(SafeText.line(root.appending(path).string, limit: 1024)) is not written: \(SafeText.line(name)) "
                        + "on the way is a link or a file; use another --to")
            }
            open.append(descriptor)
            names.append(name)
        }
        return (open[open.count - 1], all.last ?? ".")
    }

    @discardableResult
    private func check(_ result: Int32, _ path: String) throws(StoreError) -> Int32 {
        guard result >= 0 else { throw failure(path) }
        return result
    }

    private func failure(_ path: String) -> StoreError {
        StoreError(Errno(rawValue: errno), "write", root.appending(path))
    }
}
