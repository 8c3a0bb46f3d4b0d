/// `[a-z0]` or `[!a-z0]` of a pattern, over Unicode scalar values.
struct GlobSet: Sendable, Hashable {
    private var ranges: [ClosedRange<UInt32>] = []
    private var isNegated = false

    /// Whether the set has a scalar, or a byte beyond Unicode.
    func contains(_ scalar: UInt32) -> Bool {
        ranges.contains { $0.contains(scalar) } != isNegated
    }

    /// Reads the set that begins with the bracket at `start`; `nil` if it is never closed.
    static func parse(_ pattern: [UInt8], at start: Int) -> (set: GlobSet, end: Int)? {
        pattern.withUnsafeBufferPointer { bytes in
            var set = GlobSet()
            var index = start + 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "!") || bytes[index] == UInt8(ascii: "^") {
                set.isNegated = true
                index += 1
            }
            let first = index
            while index < bytes.count {
                if bytes[index] == UInt8(ascii: "]"), index > first { return (set, index + 1) }
                if bytes[index] == UInt8(ascii: "/") { return nil }
                index = set.appendRange(bytes, at: index)
            }
            return nil
        }
    }

    /// The scalar at an index and its length; a byte that begins none stands for itself, beyond Unicode.
    static func character(in bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (value: UInt32, length: Int) {
        let lead = bytes[index]
        let length = lead < 0x80 ? 1 : lead >> 5 == 0b110 ? 2 : lead >> 4 == 0b1110 ? 3 : lead >> 3 == 0b11110 ? 4 : 1
        guard length > 1, index + length <= bytes.count else {
            return (lead < 0x80 ? UInt32(lead) : 0x11_0000 + UInt32(lead), 1)
        }
        var value = UInt32(lead) & (0x7f >> UInt32(length))
        for byte in bytes[(index + 1)..<(index + length)] {
            guard byte >> 6 == 0b10 else { return (0x11_0000 + UInt32(lead), 1) }
            value = value << 6 | UInt32(byte & 0x3f)
        }
        return (value, length)
    }

    private mutating func appendRange(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let (low, next) = Self.literal(bytes, at: index)
        guard next + 1 < bytes.count, bytes[next] == UInt8(ascii: "-"), bytes[next + 1] != UInt8(ascii: "]") else {
            ranges.append(low...low)
            return next
        }
        let (high, end) = Self.literal(bytes, at: next + 1)
        if low <= high { ranges.append(low...high) }
        return end
    }

    private static func literal(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (value: UInt32, next: Int) {
        let start = bytes[index] == UInt8(ascii: "\\") && index + 1 < bytes.count ? index + 1 : index
        let (value, length) = character(in: bytes, at: start)
        return (value, start + length)
    }
}
