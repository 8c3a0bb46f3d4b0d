/// Java's `.properties` format, as `java.util.Properties.load` documents it.
enum JavaProperties {
    /// Reads every pair; the last of a key wins, what is malformed is taken as plain text.
    static func parse(_ bytes: [UInt8]) -> [String: String] {
        let lines = String(decoding: bytes, as: UTF8.self).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        var pairs: [String: String] = [:]
        var logical = ""
        for line in lines {
            let trimmed = line.drop { $0 == " " || $0 == "\t" || $0 == "\u{c}" }
            if logical.isEmpty, trimmed.isEmpty || trimmed.first == "#" || trimmed.first == "!" { continue }
            logical += trimmed
            // An odd number of backslashes at the end joins the next line.
            if logical.reversed().prefix(while: { $0 == "\\" }).count % 2 == 1 {
                logical.removeLast()
                continue
            }
            take(logical, into: &pairs)
            logical = ""
        }
        if !logical.isEmpty { take(logical, into: &pairs) }
        return pairs
    }

    private static func take(_ line: String, into pairs: inout [String: String]) {
        var key: [Unicode.Scalar] = []
        var rest = Array(line.unicodeScalars)[...]
        while let scalar = rest.first, !" \t\u{c}=:".unicodeScalars.contains(scalar) {
            key.append(next(&rest) ?? scalar)
        }
        rest = rest.drop { " \t\u{c}".unicodeScalars.contains($0) }
        if let first = rest.first, first == "=" || first == ":" { rest.removeFirst() }
        rest = rest.drop { " \t\u{c}".unicodeScalars.contains($0) }
        var value: [Unicode.Scalar] = []
        while let scalar = next(&rest) { value.append(scalar) }
        pairs[String(String.UnicodeScalarView(key))] = String(String.UnicodeScalarView(value))
    }

    /// The next character with its escape undone; `nil` at the end.
    private static func next(_ rest: inout ArraySlice<Unicode.Scalar>) -> Unicode.Scalar? {
        guard let scalar = rest.popFirst() else { return nil }
        guard scalar == "\\", let escaped = rest.popFirst() else { return scalar }
        switch escaped {
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "f": return "\u{c}"
        case "u":
            let digits = String(String.UnicodeScalarView(rest.prefix(4)))
            guard digits.unicodeScalars.count == 4, let code = UInt32(digits, radix: 16) else { return "u" }
            rest = rest.dropFirst(4)
            return unit(code, &rest)
        default: return escaped
        }
    }

    /// A UTF-16 unit, joined with the one after it where they are a pair.
    private static func unit(_ code: UInt32, _ rest: inout ArraySlice<Unicode.Scalar>) -> Unicode.Scalar {
        if let scalar = Unicode.Scalar(code) { return scalar }
        let following = Array(rest.prefix(6))
        let digits = String(String.UnicodeScalarView(following.dropFirst(2)))
        guard (0xd800..<0xdc00).contains(code), following.count == 6, following[0] == "\\", following[1] == "u",
            let low = UInt32(digits, radix: 16), (0xdc00..<0xe000).contains(low)
        else { return "\u{fffd}" }
        rest = rest.dropFirst(6)
        return Unicode.Scalar(0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)) ?? "\u{fffd}"
    }
}
