#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Finding bytes in bytes at the speed of the C library.
enum ByteSearch {
    /// The first place of a short ASCII text.
    static func first(_ text: StaticString, in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        let length = text.utf8CodeUnitCount
        let pattern = text.utf8Start
        var index = start
        while let hit = first(pattern[0], in: bytes, from: index), hit + length <= bytes.count {
            index = hit + 1
            // Most hits end here: that saves a call.
            if length > 1, bytes[hit + 1] != pattern[1] { continue }
            if bytes.part(hit..<hit + length).hasPrefix(text) { return hit }
        }
        return nil
    }

    /// The first place of a byte.
    static func first(_ byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress else { return nil }
        guard let hit = memchr(base + start, Int32(byte), bytes.count - start) else { return nil }
        return UnsafeRawPointer(hit) - UnsafeRawPointer(base)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// A part, without copying.
    func part(_ range: Range<Int>) -> Self { Self(rebasing: self[range]) }

    /// Whether these bytes are exactly an ASCII text.
    func equals(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && hasPrefix(text)
    }

    /// Whether these bytes start with an ASCII text.
    func hasPrefix(_ text: StaticString) -> Bool {
        guard count >= text.utf8CodeUnitCount, let baseAddress else { return text.utf8CodeUnitCount == 0 }
        return memcmp(baseAddress, text.utf8Start, text.utf8CodeUnitCount) == 0
    }

    /// The bytes as text, illegal ones replaced.
    var text: String { String(decoding: self, as: UTF8.self) }

    /// Without white space at either end.
    var trimmed: Self {
        var lower = 0
        var upper = count
        while lower < upper, ReportHead.isSpace(self[lower]) { lower += 1 }
        while upper > lower, ReportHead.isSpace(self[upper - 1]) { upper -= 1 }
        return part(lower..<upper)
    }
}
