import Crypto

/// Digests as APIs write them.
enum SHA256Text {
    /// In hexadecimal, lower case.
    static func of(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).reduce(into: "") { text, byte in
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }
}
