/// Writes JSON as bytes, in one pass and in the order of the calls; commas and escapes are its business.
///
/// Made for results with a million tests, where `JSONEncoder` reaches a tenth of the speed.
package struct JSONWriter: Sendable {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init(capacity: Int = 1024) { bytes.reserveCapacity(capacity) }

    /// Takes what was written so far, so that a long document can go out in pieces.
    package mutating func drain() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    /// `{ … }`
    package mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        try nested("{", "}", body)
    }

    /// `[ … ]`
    package mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
        try nested("[", "]", body)
    }

    /// `[…]` with one value an element.
    package mutating func array<Element>(
        _ elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) -> Void
    ) {
        array { writer in
            for element in elements { body(&writer, element) }
        }
    }

    /// `"name":` of the value that is written next.
    package mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: "\":".utf8)
        needsComma = false
    }

    /// `"name":` for names that are data.
    package mutating func key(dynamic name: String) {
        value(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// `"name":value`
    package mutating func member(_ name: StaticString, _ text: String?) {
        key(name)
        value(text)
    }

    /// `"name":value`
    package mutating func member(_ name: StaticString, _ number: Int?) {
        key(name)
        value(number)
    }

    /// `"name":value`, in seconds.
    package mutating func member(_ name: StaticString, _ duration: Duration?) {
        key(name)
        value(duration)
    }

    /// `"name":value`
    package mutating func member(_ name: StaticString, _ number: Double?) {
        key(name)
        value(number)
    }

    /// `"name":value`
    package mutating func member(_ name: StaticString, _ flag: Bool?) {
        key(name)
        value(flag)
    }

    package mutating func value(_ text: String?) {
        guard let text else { return null() }
        separate()
        bytes.append(UInt8(ascii: "\""))
        var copy = text
        copy.withUTF8 { appendEscaped($0) }
        bytes.append(UInt8(ascii: "\""))
    }

    package mutating func value(_ number: Int?) {
        guard let number else { return null() }
        separate()
        bytes.append(contentsOf: String(number).utf8)
    }

    /// Seconds with at most microseconds.
    package mutating func value(_ duration: Duration?) {
        guard let duration else { return null() }
        separate()
        let microseconds = duration.microseconds
        let magnitude = microseconds.magnitude
        if microseconds < 0 { bytes.append(UInt8(ascii: "-")) }
        bytes.append(contentsOf: String(magnitude / 1_000_000).utf8)
        let fraction = magnitude % 1_000_000
        guard fraction != 0 else { return }
        var digits = Array(String(fraction + 1_000_000).utf8.dropFirst())
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        bytes.append(UInt8(ascii: "."))
        bytes.append(contentsOf: digits)
    }

    /// `null` for what JSON has no number for.
    package mutating func value(_ number: Double?) {
        guard let number, number.isFinite else { return null() }
        separate()
        bytes.append(contentsOf: number.description.utf8)
    }

    package mutating func value(_ flag: Bool?) {
        guard let flag else { return null() }
        separate()
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    /// A value that is JSON already; nothing if it is empty.
    package mutating func raw(_ json: [UInt8]) {
        guard !json.isEmpty else { return }
        separate()
        bytes.append(contentsOf: json)
    }

    /// The same, where the bytes are in some other memory.
    package mutating func raw(_ json: UnsafeBufferPointer<UInt8>) {
        guard !json.isEmpty else { return }
        separate()
        bytes.append(contentsOf: json)
    }

    package mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    /// A line feed between documents, as JSON lines want it.
    package mutating func endLine() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    private mutating func nested(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONWriter) throws -> Void
    ) rethrows {
        separate()
        bytes.append(UInt8(ascii: open))
        needsComma = false
        try body(&self)
        bytes.append(UInt8(ascii: close))
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for index in text.indices where Self.needsEscape(text[index]) {
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
            appendEscape(of: text[index])
            start = index + 1
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7f
    }

    private mutating func appendEscape(of byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
        case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
        case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
        case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
        case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
        default:
            let digits = String(byte, radix: 16)
            bytes.append(contentsOf: "\\u00\(digits.count == 1 ? "0" : "")\(digits)".utf8)
        }
    }
}
