import CZlib
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes a zip archive in constant memory: its directory grows in a file of its own beside it.
///
/// Equal entries make equal archives: all times are the first of January 1980.
struct ZipWriter: ~Copyable {
    private let path: FilePath
    private let directoryPath: FilePath
    private var output: ArchiveOutput
    private var directory: ArchiveOutput
    private var entries = 0
    private let deflater: Deflater
    private var isFinished = false

    private init(
        _ path: FilePath, _ directoryPath: FilePath, _ output: consuming ArchiveOutput,
        _ directory: consuming ArchiveOutput, _ deflater: Deflater
    ) {
        self.path = path
        self.directoryPath = directoryPath
        self.output = output
        self.directory = directory
        self.deflater = deflater
    }

    /// Begins an archive where nothing is yet.
    static func begin(_ path: FilePath) throws(StoreError) -> ZipWriter {
        let directoryPath = FilePath("\(path.string).directory")
        let deflater = try Deflater()
        let directory = try ArchiveOutput.begin(directoryPath)
        do throws(StoreError) {
            return ZipWriter(path, directoryPath, try ArchiveOutput.begin(path), directory, deflater)
        } catch {
            directoryPath.withPlatformString { _ = unlink($0) }
            throw error
        }
    }

    deinit {
        directoryPath.withPlatformString { _ = unlink($0) }
        if !isFinished { path.withPlatformString { _ = unlink($0) } }
    }

    /// Adds an entry; `read` hands over a file's content piece by piece.
    mutating func add(
        _ entry: ArtifactEntry,
        _ read: ((UnsafeRawBufferPointer) throws(StoreError) -> Void) throws(StoreError) -> Void
    ) throws(StoreError) {
        var record = Self.record(of: entry)
        record.offset = output.count
        try output.append(record.localHeader)
        switch entry.kind {
        case .file where record.unpackedSize > 0:
            try addContent(of: &record, read)
        case .symbolicLink(let target):
            var target = target
            record.checksum = target.withUTF8 { Self.checksum(0, UnsafeRawBufferPointer($0)) }
            record.packedSize = record.unpackedSize
            try output.append(Array(target.utf8))
        default:
            break
        }
        try output.replace(at: record.offset, with: record.localHeader)
        try directory.append(record.centralHeader)
        entries += 1
    }

    /// Completes the archive.
    mutating func finish() throws(StoreError) {
        let start = output.count
        let size = directory.count
        try directory.finish()
        try output.append(fileAt: directoryPath)
        try output.append(Self.end(entries: entries, start: start, size: size))
        try output.finish()
        isFinished = true
    }

    private mutating func addContent(
        of record: inout ZipRecord,
        _ read: ((UnsafeRawBufferPointer) throws(StoreError) -> Void) throws(StoreError) -> Void
    ) throws(StoreError) {
        let start = output.count
        var checksum: UInt32 = 0
        let isDeflated = record.method == .deflated
        try read { piece throws(StoreError) in
            checksum = Self.checksum(checksum, piece)
            guard isDeflated else { return try output.append(piece) }
            try deflater.add(piece) { packed throws(StoreError) in try output.append(packed) }
        }
        if isDeflated { try deflater.finish { packed throws(StoreError) in try output.append(packed) } }
        record.checksum = checksum
        record.packedSize = output.count - start
    }

    private static func record(of entry: ArtifactEntry) -> ZipRecord {
        switch entry.kind {
        case .file(let content):
            let isPacked = content.size > 0 && !MediaType.isCompressed(content.mediaType)
            return ZipRecord(
                name: Array(entry.path.utf8), method: isPacked ? .deflated : .stored,
                mode: ZipFormat.UnixMode.file | (content.isExecutable ? 0o755 : 0o644), unpackedSize: content.size)
        case .symbolicLink(let target):
            return ZipRecord(
                name: Array(entry.path.utf8), mode: ZipFormat.UnixMode.symbolicLink | 0o777,
                unpackedSize: Int64(target.utf8.count))
        case .emptyDirectory:
            return ZipRecord(name: Array("\(entry.path)/".utf8), mode: ZipFormat.UnixMode.directory | 0o755)
        }
    }

    private static func checksum(_ value: UInt32, _ piece: UnsafeRawBufferPointer) -> UInt32 {
        UInt32(
            truncatingIfNeeded: crc32_z(
                UInt(value), piece.baseAddress?.assumingMemoryBound(to: UInt8.self), piece.count))
    }

    private static func end(entries: Int, start: Int64, size: Int64) -> [UInt8] {
        var end = LittleEndianBytes()
        let limit = Int64(ZipFormat.large32)
        if entries >= Int(ZipFormat.large16) || start >= limit || size >= limit {
            end.add(ZipFormat.end64)
            end.add(UInt64(ZipFormat.end64Size - 12))
            end.add(UInt16(3 << 8 | 45))
            end.add(UInt16(45))
            end.add(UInt32(0))
            end.add(UInt32(0))
            end.add(UInt64(entries))
            end.add(UInt64(entries))
            end.add(UInt64(size))
            end.add(UInt64(start))
            end.add(ZipFormat.end64Locator)
            end.add(UInt32(0))
            end.add(UInt64(start + size))
            end.add(UInt32(1))
        }
        end.add(ZipFormat.end)
        end.add(UInt16(0))
        end.add(UInt16(0))
        end.add(UInt16(clamping: entries))
        end.add(UInt16(clamping: entries))
        end.add(UInt32(clamping: size))
        end.add(UInt32(clamping: start))
        end.add(UInt16(0))
        return end.bytes
    }
}
