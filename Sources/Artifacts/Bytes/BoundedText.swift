import CICore

/// A text that grows without bound and is kept with one: its first three quarters and its last quarter.
struct BoundedText {
    private let headLimit: Int
    private let tailLimit: Int
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    private var total = 0

    /// - Parameter limit: bytes kept.
    init(limit: Int) {
        tailLimit = limit / 4
        headLimit = limit - tailLimit
    }

    var isEmpty: Bool { total == 0 }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        total += bytes.count
        let room = min(headLimit - head.count, bytes.count)
        if room > 0 { head.append(contentsOf: bytes[..<room]) }
        guard room < bytes.count else { return }
        let rest = bytes[max(0, room)...].suffix(tailLimit)
        tail.append(contentsOf: rest)
        if tail.count > 2 * tailLimit { tail.removeFirst(tail.count - tailLimit) }
    }

    mutating func append(_ text: String) {
        var copy = text
        copy.withUTF8 { append($0) }
    }

    mutating func removeAll() {
        head.removeAll(keepingCapacity: true)
        tail.removeAll(keepingCapacity: true)
        total = 0
    }

    /// What is kept, broken characters at the cut left out; a line says how much is missing.
    var text: String {
        guard total > head.count + min(tail.count, tailLimit) else {
            return String(decoding: head + tail, as: UTF8.self)
        }
        let start = Self.withoutBrokenEnd(head[...])
        let end = tail.suffix(tailLimit).drop { $0 & 0xC0 == 0x80 }
        let missing = total - start.count - end.count
        let note = Array("\n… \(missing) bytes left out …\n".utf8)
        return String(decoding: start + note[...] + end, as: UTF8.self)
    }

    private static func withoutBrokenEnd(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var end = bytes.endIndex
        while end > bytes.startIndex, bytes[end - 1] & 0xC0 == 0x80 { end -= 1 }
        guard end > bytes.startIndex, bytes[end - 1] >= 0xC0 else { return bytes }
        let length = UTF8Scan.expectedLength(of: bytes[end - 1])
        return bytes.endIndex - (end - 1) == length ? bytes : bytes[..<(end - 1)]
    }
}

extension ReportLimits {
    /// A name as it is kept: of one that is too long the start and a hash of the whole, so that two stay two.
    func name(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        guard bytes.count > name else { return bytes.text }
        var bounded = BoundedText(limit: name / 4 * 5)
        bounded.append(bytes.part(0..<name))
        return SafeCut.head(bounded.text, limit: name - 20) + "…" + String(IdentityHash.hash(bytes), radix: 16)
    }

    /// A text as it is kept.
    func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        guard bytes.count > text else { return bytes.text }
        var bounded = BoundedText(limit: text)
        bounded.append(bytes)
        return bounded.text
    }
}

/// The start of a text, cut at a character boundary.
private enum SafeCut {
    static func head(_ text: String, limit: Int) -> String { SafeText.Bounded.head(text, limit: limit).text }
}
