import CICore
import Crypto
import SystemPackage

import struct FoundationEssentials.Date

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes a manifest entry by entry, in constant memory; its first line is filled in at the end.
struct ManifestWriter: ~Copyable {
    private let path: FilePath
    private let file: FileDescriptor
    private var json = JSONWriter(capacity: Self.pieceSize * 2)
    private var hash = SHA256()
    private(set) var totals = StoredArtifact.Totals()
    private var isClosed = false
    private static let pieceSize = 256 << 10

    private init(_ path: FilePath, _ file: FileDescriptor) {
        self.path = path
        self.file = file
    }

    /// Begins a manifest where nothing is yet.
    ///
    /// - Throws: `StoreError` where it cannot be made.
    static func begin(_ path: FilePath) throws(StoreError) -> ManifestWriter {
        let writer = ManifestWriter(path, try SystemCall.createFile(path))
        let room = [UInt8](repeating: 0x20, count: ManifestV1.headLength)
        try Self.write(room, to: writer.file, path)
        return writer
    }

    deinit { if !isClosed { try? file.close() } }  // it is given up

    /// Adds an entry, which follows the last one in the order of `ArtifactPath`.
    mutating func append(_ entry: ArtifactEntry) throws(StoreError) {
        ManifestV1.append(entry, to: &json)
        totals.add(entry)
        if json.bytes.count >= Self.pieceSize { try flush() }
    }

    /// Completes the file, with `isDurable` on the disk itself, and gives what its first line says.
    ///
    /// - Throws: `StoreError`, such as for a full disk.
    mutating func finish(
        name: ArtifactName, at time: Date, for manifest: FilePath, isDurable: Bool
    ) throws(StoreError) -> StoredArtifact {
        try flush()
        let artifact = StoredArtifact(
            name: name, createdAt: time, totals: totals, digest: ContentDigest(bytes: hash.finalize()),
            manifest: manifest)
        do {
            _ = try file.writeAll(toAbsoluteOffset: 0, ManifestV1.head(artifact))
        } catch {
            throw StoreError(error as? Errno ?? .ioError, "write", path)
        }
        if isDurable { try SystemCall.check(fsync(file.rawValue), "write", path) }
        isClosed = true
        try SystemCall.check(close(file.rawValue), "write", path)
        return artifact
    }

    private mutating func flush() throws(StoreError) {
        let piece = json.drain()
        piece.withUnsafeBytes { hash.update(bufferPointer: $0) }
        try Self.write(piece, to: file, path)
    }

    private static func write(_ bytes: [UInt8], to file: FileDescriptor, _ path: FilePath) throws(StoreError) {
        do {
            try file.writeAll(bytes)
        } catch {
            throw StoreError(error as? Errno ?? .ioError, "write", path)
        }
    }
}
