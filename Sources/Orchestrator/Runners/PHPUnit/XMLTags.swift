/// The start tags of a small XML text that a tool wrote as a list, in order: tags and their attributes, nothing else.
struct XMLTags {
    private(set) var tags: [Tag] = []
    private var rest: Substring

    /// One start tag.
    struct Tag: Hashable {
        var name: String
        var attributes: [String: String] = [:]
    }

    init(_ text: String) {
        rest = text[...]
        while let open = rest.firstIndex(of: "<") {
            rest = rest[rest.index(after: open)...]
            guard let first = rest.first, first.isLetter else { continue }
            let name = rest.prefix { !$0.isWhitespace && $0 != ">" && $0 != "/" }
            rest = rest[name.endIndex...]
            tags.append(Tag(name: String(name), attributes: readAttributes()))
        }
    }

    private mutating func readAttributes() -> [String: String] {
        var attributes: [String: String] = [:]
        while true {
            rest = rest.drop { $0.isWhitespace || $0 == "/" }
            guard let first = rest.first, first != ">" else { return attributes }
            let key = rest.prefix { $0 != "=" && $0 != ">" && !$0.isWhitespace }
            rest = rest[key.endIndex...].drop { $0.isWhitespace || $0 == "=" }
            guard let quote = rest.first, quote == "\"" || quote == "'" else { return attributes }
            let value = rest.dropFirst().prefix { $0 != quote }
            attributes[String(key)] = Self.unescaped(value)
            rest = rest[value.endIndex...].dropFirst()
        }
    }

    private static func unescaped(_ text: Substring) -> String {
        var result = ""
        var rest = text
        while let start = rest.firstIndex(of: "&") {
            result += rest[..<start]
            rest = rest[start...]
            if let end = rest.firstIndex(of: ";"), let scalar = scalar(rest[..<end].dropFirst()) {
                result.unicodeScalars.append(scalar)
                rest = rest[rest.index(after: end)...]
            } else {
                result.append("&")
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }

    private static func scalar(_ name: Substring) -> Unicode.Scalar? {
        if let known = entities[name] { return known }
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let value = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return value.flatMap(Unicode.Scalar.init)
    }

    private static let entities: [Substring: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'",
    ]
}
