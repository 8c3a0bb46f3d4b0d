import CICore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes SVG into memory of its own, which the next badge uses again: fixed text as it stands, everything given escaped.
///
/// A million badges a second leave a microsecond for each: an array's own appending would take half of it.
package struct BadgeWriter: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// How many bytes were written.
    package private(set) var count = 0

    package init(capacity: Int = 2 << 10) {
        self.capacity = max(capacity, 64)
        start = .allocate(capacity: self.capacity)
    }

    deinit { start.deallocate() }

    /// What was written, for as long as the body runs.
    package borrowing func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try body(UnsafeBufferPointer(start: start, count: count))
    }

    /// Begins anew in the same memory.
    package mutating func clear() { count = 0 }

    /// Markup of our own.
    @inline(__always)
    mutating func raw(_ text: StaticString) { append(text.utf8Start, text.utf8CodeUnitCount) }

    /// Text that needs no escapes, such as base64.
    mutating func plain(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            append(base, bytes.count)
        }
    }

    /// Text for an element or an attribute in double quotes; the five characters of XML are escaped.
    mutating func text(_ text: BadgeText) {
        guard text.needsEscapes else { return plain(text.utf8) }
        escaped(text.utf8)
    }

    /// The same of bytes.
    mutating func escaped(_ bytes: [UInt8]) {
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "&"): raw("&amp;")
            case UInt8(ascii: "<"): raw("&lt;")
            case UInt8(ascii: ">"): raw("&gt;")
            case UInt8(ascii: "\""): raw("&quot;")
            case UInt8(ascii: "'"): raw("&#39;")
            default: self.byte(byte)
            }
        }
    }

    /// One byte of our own.
    @inline(__always)
    mutating func byte(_ byte: UInt8) {
        reserve(1)
        start[count] = byte
        count += 1
    }

    /// A colour as `#4c1` or `#97ca00`.
    mutating func color(_ color: BadgeColor) {
        reserve(7)
        count += color.writeHex(to: start + count)
    }

    /// A whole number.
    mutating func number(_ value: Int) {
        guard value >= 0 else {
            byte(UInt8(ascii: "-"))
            return number(-value)
        }
        if value >= 10 { number(value / 10) }
        byte(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
    }

    /// A number of hundredths, without zeros at its end: 275 is `2.75`, 250 is `2.5`, 200 is `2`.
    mutating func hundredths(_ value: Int) {
        guard value >= 0 else {
            byte(UInt8(ascii: "-"))
            return hundredths(-value)
        }
        number(value / 100)
        let rest = value % 100
        guard rest > 0 else { return }
        byte(UInt8(ascii: "."))
        byte(UInt8(ascii: "0") + UInt8(rest / 10))
        if rest % 10 > 0 { byte(UInt8(ascii: "0") + UInt8(rest % 10)) }
    }

    @inline(__always)
    private mutating func append(_ bytes: UnsafePointer<UInt8>, _ length: Int) {
        reserve(length)
        memcpy(start + count, bytes, length)
        count += length
    }

    @inline(__always)
    private mutating func reserve(_ length: Int) {
        if count + length > capacity { grow(by: length) }
    }

    @inline(never)
    private mutating func grow(by length: Int) {
        capacity = max(capacity * 2, count + length)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        memcpy(larger, start, count)
        start.deallocate()
        start = larger
    }
}
