import CICore
import Crypto
import SystemPackage

/// A zip archive of one file, not compressed, so that the file goes from the disk to the network as it is
/// (PKWARE's APPNOTE, 4.3).
struct StoredZip: Sendable {
    let body: HTTPBody
    /// SHA-256 of the archive, in hexadecimal.
    let digest: String

    /// An archive that is one already.
    init(body: HTTPBody, digest: String) {
        self.body = body
        self.digest = digest
    }

    /// Reads the file twice: its checksum stands before it.
    ///
    /// - Throws: `FileError`; with `.fileTooLarge` for more than the format's 32 bits hold.
    init(file name: String, _ content: SharedFile.Content, _ files: any FileSystem) throws(FileError) {
        let piece = content.piece
        let size = HTTPBody([piece]).count
        guard size < 0xFFFF_0000 else {
            throw FileError(path: FilePath(name), operation: "pack", errno: .fileTooLarge)
        }
        var checksum = CRC32()
        try piece.forEachChunk(files) { checksum.update($0) }
        let entry = ZipEntry(name: Array(name.utf8), checksum: checksum.value, size: UInt32(size))
        body = HTTPBody([.bytes(entry.header), piece, .bytes(entry.directory)])
        var digest = SHA256()
        digest.update(data: entry.header)
        try piece.forEachChunk(files) { digest.update(data: $0) }
        digest.update(data: entry.directory)
        self.digest = Hexadecimal.text(of: digest.finalize())
    }
}

extension SharedFile.Content {
    fileprivate var piece: HTTPBody.Piece {
        switch self {
        case .bytes(let bytes): .bytes(bytes)
        case .file(let path, let count): .file(path, offset: 0, count: count)
        }
    }
}

/// What stands before and after the content of an archive's only file.
private struct ZipEntry {
    let name: [UInt8]
    let checksum: UInt32
    let size: UInt32

    /// Version 2.0, UTF-8 names, stored, the first of January 1980, checksum, sizes, length of the name.
    private var common: [UInt8] {
        Self.short(20) + Self.short(0x0800) + Self.short(0) + Self.short(0) + Self.short(0x21) + Self.long(checksum)
            + Self.long(size) + Self.long(size) + Self.short(UInt16(name.count)) + Self.short(0)
    }

    var header: [UInt8] { Self.long(0x0403_4B50) + common + name }

    var directory: [UInt8] {
        // Made on Unix; no comment, disk 0, binary, a regular file that all may read, at offset 0.
        let entry =
            Self.long(0x0201_4B50) + Self.short(0x0314) + common + Self.short(0) + Self.short(0) + Self.short(0)
            + Self.long(0o100644 << 16) + Self.long(0) + name
        let end =
            Self.long(0x0605_4B50) + Self.short(0) + Self.short(0) + Self.short(1) + Self.short(1)
            + Self.long(UInt32(entry.count)) + Self.long(UInt32(header.count) + size) + Self.short(0)
        return entry + end
    }

    private static func short(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }

    private static func long(_ value: UInt32) -> [UInt8] {
        short(UInt16(value & 0xFFFF)) + short(UInt16(value >> 16))
    }
}

/// The checksum of zip archives: polynomial 0xEDB88320, reflected.
struct CRC32: Sendable {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }

    private var state: UInt32 = 0xFFFF_FFFF

    var value: UInt32 { ~state }

    mutating func update(_ bytes: [UInt8]) {
        Self.table.withUnsafeBufferPointer { table in
            for byte in bytes { state = table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] ^ state >> 8 }
        }
    }
}
