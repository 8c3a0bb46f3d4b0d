import CICore
import Crypto

/// One name of a path, as every system can have it: on Linux, macOS and Windows, in archives and in URLs.
///
/// Changed are control characters, line breaks and what directs text, `< > : " / \ | ? *`, bytes that are no UTF-8, a dot
/// or a space at the end, names of Windows devices, and names of more than 255 bytes: offending bytes become `%XX`, the
/// end of a long name `~` and a digest.
package struct SafeName: Sendable, Hashable {
    /// The name to use.
    package let text: String
    /// Whether it differs from what was given.
    package let isChanged: Bool

    /// Most bytes of a name.
    private static let limit = 255

    /// - Parameter bytes: as the file system or an archive has them; not empty, neither `.` nor `..`.
    package init(_ bytes: UnsafeBufferPointer<UInt8>) {
        if Self.isPlain(bytes) {
            text = String(decoding: bytes, as: UTF8.self)
            isChanged = false
            return
        }
        let safe = Self.shortened(Self.encoded(bytes), from: bytes)
        text = String(decoding: safe, as: UTF8.self)
        isChanged = !safe.elementsEqual(bytes)
    }

    package init(_ name: String) {
        var copy = name
        self = copy.withUTF8 { SafeName($0) }
    }

    /// Another safe name for what would else be called like its neighbour.
    func distinct(from bytes: UnsafeBufferPointer<UInt8>) -> String {
        var name = Array(text.utf8)
        let mark = "~\(Self.mark(of: bytes))"
        Self.cut(&name, to: Self.limit - mark.utf8.count)
        return String(decoding: name, as: UTF8.self) + mark
    }

    /// Control characters, line and paragraph separators, and what changes the direction of text.
    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    /// `%XX`
    static func escaped(_ byte: UInt8) -> [UInt8] {
        [UInt8(ascii: "%")] + Hexadecimal.text(of: CollectionOfOne(byte)).uppercased().utf8
    }

    /// 16 hexadecimal digits that tell names apart.
    static func mark(of bytes: some Sequence<UInt8>) -> String {
        Hexadecimal.text(of: SHA256.hash(data: Array(bytes)).prefix(8))
    }

    /// The quick way for nearly all names.
    private static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count <= limit, let last = bytes.last, last != UInt8(ascii: "."), last != UInt8(ascii: " ") else {
            return false
        }
        return bytes.allSatisfy { $0 > 0x20 && $0 < 0x7F && !isForbidden($0) || $0 == 0x20 } && !isDevice(bytes)
    }

    private static func isForbidden(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: ":"), UInt8(ascii: "\""), UInt8(ascii: "/"),
            UInt8(ascii: "\\"), UInt8(ascii: "|"), UInt8(ascii: "?"), UInt8(ascii: "*"):
            true
        default: false
        }
    }

    private static func encoded(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var safe: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let (scalar, length) = UTF8Scan.scalar(in: bytes, at: index)
            let part = bytes[index..<index + length]
            index += length
            let isLast = index == bytes.count
            if let scalar, !isInvisible(scalar), !(length == 1 && isForbidden(part[part.startIndex])),
                !(isLast && (scalar == "." || scalar == " "))
            {
                safe += part
            } else {
                safe += part.flatMap(escaped)
            }
        }
        if safe.withUnsafeBufferPointer({ isDevice($0) }) { safe = escaped(safe[0]) + safe[1...] }
        return safe
    }

    /// A name that is too long ends with a digest of the whole, before a short extension.
    private static func shortened(_ safe: [UInt8], from bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        guard safe.count > limit else { return safe }
        let dot = safe.lastIndex(of: UInt8(ascii: ".")) ?? safe.endIndex
        let ending = safe.count - dot <= 16 ? Array(safe[dot...]) : []
        let mark = Array("~\(mark(of: bytes))".utf8)
        var head = safe
        cut(&head, to: limit - mark.count - ending.count)
        return head + mark + ending
    }

    /// Cuts at the boundary of a character and of an escape.
    private static func cut(_ name: inout [UInt8], to count: Int) {
        guard name.count > count else { return }
        var end = max(0, count)
        while end > 0, name[end] & 0xC0 == 0x80 { end -= 1 }
        for back in 1...2 where end >= back && name[end - back] == UInt8(ascii: "%") { end -= back }
        name.removeSubrange(end...)
    }

    /// Windows takes these for devices, with any extension.
    private static func isDevice(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let end = bytes.firstIndex(of: UInt8(ascii: ".")) ?? bytes.count
        guard (3...12).contains(end) else { return false }
        var stem = String(decoding: UnsafeBufferPointer(rebasing: bytes[..<end]), as: UTF8.self).uppercased()
        while stem.last == " " { stem.removeLast() }
        if ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(stem) { return true }
        let isPort = stem.hasPrefix("COM") || stem.hasPrefix("LPT")
        return isPort && stem.count == 4 && "0123456789¹²³".contains(stem.last ?? "-")
    }
}
