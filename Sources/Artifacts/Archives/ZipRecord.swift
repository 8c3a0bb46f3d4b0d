/// One file of an archive, as its headers describe it.
struct ZipRecord: Sendable, Hashable {
    /// With `/` between names; a directory's ends with one.
    var name: [UInt8]
    var method = ZipFormat.Method.stored
    /// Of the content, with the mode of `stat`.
    var mode: UInt32
    var checksum: UInt32 = 0
    /// Of the content, in bytes.
    var unpackedSize: Int64 = 0
    /// Of what stands in the archive, in bytes.
    var packedSize: Int64 = 0
    /// Of the local header.
    var offset: Int64 = 0

    /// Whether the content's sizes may need 64 bits; deflating can make it a little larger.
    private var isLarge: Bool { unpackedSize >= 0xFFF0_0000 || packedSize >= 0xFFF0_0000 }

    /// What stands before the content; its length depends on the name and `unpackedSize` alone.
    var localHeader: [UInt8] {
        var header = LittleEndianBytes()
        header.add(ZipFormat.localHeader)
        addCommon(to: &header, isZip64: isLarge)
        header.add(UInt16(name.count))
        header.add(UInt16(isLarge ? 20 : 0))
        header.add(name)
        if isLarge {
            header.add(ZipFormat.zip64Extra)
            header.add(UInt16(16))
            header.add(UInt64(unpackedSize))
            header.add(UInt64(packedSize))
        }
        return header.bytes
    }

    /// What stands in the archive's directory.
    var centralHeader: [UInt8] {
        let isFar = offset >= Int64(ZipFormat.large32)
        var header = LittleEndianBytes()
        header.add(ZipFormat.centralHeader)
        // Made on Unix.
        header.add(UInt16(3 << 8 | (isLarge || isFar ? 45 : 20)))
        addCommon(to: &header, isZip64: isLarge, needs64: isLarge || isFar)
        header.add(UInt16(name.count))
        header.add(UInt16(isLarge || isFar ? 4 + (isLarge ? 16 : 0) + (isFar ? 8 : 0) : 0))
        // No comment, first disk, binary.
        header.add(UInt16(0))
        header.add(UInt16(0))
        header.add(UInt16(0))
        header.add(mode << 16 | (mode & ZipFormat.UnixMode.mask == ZipFormat.UnixMode.directory ? 0x10 : 0))
        header.add(isFar ? ZipFormat.large32 : UInt32(offset))
        header.add(name)
        if isLarge || isFar {
            header.add(ZipFormat.zip64Extra)
            header.add(UInt16((isLarge ? 16 : 0) + (isFar ? 8 : 0)))
            if isLarge {
                header.add(UInt64(unpackedSize))
                header.add(UInt64(packedSize))
            }
            if isFar { header.add(UInt64(offset)) }
        }
        return header.bytes
    }

    /// Version, flags, method, the first of January 1980, checksum, sizes.
    private func addCommon(to header: inout LittleEndianBytes, isZip64: Bool, needs64: Bool? = nil) {
        header.add(UInt16(needs64 ?? isZip64 ? 45 : 20))
        header.add(ZipFormat.Flag.utf8)
        header.add(method.rawValue)
        header.add(UInt16(0))
        header.add(UInt16(0x21))
        header.add(checksum)
        header.add(isZip64 ? ZipFormat.large32 : UInt32(packedSize))
        header.add(isZip64 ? ZipFormat.large32 : UInt32(unpackedSize))
    }
}
