/// The start of a file, taken apart just enough to tell formats from each other.
package struct ImportHead: Sendable {
    /// At most 4 KiB, illegal bytes replaced, white space before the first character left out.
    package let text: String

    package init(_ bytes: [UInt8]) {
        let start = bytes.prefix(4096).firstIndex { !Self.isSpace($0) } ?? 0
        text = String(decoding: bytes[min(start, bytes.count)...].prefix(4096), as: UTF8.self)
    }

    /// The first key of a JSON object and the character that its value starts with; an empty object has neither.
    var firstMember: (key: Substring, value: Character)? {
        guard text.first == "{" else { return nil }
        let rest = text.dropFirst().drop(while: \.isWhitespace)
        guard rest.first == "\"" else { return nil }
        let body = rest.dropFirst()
        guard let end = Self.endOfString(body) else { return nil }
        let after = body[body.index(after: end)...].drop(while: \.isWhitespace)
        guard after.first == ":", let value = after.dropFirst().first(where: { !$0.isWhitespace }) else { return nil }
        return (body[..<end], value)
    }

    /// Whether it is `{}` with nothing but white space in it.
    var isEmptyObject: Bool { text.filter { !$0.isWhitespace } == "{}" }

    private static func endOfString(_ body: Substring) -> Substring.Index? {
        var isEscaped = false
        return body.firstIndex { character in
            defer { isEscaped = character == "\\" && !isEscaped }
            return character == "\"" && !isEscaped
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
