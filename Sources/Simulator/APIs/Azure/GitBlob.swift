import CICore
import Crypto

import struct FoundationEssentials.Data

/// Names of git objects.
enum GitBlob {
    /// The id of a file's content.
    static func id(of bytes: [UInt8]) -> String {
        Insecure.SHA1.hash(data: Array("blob \(bytes.count)\u{0}".utf8) + bytes)
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// RFC 4648, 4.
enum Base64Text {
    /// `nil` for what is not Base64.
    static func decode(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { Array($0) } }
}
