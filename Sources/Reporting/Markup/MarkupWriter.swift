/// Writes SVG and HTML as bytes: fixed text as it stands, everything given escaped.
package struct MarkupWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init(capacity: Int = 2 << 10) { bytes.reserveCapacity(capacity) }

    /// Markup of our own.
    @inline(__always)
    package mutating func raw(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Text for an element or an attribute in double quotes; the five characters of XML are escaped.
    package mutating func text(_ utf8: some Sequence<UInt8>) {
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "&"): raw("&amp;")
            case UInt8(ascii: "<"): raw("&lt;")
            case UInt8(ascii: ">"): raw("&gt;")
            case UInt8(ascii: "\""): raw("&quot;")
            case UInt8(ascii: "'"): raw("&#39;")
            default: bytes.append(byte)
            }
        }
    }

    /// Text that needs no escapes, such as a colour or base64.
    package mutating func plain(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// One byte of our own.
    package mutating func byte(_ byte: UInt8) { bytes.append(byte) }

    /// A whole number.
    package mutating func number(_ value: Int) {
        guard value >= 0 else {
            bytes.append(UInt8(ascii: "-"))
            return number(-value)
        }
        if value >= 10 { number(value / 10) }
        bytes.append(UInt8(ascii: "0") + UInt8(value % 10))
    }

    /// A number of hundredths, without zeros at its end: 275 is `2.75`, 250 is `2.5`, 200 is `2`.
    package mutating func hundredths(_ value: Int) {
        guard value >= 0 else {
            bytes.append(UInt8(ascii: "-"))
            return hundredths(-value)
        }
        number(value / 100)
        let rest = value % 100
        guard rest > 0 else { return }
        bytes.append(UInt8(ascii: "."))
        bytes.append(UInt8(ascii: "0") + UInt8(rest / 10))
        if rest % 10 > 0 { bytes.append(UInt8(ascii: "0") + UInt8(rest % 10)) }
    }
}
