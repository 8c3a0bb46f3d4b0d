import CICore
import CZlib
import SystemPackage

/// A zip archive from anywhere, which may be broken or made to do harm: everything is checked before anything is given.
final class ZipArchive {
    /// One for the directory and one for contents, so that neither drives the other out of its buffer.
    private let headers: ArchiveInput
    private let contents: ArchiveInput
    private let directory: ZipDirectory
    private let inflater: Inflater
    /// Where the local headers are, sorted.
    private var offsets: [Int64] = []

    /// Opens an archive and checks all of its directory.
    ///
    /// - Throws: `StoreError` without the archive's name.
    init(_ path: FilePath, limits: ArchiveLimits) throws(StoreError) {
        headers = try ArchiveInput(path)
        contents = try ArchiveInput(path)
        directory = try ZipDirectory(of: headers)
        inflater = try Inflater()
        try limits.check(entries: directory.entries)
        try check(limits)
    }

    /// Calls `body` with each entry in the order of the archive's directory.
    func forEachMember(_ body: (ZipMember) throws(StoreError) -> Void) throws(StoreError) {
        let end = directory.start + directory.size
        var offset = directory.start
        for _ in 0..<directory.entries {
            // A header has at most three times 65,535 bytes behind it.
            let room = Int(min(end - offset, Int64(ZipFormat.centralHeaderSize + 3 * 0xFFFF)))
            let member = try ZipMember(try headers.bytes(at: offset, count: room))
            offset += Int64(member.headerSize)
            try body(member)
        }
        guard offset == end else { throw StoreError(.malformed, "has a directory of another length than it says") }
    }

    /// Calls `body` with an entry's content, piece by piece, at most as much as its headers say.
    ///
    /// What `body` was given may be wrong until this returns.
    ///
    /// - Throws: `StoreError` for content that is broken or of another size, and for what shares bytes with another entry;
    ///   what `body` throws.
    func read(
        _ member: ZipMember, _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void
    ) throws(StoreError) {
        let range = try content(of: member)
        let title = SafeText.line(member.path)
        var size: Int64 = 0
        var checksum: UInt32 = 0
        func take(_ piece: UnsafeRawBufferPointer) throws(StoreError) {
            size += Int64(piece.count)
            guard size <= member.record.unpackedSize else {
                throw StoreError(.malformed, "has more in \(title) than it says")
            }
            checksum = UInt32(
                truncatingIfNeeded: crc32_z(
                    UInt(checksum), piece.baseAddress?.assumingMemoryBound(to: UInt8.self), piece.count))
            try body(piece)
        }
        if member.record.method == .deflated {
            inflater.restart(title)
            try contents.forEachPiece(of: range) { piece throws(StoreError) in try inflater.add(piece, take) }
            guard inflater.isFinished else { throw StoreError(.malformed, "has \(title) cut off") }
        } else {
            try contents.forEachPiece(of: range, take)
        }
        guard size == member.record.unpackedSize else {
            throw StoreError(.malformed, "has less in \(title) than it says")
        }
        guard checksum == member.record.checksum else {
            throw StoreError(.damaged, "has \(title) with another checksum than it says")
        }
    }

    /// Names, sizes and places of all entries, before a byte of any is unpacked.
    private func check(_ limits: ArchiveLimits) throws(StoreError) {
        var names = Set<UInt64>(minimumCapacity: directory.entries)
        var (unpacked, packed): (Int64, Int64) = (0, 0)
        offsets.reserveCapacity(directory.entries)
        try forEachMember { member throws(StoreError) in
            guard names.insert(StableHash.of(member.path)).inserted || member.path.isEmpty else {
                throw StoreError(.malformed, "has \(SafeText.line(member.path)) twice")
            }
            let (sum, overflows) = unpacked.addingReportingOverflow(member.record.unpackedSize)
            unpacked = overflows ? .max : sum
            guard member.record.packedSize <= directory.start else {
                throw StoreError(.malformed, "has more in \(SafeText.line(member.path)) than the whole archive")
            }
            packed += member.record.packedSize
            offsets.append(member.record.offset)
            try limits.check(unpacked: unpacked, packed: packed)
        }
        offsets.sort()
        for index in offsets.indices.dropFirst() where offsets[index] == offsets[index - 1] {
            throw StoreError(.malformed, "has two entries with the same bytes")
        }
    }

    /// Where an entry's content is: behind its own header, before the next one's.
    private func content(of member: ZipMember) throws(StoreError) -> Range<Int64> {
        let record = member.record
        let header = try contents.bytes(at: record.offset, count: ZipFormat.localHeaderSize)
        let nameSize = Int(header.number(UInt16.self, at: 26))
        let start =
            record.offset + Int64(ZipFormat.localHeaderSize + nameSize) + Int64(header.number(UInt16.self, at: 28))
        let isSame =
            header.number(at: 0) == ZipFormat.localHeader && header.number(at: 8) == record.method.rawValue
            && header.number(UInt16.self, at: 6) & ZipFormat.Flag.encrypted == 0 && nameSize == record.name.count
        let name = try contents.bytes(at: record.offset + Int64(ZipFormat.localHeaderSize), count: nameSize)
        guard isSame, name.elementsEqual(record.name) else {
            throw StoreError(.malformed, "has two different headers for \(SafeText.line(member.path))")
        }
        guard start <= Self.next(after: record.offset, in: offsets, or: directory.start) - record.packedSize else {
            throw StoreError(.malformed, "has \(SafeText.line(member.path)) reach into another entry")
        }
        return start..<(start + record.packedSize)
    }

    private static func next(after offset: Int64, in offsets: [Int64], or end: Int64) -> Int64 {
        var (low, high) = (0, offsets.count)
        while low < high {
            let middle = (low + high) / 2
            if offsets[middle] <= offset { low = middle + 1 } else { high = middle }
        }
        return low < offsets.count ? offsets[low] : end
    }
}
