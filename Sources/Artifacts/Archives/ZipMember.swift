import CICore

/// One entry of an archive that somebody made, with a path that is safe to use.
struct ZipMember: Sendable, Hashable {
    /// What it is.
    enum Kind: Sendable, Hashable {
        case file(isExecutable: Bool)
        case symbolicLink
        case directory
    }

    /// As `ArtifactPath` has it; empty for the archive's own root.
    var path: String
    /// Whether a name had to be changed for that.
    var isChanged: Bool
    var kind: Kind
    /// What the headers say.
    var record: ZipRecord
    /// Of its header in the archive's directory, in bytes.
    var headerSize: Int

    /// Reads a header of the directory; `header` reaches to its end or further.
    ///
    /// - Throws: `StoreError` for what must not be unpacked or cannot be.
    init(_ header: UnsafeRawBufferPointer) throws(StoreError) {
        let nameSize = Int(header.number(UInt16.self, at: 28))
        let extraSize = Int(header.number(UInt16.self, at: 30))
        headerSize = ZipFormat.centralHeaderSize + nameSize + extraSize + Int(header.number(UInt16.self, at: 32))
        guard header.number(at: 0) == ZipFormat.centralHeader, headerSize <= header.count else {
            throw StoreError(.malformed, "has a broken directory")
        }
        let name = Array(header[ZipFormat.centralHeaderSize..<ZipFormat.centralHeaderSize + nameSize])
        let title = SafeText.line(String(decoding: name, as: UTF8.self))
        guard header.number(UInt16.self, at: 8) & ZipFormat.Flag.encrypted == 0 else {
            throw StoreError(.malformed, "has \(title) encrypted")
        }
        guard let method = ZipFormat.Method(rawValue: header.number(at: 10)) else {
            throw StoreError(
                .malformed,
                "has \(title) packed by method \(header.number(UInt16.self, at: 10)), not stored or deflated")
        }
        let isUnix = header.number(UInt16.self, at: 4) >> 8 == 3
        let attributes = header.number(UInt32.self, at: 38)
        record = ZipRecord(
            name: name, method: method, mode: isUnix ? attributes >> 16 : 0, checksum: header.number(at: 16),
            unpackedSize: Int64(header.number(UInt32.self, at: 24)),
            packedSize: Int64(header.number(UInt32.self, at: 20)), offset: Int64(header.number(UInt32.self, at: 42)))
        let start = ZipFormat.centralHeaderSize + nameSize
        try record.readLargeNumbers(UnsafeRawBufferPointer(rebasing: header[start..<start + extraSize]), title)
        (path, isChanged) = try Self.path(of: name, title)
        kind = try Self.kind(of: record, title)
        guard !path.isEmpty || kind == .directory else { throw StoreError(.malformed, "has an entry without a name") }
        guard method == .deflated || record.packedSize == record.unpackedSize else {
            throw StoreError(.malformed, "has two sizes for \(title), which is not packed")
        }
    }

    private static func path(of name: [UInt8], _ title: String) throws(StoreError) -> (String, Bool) {
        guard name.first != UInt8(ascii: "/") else { throw StoreError(.malformed, "has the absolute path \(title)") }
        var names: [String] = []
        var isChanged = false
        for part in name.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
            guard !part.elementsEqual("..".utf8) else {
                throw StoreError(.malformed, "has the path \(title), which leads out of it")
            }
            let safe = part.withUnsafeBufferPointer { SafeName($0) }
            names.append(safe.text)
            if safe.isChanged { isChanged = true }
        }
        let path = names.joined(separator: "/")
        guard path.utf8.count <= ArtifactPath.limit else {
            throw StoreError(.malformed, "has too long a path: \(title)")
        }
        return (path, isChanged)
    }

    private static func kind(of record: ZipRecord, _ title: String) throws(StoreError) -> Kind {
        if record.name.last == UInt8(ascii: "/") { return .directory }
        switch record.mode & ZipFormat.UnixMode.mask {
        case 0, ZipFormat.UnixMode.file: return .file(isExecutable: record.mode & 0o100 != 0)
        case ZipFormat.UnixMode.directory: return .directory
        case ZipFormat.UnixMode.symbolicLink where record.unpackedSize <= Int64(ArtifactPath.limit):
            return .symbolicLink
        default: throw StoreError(.malformed, "has \(title), which is no file, link or directory")
        }
    }
}

extension ZipRecord {
    /// Takes from the extra field what 32 bits could not hold.
    fileprivate mutating func readLargeNumbers(
        _ extra: UnsafeRawBufferPointer, _ title: String
    ) throws(StoreError) {
        let large = Int64(ZipFormat.large32)
        guard unpackedSize == large || packedSize == large || offset == large else { return }
        var index = 0
        while index + 4 <= extra.count {
            let (id, size) = (extra.number(UInt16.self, at: index), Int(extra.number(UInt16.self, at: index + 2)))
            guard index + 4 + size <= extra.count else { break }
            guard id == ZipFormat.zip64Extra else {
                index += 4 + size
                continue
            }
            var numbers = stride(from: index + 4, through: index + 4 + size - 8, by: 8)
                .map { Int64(truncatingIfNeeded: extra.number(UInt64.self, at: $0)) }[...]
            if unpackedSize == large { unpackedSize = numbers.popFirst() ?? -1 }
            if packedSize == large { packedSize = numbers.popFirst() ?? -1 }
            if offset == large { offset = numbers.popFirst() ?? -1 }
            break
        }
        guard unpackedSize >= 0, packedSize >= 0, offset >= 0 else {
            throw StoreError(.malformed, "has \(title) with sizes that make no sense")
        }
    }
}
