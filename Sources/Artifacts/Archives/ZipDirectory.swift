/// Where an archive's directory is, from the records at its end.
struct ZipDirectory: Sendable, Hashable {
    var start: Int64
    var size: Int64
    var entries: Int

    /// - Throws: `StoreError` for what is no zip archive, or one in several parts.
    init(of input: ArchiveInput) throws(StoreError) {
        let place = try Self.findEnd(in: input)
        let end = try input.bytes(at: place, count: ZipFormat.endSize)
        let numbers: [UInt16] = [end.number(at: 4), end.number(at: 6), end.number(at: 8), end.number(at: 10)]
        entries = Int(numbers[3])
        size = Int64(end.number(UInt32.self, at: 12))
        start = Int64(end.number(UInt32.self, at: 16))
        let needs64 =
            numbers[3] == ZipFormat.large16 || end.number(at: 12) == ZipFormat.large32
            || end.number(at: 16) == ZipFormat.large32
        var limit = place
        if needs64, let found = try Self.end64(before: place, in: input) {
            (self, limit) = found
        } else {
            guard numbers[0] == 0, numbers[1] == 0, numbers[2] == numbers[3] else {
                throw StoreError(.malformed, "is one part of several")
            }
        }
        guard start >= 0, size >= 0, entries >= 0, start <= limit, size == limit - start else {
            throw StoreError(.malformed, "has its directory not where its end says")
        }
        guard Int64(entries) <= size / Int64(ZipFormat.centralHeaderSize) else {
            throw StoreError(.malformed, "has a directory that is too short for its \(entries) entries")
        }
    }

    private init(start: Int64, size: Int64, entries: Int) {
        self.start = start
        self.size = size
        self.entries = entries
    }

    /// The end record stands before a comment of at most 65,535 bytes.
    private static func findEnd(in input: ArchiveInput) throws(StoreError) -> Int64 {
        let length = Int(min(input.count, Int64(ZipFormat.endSize + 0xFFFF)))
        guard length >= ZipFormat.endSize else { throw StoreError(.malformed, "is no zip archive") }
        let tail = try input.bytes(at: input.count - Int64(length), count: length)
        for offset in stride(from: length - ZipFormat.endSize, through: 0, by: -1) {
            guard tail.number(at: offset) == ZipFormat.end else { continue }
            let comment = Int(tail.number(UInt16.self, at: offset + 20))
            if offset + ZipFormat.endSize + comment == length { return input.count - Int64(length - offset) }
        }
        throw StoreError(.malformed, "is no zip archive, or is cut off")
    }

    private static func end64(
        before end: Int64, in input: ArchiveInput
    ) throws(StoreError) -> (ZipDirectory, limit: Int64)? {
        let place = end - Int64(ZipFormat.end64LocatorSize)
        guard place >= 0 else { return nil }
        let locator = try input.bytes(at: place, count: ZipFormat.end64LocatorSize)
        guard locator.number(at: 0) == ZipFormat.end64Locator else { return nil }
        let offset = Int64(truncatingIfNeeded: locator.number(UInt64.self, at: 8))
        guard locator.number(UInt32.self, at: 4) == 0, locator.number(UInt32.self, at: 16) <= 1, offset >= 0,
            offset <= place - Int64(ZipFormat.end64Size)
        else { throw StoreError(.malformed, "has a 64-bit end that is not where it says") }
        let record = try input.bytes(at: offset, count: ZipFormat.end64Size)
        let entries = record.number(UInt64.self, at: 32)
        guard record.number(at: 0) == ZipFormat.end64, record.number(UInt64.self, at: 24) == entries,
            record.number(UInt32.self, at: 16) == 0, record.number(UInt32.self, at: 20) == 0,
            let count = Int(exactly: entries), let size = Int64(exactly: record.number(UInt64.self, at: 40)),
            let start = Int64(exactly: record.number(UInt64.self, at: 48))
        else { throw StoreError(.malformed, "has a 64-bit end that makes no sense") }
        return (ZipDirectory(start: start, size: size, entries: count), offset)
    }
}
