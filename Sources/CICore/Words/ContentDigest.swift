/// The SHA-256 of some bytes: what content is called, and how it is checked after a journey.
package struct ContentDigest: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    package let hexadecimal: String

    /// `nil` unless these are 64 hexadecimal digits, with or without `sha256:` before them.
    package init?(_ text: String) {
        let digits = text.hasPrefix("sha256:") ? text.dropFirst(7) : text[...]
        guard let bytes = Hexadecimal.bytes(of: digits), bytes.count == 32 else { return nil }
        self.init(bytes: bytes)
    }

    /// Wraps the 32 bytes of a SHA-256.
    package init(bytes: some Sequence<UInt8>) { hexadecimal = Hexadecimal.text(of: bytes) }

    /// As documents have it: `sha256:` and the digits.
    package var description: String { "sha256:\(hexadecimal)" }

    package static func < (left: Self, right: Self) -> Bool { left.hexadecimal < right.hexadecimal }
}
