/// The numbers of PKWARE's APPNOTE 6.3 that are used here.
enum ZipFormat {
    static let localHeader: UInt32 = 0x0403_4B50
    static let centralHeader: UInt32 = 0x0201_4B50
    static let end: UInt32 = 0x0605_4B50
    static let end64: UInt32 = 0x0606_4B50
    static let end64Locator: UInt32 = 0x0706_4B50
    static let localHeaderSize = 30
    static let centralHeaderSize = 46
    static let endSize = 22
    static let end64Size = 56
    static let end64LocatorSize = 20
    /// Stands for "look at the 64-bit field".
    static let large32: UInt32 = 0xFFFF_FFFF
    static let large16: UInt16 = 0xFFFF
    /// Of the extra field that holds what 32 bits cannot.
    static let zip64Extra: UInt16 = 1

    /// How content is packed.
    enum Method: UInt16, Sendable {
        case stored = 0
        case deflated = 8
    }

    /// Bits of the flags.
    enum Flag {
        static let encrypted: UInt16 = 1
        /// Sizes and checksum stand behind the content.
        static let descriptor: UInt16 = 1 << 3
        static let utf8: UInt16 = 1 << 11
    }

    /// Of `stat`'s modes.
    enum UnixMode {
        static let mask: UInt32 = 0o170000
        static let file: UInt32 = 0o100000
        static let directory: UInt32 = 0o040000
        static let symbolicLink: UInt32 = 0o120000
    }
}

/// Numbers as zip archives have them, the lowest byte first.
struct LittleEndianBytes {
    private(set) var bytes: [UInt8] = []

    mutating func add<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func add(_ other: some Sequence<UInt8>) { bytes.append(contentsOf: other) }
}

extension UnsafeRawBufferPointer {
    /// A number with the lowest byte first; 0 past the end.
    func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self, at offset: Int) -> Number {
        guard offset >= 0, offset + MemoryLayout<Number>.size <= count else { return 0 }
        return Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: Number.self))
    }
}
