package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The machine's own files.
package struct LocalFileSystem: FileSystem {
    package init() {}

    package func contents(of path: FilePath, limit: Int) throws(FileError) -> [UInt8] {
        try attempt("read", path) {
            let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            defer { try? file.close() }  // nothing was written: a failed close loses nothing
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
                if count == 0 { return bytes }
                guard bytes.count + count <= limit else { throw Errno.fileTooLarge }
                bytes.append(contentsOf: chunk[..<count])
            }
        }
    }

    package func contents(of path: FilePath, from offset: Int64, count: Int) throws(FileError) -> [UInt8] {
        try attempt("read", path) {
            let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            defer { try? file.close() }  // nothing was written: a failed close loses nothing
            return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                let room = UnsafeMutableRawBufferPointer(buffer)
                while filled < count {
                    let read = try file.read(
                        fromAbsoluteOffset: offset + Int64(filled), into: .init(rebasing: room[filled...]))
                    if read == 0 { break }
                    filled += read
                }
            }
        }
    }

    package func write(_ bytes: [UInt8], to path: FilePath) throws(FileError) {
        let temporary = FilePath("\(path.string).\(getpid()).tmp")
        do {
            try attempt("write", path) {
                let file = try FileDescriptor.open(
                    temporary, .writeOnly, options: [.create, .truncate, .closeOnExec],
                    permissions: [.ownerReadWrite, .groupRead, .otherRead])
                try file.closeAfter { _ = try file.writeAll(bytes) }
                guard rename(temporary.string, path.string) == 0 else { throw Errno(rawValue: errno) }
            }
        } catch {
            unlink(temporary.string)
            throw error
        }
    }

    package func entries(of directory: FilePath) throws(FileError) -> [DirectoryEntry] {
        guard let stream = opendir(directory.string) else {
            throw FileError(path: directory, operation: "list", errno: Errno(rawValue: errno))
        }
        defer { closedir(stream) }
        var found: [DirectoryEntry] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name != ".", name != ".." else { continue }
            found.append(DirectoryEntry(name: name, kind: kind(of: name, in: directory, entry.pointee.d_type)))
        }
        return found.sorted { $0.name < $1.name }
    }

    package func kind(of path: FilePath) -> FileKind? {
        var status = stat()
        guard stat(path.string, &status) == 0 else { return nil }
        return kind(mode: status.st_mode)
    }

    package func size(of path: FilePath) -> Int? {
        var status = stat()
        guard stat(path.string, &status) == 0 else { return nil }
        return Int(status.st_size)
    }

    package func createDirectory(_ path: FilePath) throws(FileError) {
        if kind(of: path) == .directory { return }
        let parent = path.removingLastComponent()
        if !parent.isEmpty, parent != path, kind(of: parent) != .directory { try createDirectory(parent) }
        guard mkdir(path.string, 0o755) == 0 || errno == EEXIST else {
            throw FileError(path: path, operation: "create the directory", errno: Errno(rawValue: errno))
        }
    }

    package func remove(_ path: FilePath) throws(FileError) {
        var status = stat()
        guard lstat(path.string, &status) == 0 else { return }
        if kind(mode: status.st_mode) == .directory {
            for entry in try entries(of: path) { try remove(path.appending(entry.name)) }
            guard rmdir(path.string) == 0 || errno == ENOENT else {
                throw FileError(path: path, operation: "remove", errno: Errno(rawValue: errno))
            }
        } else if unlink(path.string) != 0, errno != ENOENT {
            throw FileError(path: path, operation: "remove", errno: Errno(rawValue: errno))
        }
    }

    private func kind(of name: String, in directory: FilePath, _ type: UInt8) -> FileKind {
        switch Int(type) {
        case Int(DT_REG): .file
        case Int(DT_DIR): .directory
        case Int(DT_LNK): .symbolicLink
        case Int(DT_UNKNOWN): linkKind(of: directory.appending(name))
        default: .other
        }
    }

    /// For file systems that do not tell kinds in a listing; links are not followed.
    private func linkKind(of path: FilePath) -> FileKind {
        var status = stat()
        guard lstat(path.string, &status) == 0 else { return .other }
        return kind(mode: status.st_mode)
    }

    private func kind(mode: mode_t) -> FileKind {
        switch mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .directory
        case S_IFLNK: .symbolicLink
        default: .other
        }
    }

    private func attempt<Value>(
        _ operation: String, _ path: FilePath, _ body: () throws -> Value
    ) throws(FileError) -> Value {
        do {
            return try body()
        } catch {
            throw FileError(path: path, operation: operation, errno: error as? Errno ?? .ioError)
        }
    }
}
