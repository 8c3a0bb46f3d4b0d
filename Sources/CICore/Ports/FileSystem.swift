package import SystemPackage

/// What stands at a path.
package enum FileKind: Sendable, Hashable {
    case file
    case directory
    case symbolicLink
    case other
}

/// One name in a directory.
package struct DirectoryEntry: Sendable, Hashable {
    package var name: String
    package var kind: FileKind

    package init(name: String, kind: FileKind) {
        self.name = name
        self.kind = kind
    }
}

/// A file operation that failed.
package struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
    package var path: FilePath
    /// What was tried, such as `read`.
    package var operation: String
    package var errno: Errno

    package init(path: FilePath, operation: String, errno: Errno) {
        self.path = path
        self.operation = operation
        self.errno = errno
    }

    package var description: String { "cannot \(operation) \(path): \(errno)" }
}

/// Files as dt-ci needs them; the live one is `LocalFileSystem`.
package protocol FileSystem: Sendable {
    /// The whole file.
    ///
    /// - Throws: `FileError`; with `.fileTooLarge` if it holds more than `limit` bytes.
    func contents(of path: FilePath, limit: Int) throws(FileError) -> [UInt8]

    /// At most `count` bytes from `offset` on; empty after the file's end.
    func contents(of path: FilePath, from offset: Int64, count: Int) throws(FileError) -> [UInt8]

    /// Replaces the file in one step: a reader sees the old bytes or the new ones.
    func write(_ bytes: [UInt8], to path: FilePath) throws(FileError)

    /// Sorted by name.
    func entries(of directory: FilePath) throws(FileError) -> [DirectoryEntry]

    /// `nil` if nothing is there; symbolic links are followed.
    func kind(of path: FilePath) -> FileKind?

    /// In bytes; `nil` if nothing is there.
    func size(of path: FilePath) -> Int?

    /// With its parents; no error if it exists.
    func createDirectory(_ path: FilePath) throws(FileError)

    /// The file or the whole directory; no error if nothing is there.
    func remove(_ path: FilePath) throws(FileError)
}

extension FileSystem {
    /// A part of the whole, for file systems that have no better way.
    package func contents(of path: FilePath, from offset: Int64, count: Int) throws(FileError) -> [UInt8] {
        Array(try contents(of: path, limit: .max).dropFirst(Int(offset)).prefix(count))
    }

    /// The file as text, illegal bytes replaced; files over 16 MiB are refused.
    package func text(of path: FilePath) throws(FileError) -> String {
        String(decoding: try contents(of: path, limit: 16 << 20), as: UTF8.self)
    }

    /// Whether anything is there.
    package func exists(_ path: FilePath) -> Bool { kind(of: path) != nil }
}
