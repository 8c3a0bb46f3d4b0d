import CICore

/// XML as bytes: every text valid UTF-8, without a character that XML forbids, and of bounded size.
struct XMLOutput {
    private(set) var bytes: [UInt8] = []

    /// Takes what was written so far.
    mutating func drain() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    /// Markup as it is.
    mutating func raw(_ markup: [UInt8]) { bytes.append(contentsOf: markup) }

    mutating func raw(_ markup: UnsafeBufferPointer<UInt8>) { bytes.append(contentsOf: markup) }

    mutating func raw(_ markup: StaticString) {
        markup.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// ` name="value"`.
    mutating func attribute(_ name: StaticString, _ value: String, limit: Int = 4 << 10) {
        raw(" ")
        raw(name)
        raw("=\"")
        append(SafeText.Bounded.head(value, limit: limit).text, isAttribute: true)
        raw("\"")
    }

    /// ` name="value"`.
    mutating func attribute(_ name: StaticString, _ value: Int) { attribute(name, String(value)) }

    /// ` name="seconds"` with nanoseconds where there are any.
    mutating func attribute(_ name: StaticString, _ value: Duration) {
        let (seconds, attoseconds) = max(value, .zero).components
        let nanoseconds = Int(attoseconds / 1_000_000_000)
        var digits = String(nanoseconds + 1_000_000_000).dropFirst()
        while digits.count > 3, digits.hasSuffix("0") { digits = digits.dropLast() }
        attribute(name, "\(seconds).\(digits)")
    }

    /// Character data; of a text of more than `limit` bytes the middle is left out.
    mutating func text(_ text: String, limit: Int = 128 << 10) {
        guard let (head, tail) = SafeText.Bounded.ends(text, limit: limit) else {
            return append(text, isAttribute: false)
        }
        append(head, isAttribute: false)
        append("\n… \(text.utf8.count - head.utf8.count - tail.utf8.count) bytes left out …\n", isAttribute: false)
        append(tail, isAttribute: false)
    }

    private mutating func append(_ text: String, isAttribute: Bool) {
        var copy = text
        copy.withUTF8 { input in
            var start = 0
            var index = 0
            while index < input.count {
                let (width, replacement) = Self.replacement(in: input, at: index, isAttribute)
                if let replacement {
                    bytes.append(contentsOf: input[start..<index])
                    raw(replacement)
                    start = index + width
                }
                index += width
            }
            bytes.append(contentsOf: input[start...])
        }
    }

    /// What to write instead of the character at a place, and how many bytes it has.
    private static func replacement(
        in input: UnsafeBufferPointer<UInt8>, at index: Int, _ isAttribute: Bool
    ) -> (width: Int, text: StaticString?) {
        switch input[index] {
        case UInt8(ascii: "&"): (1, "&amp;")
        case UInt8(ascii: "<"): (1, "&lt;")
        case UInt8(ascii: ">"): (1, "&gt;")
        case UInt8(ascii: "\"") where isAttribute: (1, "&quot;")
        case UInt8(ascii: "\n") where isAttribute: (1, "&#10;")
        case UInt8(ascii: "\t") where isAttribute: (1, "&#9;")
        case UInt8(ascii: "\r"): (1, "&#13;")
        case UInt8(ascii: "\n"), UInt8(ascii: "\t"): (1, nil)
        case 0..<0x20, 0x7F: (1, "\u{FFFD}")
        case 0xEF where isNonCharacter(input, index): (3, "\u{FFFD}")
        default: (1, nil)
        }
    }

    /// U+FFFE and U+FFFF.
    private static func isNonCharacter(_ input: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        index + 2 < input.count && input[index + 1] == 0xBF && input[index + 2] >= 0xBE
    }
}
