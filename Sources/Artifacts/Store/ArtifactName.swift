import Crypto

/// What an artifact is called: 1 to 200 bytes of text without control characters.
package struct ArtifactName: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: String

    /// - Throws: `StoreError` that says what is wrong with the name.
    package init(_ text: String) throws(StoreError) {
        guard !text.isEmpty else { throw StoreError(.unusable, "an artifact's name cannot be empty") }
        guard text.utf8.count <= Self.limit else {
            throw StoreError(.unusable, "an artifact's name has at most \(Self.limit) bytes, not \(text.utf8.count)")
        }
        guard text.unicodeScalars.allSatisfy({ !SafeName.isInvisible($0) }) else {
            throw StoreError(.unusable, "an artifact's name cannot hold line breaks or control characters")
        }
        rawValue = text
    }

    private static let limit = 200

    package var description: String { rawValue }

    /// The name of its files in the store, without extension: letters, digits, `.`, `_` and `-` as they are, all else as
    /// `%XX`; no two names share one, also where upper and lower case are the same.
    package var fileName: String {
        var bytes: [UInt8] = []
        for (index, byte) in rawValue.utf8.enumerated() {
            if Self.isPlain(byte), index > 0 || byte != UInt8(ascii: ".") {
                bytes.append(byte)
            } else {
                bytes += SafeName.escaped(byte)
            }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let hasUpperCase = bytes.contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        guard bytes.count > 160 || hasUpperCase || SafeName(text).text != text else { return text }
        return "\(text.prefix(160))~\(SafeName.mark(of: rawValue.utf8))"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
