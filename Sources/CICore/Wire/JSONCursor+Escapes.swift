extension JSONCursor {
    /// The text of a string in which escapes are; `nil` for an escape that JSON does not have.
    static func unescaped(_ raw: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var text: [UInt8] = []
        text.reserveCapacity(raw.count)
        var escapes = Escapes(raw: raw)
        while escapes.index < raw.count {
            let byte = raw[escapes.index]
            escapes.index += 1
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            guard let scalar = escapes.scalar() else { return nil }
            if let encoded = UTF8.encode(scalar) { text.append(contentsOf: encoded) }
        }
        return text
    }
}

/// Reads what follows a backslash.
private struct Escapes {
    let raw: UnsafeBufferPointer<UInt8>
    var index = 0

    mutating func scalar() -> Unicode.Scalar? {
        guard index < raw.count else { return nil }
        let byte = raw[index]
        index += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "u"): return unicode()
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        default: return nil
        }
    }

    /// A pair of surrogates is one scalar, a lone one is replaced.
    private mutating func unicode() -> Unicode.Scalar? {
        guard let first = hexadecimal() else { return nil }
        guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
        let mark = index
        guard index + 1 < raw.count, raw[index] == UInt8(ascii: "\\"), raw[index + 1] == UInt8(ascii: "u") else {
            return "\u{FFFD}"
        }
        index += 2
        guard let second = hexadecimal(), UTF16.isTrailSurrogate(second) else {
            index = mark
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + (UInt32(first & 0x3FF) << 10 | UInt32(second & 0x3FF))) ?? "\u{FFFD}"
    }

    private mutating func hexadecimal() -> UInt16? {
        guard index + 4 <= raw.count else { return nil }
        var value: UInt16 = 0
        for offset in 0..<4 {
            guard let digit = Character(Unicode.Scalar(raw[index + offset])).hexDigitValue else { return nil }
            value = value << 4 | UInt16(digit)
        }
        index += 4
        return value
    }
}
