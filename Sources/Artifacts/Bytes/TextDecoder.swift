import CICore

/// Makes clean UTF-8 of what a tool wrote: UTF-8 with or without byte order mark, UTF-16 either way, Windows-1252 and
/// ISO-8859-1, also where the label lies; NULs and other characters that XML forbids are dropped.
struct TextDecoder {
    /// How the bytes are meant.
    enum Encoding {
        case utf8
        case utf16(isLittleEndian: Bool)
        case windows1252
    }

    private(set) var encoding: Encoding?
    /// Whether bytes had to be read as Windows-1252 in a text of UTF-8.
    private(set) var sawIllegalBytes = false
    private var carry: [UInt8] = []
    private var output: [UInt8] = []

    /// Decodes the next piece, in place where possible, and hands the result over.
    mutating func decode(
        _ chunk: UnsafeMutableBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        var isPending = true
        if let encoding, case .utf8 = encoding, carry.isEmpty {
            if let count = cleanInPlace(chunk) { return body(UnsafeBufferPointer(rebasing: chunk[..<count])) }
            isPending = false
        }
        output.removeAll(keepingCapacity: true)
        var bytes = carry
        carry = []
        if isPending { bytes.append(contentsOf: chunk) }
        bytes.withUnsafeBufferPointer { decode(whole: $0) }
        output.withUnsafeBufferPointer { body($0) }
    }

    /// What is left when the file ends within a character.
    mutating func finish(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        guard !carry.isEmpty else { return }
        output.removeAll(keepingCapacity: true)
        for byte in carry { append(windows1252: byte) }
        carry = []
        output.withUnsafeBufferPointer { body($0) }
    }

    private mutating func decode(whole bytes: UnsafeBufferPointer<UInt8>) {
        var start = 0
        if encoding == nil {
            guard bytes.count >= 4 || bytes.isEmpty else {
                carry = Array(bytes)
                return
            }
            (encoding, start) = Self.detect(bytes)
        }
        let rest = bytes.part(start..<bytes.count)
        switch encoding {
        case .utf16(let isLittleEndian): decodeUTF16(rest, isLittleEndian)
        case .windows1252: for byte in rest { append(windows1252: byte) }
        case .utf8, nil: decodeUTF8(rest)
        }
    }

    /// By byte order mark, by the zero bytes of ASCII in UTF-16, or by the declaration.
    private static func detect(_ bytes: UnsafeBufferPointer<UInt8>) -> (Encoding, skip: Int) {
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { return (.utf8, 3) }
        if bytes.count >= 2, bytes[0] == 0xFF, bytes[1] == 0xFE { return (.utf16(isLittleEndian: true), 2) }
        if bytes.count >= 2, bytes[0] == 0xFE, bytes[1] == 0xFF { return (.utf16(isLittleEndian: false), 2) }
        if bytes.count >= 4, bytes[1] == 0, bytes[3] == 0, bytes[0] != 0 { return (.utf16(isLittleEndian: true), 0) }
        if bytes.count >= 4, bytes[0] == 0, bytes[2] == 0, bytes[1] != 0 { return (.utf16(isLittleEndian: false), 0) }
        let head = bytes.part(0..<min(bytes.count, 4096)).text.prefix(1024).lowercased()
        guard let declaration = head.firstRange(of: "<?xml"), let end = head.firstRange(of: "?>") else {
            return (.utf8, 0)
        }
        guard declaration.upperBound < end.lowerBound else { return (.utf8, 0) }
        let words = head[declaration.upperBound..<end.lowerBound]
        let isSingleByte = ["iso-8859-1", "iso8859-1", "latin1", "latin-1", "windows-1252", "cp1252", "iso-8859-15"]
            .contains { words.contains($0) }
        return (isSingleByte ? .windows1252 : .utf8, 0)
    }

    // MARK: - UTF-8

    /// Drops forbidden characters without copying; `nil` if the piece needs more than that.
    private mutating func cleanInPlace(_ chunk: UnsafeMutableBufferPointer<UInt8>) -> Int? {
        guard let base = chunk.baseAddress else { return 0 }
        let bytes = UnsafeBufferPointer(chunk)
        var index = CleanRun.end(in: bytes, from: 0)
        var written = index
        while index < bytes.count {
            if bytes[index] < 0x80 {
                index = CleanRun.afterControl(in: bytes, at: index)
            } else {
                let (scalar, length) = UTF8Scan.scalar(in: bytes, at: index)
                if let scalar {
                    if CleanRun.isAllowed(scalar) {
                        for offset in 0..<length { base[written + offset] = base[index + offset] }
                        written += length
                    }
                    index += length
                } else if index + UTF8Scan.expectedLength(of: bytes[index]) > bytes.count {
                    carry = Array(bytes[index...])
                    return written
                } else {
                    return rewrite(bytes, written: written, from: index)
                }
            }
            let end = CleanRun.end(in: bytes, from: index)
            if written != index, end > index { (base + written).update(from: base + index, count: end - index) }
            written += end - index
            index = end
        }
        return written
    }

    /// Bytes that are no UTF-8 grow: what is clean already and the rest go into `carry`, to be decoded by copying.
    private mutating func rewrite(_ bytes: UnsafeBufferPointer<UInt8>, written: Int, from index: Int) -> Int? {
        carry = Array(bytes[..<written]) + Array(bytes[index...])
        return nil
    }

    private mutating func decodeUTF8(_ bytes: UnsafeBufferPointer<UInt8>) {
        var index = 0
        while index < bytes.count {
            let end = CleanRun.end(in: bytes, from: index)
            output.append(contentsOf: bytes[index..<end])
            index = end
            guard index < bytes.count else { return }
            guard bytes[index] >= 0x80 else {
                index = CleanRun.afterControl(in: bytes, at: index)
                continue
            }
            let (scalar, length) = UTF8Scan.scalar(in: bytes, at: index)
            if let scalar {
                if CleanRun.isAllowed(scalar) { output.append(contentsOf: bytes[index..<index + length]) }
            } else if index + UTF8Scan.expectedLength(of: bytes[index]) > bytes.count {
                carry = Array(bytes[index...])
                return
            } else {
                sawIllegalBytes = true
                append(windows1252: bytes[index])
            }
            index += length
        }
    }

    // MARK: - Others

    private mutating func decodeUTF16(_ bytes: UnsafeBufferPointer<UInt8>, _ isLittleEndian: Bool) {
        var index = 0
        func unit(_ place: Int) -> UInt16 {
            let pair = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
            return isLittleEndian ? pair.1 << 8 | pair.0 : pair.0 << 8 | pair.1
        }
        while index + 1 < bytes.count {
            let first = unit(index)
            if UTF16.isLeadSurrogate(first), index + 3 >= bytes.count { break }
            if UTF16.isLeadSurrogate(first), UTF16.isTrailSurrogate(unit(index + 2)) {
                append(
                    Unicode.Scalar(0x10000 + (UInt32(first & 0x3FF) << 10 | UInt32(unit(index + 2) & 0x3FF)))
                        ?? "\u{FFFD}")
                index += 4
            } else {
                append(Unicode.Scalar(first) ?? "\u{FFFD}")
                index += 2
            }
        }
        carry = Array(bytes[index...])
    }

    private mutating func append(windows1252 byte: UInt8) {
        append(Windows1252.scalar(of: byte))
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        guard CleanRun.isAllowed(scalar) else { return }
        if let encoded = UTF8.encode(scalar) { output.append(contentsOf: encoded) }
    }
}

/// What XML allows.
enum CleanRun {
    /// The end of the run of ASCII characters that XML allows, eight bytes at a time.
    static func end(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        guard let base = bytes.baseAddress else { return start }
        let raw = UnsafeRawPointer(base)
        var index = start
        while index + 8 <= bytes.count {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            // High bits of the bytes of 0x80 and above, and of those below 0x20.
            let small = ((word | 0x8080_8080_8080_8080) &- 0x2020_2020_2020_2020) ^ 0x8080_8080_8080_8080
            if (word | small) & 0x8080_8080_8080_8080 != 0 {
                for offset in 0..<8 where !isPlain(base[index + offset]) { return index + offset }
            }
            index += 8
        }
        while index < bytes.count, isPlain(base[index]) { index += 1 }
        return index
    }

    /// The place after a control character; of a terminal's colour sequence all of it goes.
    static func afterControl(in bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
        guard bytes[start] == 0x1B, start + 1 < bytes.count, bytes[start + 1] == UInt8(ascii: "[") else {
            return start + 1
        }
        var index = start + 2
        while index < bytes.count, index < start + 32, (0x20...0x3F).contains(bytes[index]) { index += 1 }
        return index < bytes.count && (0x40...0x7E).contains(bytes[index]) ? index + 1 : start + 1
    }

    static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20: scalar == "\t" || scalar == "\n" || scalar == "\r"
        case 0xFFFE, 0xFFFF: false
        default: true
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (byte >= 0x20 && byte < 0x80) || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}

/// The Windows-1252 code page, which holds ISO-8859-1's printable characters where that has them.
enum Windows1252 {
    private static let upper: [UInt16] = [
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152,
        0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122,
        0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
    ]

    static func scalar(of byte: UInt8) -> Unicode.Scalar {
        guard (0x80..<0xA0).contains(byte) else { return Unicode.Scalar(byte) }
        return Unicode.Scalar(upper[Int(byte) - 0x80]) ?? "\u{FFFD}"
    }
}
