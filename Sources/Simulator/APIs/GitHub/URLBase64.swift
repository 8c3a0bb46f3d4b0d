import struct FoundationEssentials.Data

/// RFC 4648, 5, without padding, as in tokens.
enum URLBase64 {
    static func encode(_ text: String) -> String {
        Data(Array(text.utf8)).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }
}
