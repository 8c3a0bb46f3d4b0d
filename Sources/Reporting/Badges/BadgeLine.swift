import CICore

/// An endpoint document on one line, as its bytes: what all but a few lines are made of, read without making a value of it.
struct BadgeLine {
    private(set) var label = Slice()
    private(set) var message = Slice()
    private(set) var color: Slice?
    private(set) var labelColor: Slice?
    private(set) var style: Slice?
    private(set) var file: Slice?
    private var hasVersion = false

    /// Bytes between two quotes.
    struct Slice {
        var start = -1
        var end = -1

        func bytes(in line: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
            UnsafeBufferPointer(rebasing: line[start..<end])
        }
    }

    /// `nil` for what is not plain: escapes, letters beyond ASCII, other keys, and everything that is wrong.
    init?(_ line: UnsafeBufferPointer<UInt8>) {
        var at = 0
        guard Self.skip(UInt8(ascii: "{"), in: line, &at) else { return nil }
        repeat {
            guard let key = Self.text(in: line, &at), Self.skip(UInt8(ascii: ":"), in: line, &at) else { return nil }
            guard take(key, in: line, &at) else { return nil }
        } while Self.skip(UInt8(ascii: ","), in: line, &at)
        guard Self.skip(UInt8(ascii: "}"), in: line, &at), at == line.count else { return nil }
        guard hasVersion, label.start >= 0, message.end > message.start else { return nil }
    }

    private mutating func take(_ key: Slice, in line: UnsafeBufferPointer<UInt8>, _ at: inout Int) -> Bool {
        let name = key.bytes(in: line)
        if name.holds("schemaVersion") {
            hasVersion = true
            return Self.skip(UInt8(ascii: "1"), in: line, &at)
        }
        guard let value = Self.text(in: line, &at) else { return false }
        if name.holds("message") {
            message = value
        } else if name.holds("label") {
            label = value
        } else if name.holds("color") {
            color = value
        } else if name.holds("labelColor") {
            labelColor = value
        } else if name.holds("style") {
            style = value
        } else if name.holds("file") {
            file = value
        } else {
            return false
        }
        return true
    }

    private static func skip(_ byte: UInt8, in line: UnsafeBufferPointer<UInt8>, _ at: inout Int) -> Bool {
        skipSpace(in: line, &at)
        guard at < line.count, line[at] == byte else { return false }
        at += 1
        skipSpace(in: line, &at)
        return true
    }

    private static func skipSpace(in line: UnsafeBufferPointer<UInt8>, _ at: inout Int) {
        while at < line.count, line[at] == 0x20 || line[at] == 0x09 || line[at] == 0x0D { at += 1 }
    }

    private static func text(in line: UnsafeBufferPointer<UInt8>, _ at: inout Int) -> Slice? {
        guard at < line.count, line[at] == UInt8(ascii: "\"") else { return nil }
        let start = at + 1
        var end = start
        while end < line.count, line[end] != UInt8(ascii: "\"") {
            guard line[end] >= 0x20, line[end] < 0x7F, line[end] != UInt8(ascii: "\\") else { return nil }
            end += 1
        }
        guard end < line.count else { return nil }
        at = end + 1
        return Slice(start: start, end: end)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether they are the bytes of this text.
    @inline(__always)
    func holds(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        for index in 0..<count where self[index] != text.utf8Start[index] { return false }
        return true
    }

    /// Whether they are the same bytes.
    func holds(_ other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where self[index] != other[index] { return false }
        return true
    }
}
