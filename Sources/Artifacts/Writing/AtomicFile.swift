package import CICore
package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that appears whole or not at all: written in pieces beside its place, then put there in one step.
package struct AtomicFile: ~Copyable {
    private let path: FilePath
    private let temporary: FilePath
    private let file: FileDescriptor
    private var isCommitted = false

    /// Starts the file; a parent directory must exist.
    ///
    /// - Throws: `FileError` where it cannot be made.
    package init(_ path: FilePath) throws(FileError) {
        self.path = path
        temporary = FilePath("\(path.string).\(getpid()).tmp")
        do {
            file = try FileDescriptor.open(
                temporary, .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw FileError(path: path, operation: "write", errno: error as? Errno ?? .ioError)
        }
    }

    /// Adds a piece.
    ///
    /// - Throws: `FileError`, such as for a full disk.
    package func append(_ bytes: [UInt8]) throws(FileError) {
        do {
            try file.writeAll(bytes)
        } catch {
            throw FileError(path: path, operation: "write", errno: error as? Errno ?? .ioError)
        }
    }

    /// Puts the file in its place.
    ///
    /// - Throws: `FileError`; what stood there before is still there then.
    package mutating func commit() throws(FileError) {
        guard rename(temporary.string, path.string) == 0 else {
            throw FileError(path: path, operation: "write", errno: Errno(rawValue: errno))
        }
        isCommitted = true
    }

    deinit {
        try? file.close()  // every write was checked already
        if !isCommitted { unlink(temporary.string) }
    }
}
