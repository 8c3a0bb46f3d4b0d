/// Reading UTF-8 that may be broken, byte by byte.
package enum UTF8Scan {
    /// The scalar that starts at `index`, or `nil` and how many bytes to skip: never zero, never past the end.
    package static func scalar(
        in bytes: UnsafeBufferPointer<UInt8>, at index: Int
    ) -> (scalar: Unicode.Scalar?, length: Int) {
        let first = bytes[index]
        guard first >= 0x80 else { return (Unicode.Scalar(first), 1) }
        let length = expectedLength(of: first)
        guard length > 1, index + length <= bytes.count else { return (nil, 1) }
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for offset in 1..<length {
            let next = bytes[index + offset]
            guard next & 0xC0 == 0x80 else { return (nil, 1) }
            value = value << 6 | UInt32(next & 0x3F)
        }
        let isShortest = value >= [0, 0, 0x80, 0x800, 0x10000][length]
        guard isShortest, let scalar = Unicode.Scalar(value) else { return (nil, 1) }
        return (scalar, length)
    }

    /// Bytes of the sequence that this byte starts; 0 if none starts with it.
    package static func expectedLength(of first: UInt8) -> Int {
        switch first {
        case 0..<0x80: 1
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 0
        }
    }
}
