/// Reads strings and arrays of strings of single TOML tables; what it does not understand, it says so.
struct TOMLTables {
    private let text: [Character]

    init(_ text: String) { self.text = Array(text) }

    /// What the named tables hold together.
    struct Found {
        var values: [String: PytestConfigFile.Value] = [:]
        /// Whether one of them is there, be it empty.
        var isPresent = false
    }

    /// `nil` if something is beyond this reader.
    func found(in tables: [String]) -> Found? {
        var cursor = TOMLCursor(text)
        var isWanted = false
        var found = Found()
        while cursor.skipBlank() {
            if cursor.peek == "[" {
                let name = cursor.line().filter { !$0.isWhitespace }
                let title = name.prefix { $0 != "#" }
                isWanted = tables.contains { title == "[\($0)]" }
                found.isPresent = found.isPresent || isWanted
                // `[tool."pytest"]` and the like: written in a way that only a whole reader sees.
                if !isWanted, title.contains("pytest"), title.contains("\"") || title.contains("'") { return nil }
                continue
            }
            guard let key = cursor.key() else { return nil }
            guard isWanted else {
                if key.contains("pytest"), tables.contains(where: { $0.hasPrefix("tool.") }), key.contains(".") {
                    return nil
                }
                guard cursor.skipValue() else { return nil }
                continue
            }
            if key.contains(".") || key == "ini_options" { return nil }
            guard let value = cursor.value() else { return nil }
            found.values[key] = value
        }
        return found
    }
}

/// A place in a TOML text.
struct TOMLCursor {
    private let text: [Character]
    private var index = 0

    init(_ text: [Character]) { self.text = text }

    var peek: Character? { index < text.count ? text[index] : nil }

    /// Goes to the next thing that is no space, line end or comment; `false` at the end.
    mutating func skipBlank() -> Bool {
        while let character = peek {
            if character == "#" { _ = line() } else if character.isWhitespace { index += 1 } else { return true }
        }
        return false
    }

    /// The rest of the line.
    mutating func line() -> String {
        let start = index
        while let character = peek, !character.isNewline { index += 1 }
        return String(text[start..<index])
    }

    /// A key with its `=`, quotes taken off.
    mutating func key() -> String? {
        let start = index
        while let character = peek, character != "=", !character.isNewline { index += 1 }
        guard peek == "=" else { return nil }
        index += 1
        return String(text[start..<(index - 1)].filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" })
    }

    /// A string, an array of strings, or anything else as its text.
    mutating func value() -> PytestConfigFile.Value? {
        skipSpaces()
        switch peek {
        case "\"", "'": return string().map { .text($0) }
        case "[": return array().map { .list($0) }
        case "{", nil: return nil
        default: return .text(String(line().prefix { $0 != "#" && !$0.isWhitespace }))
        }
    }

    /// Goes behind a value of any kind.
    mutating func skipValue() -> Bool {
        skipSpaces()
        var depth = 0
        while let character = peek {
            if character == "\"" || character == "'" {
                guard string() != nil else { return false }
                continue
            }
            if character == "#" { _ = line() }
            if character == "[" || character == "{" { depth += 1 }
            if character == "]" || character == "}" { depth -= 1 }
            if depth <= 0, peek?.isNewline != false { return true }
            index += 1
        }
        return depth <= 0
    }

    private mutating func skipSpaces() {
        while let character = peek, character == " " || character == "\t" { index += 1 }
    }

    private mutating func array() -> [String]? {
        index += 1
        var items: [String] = []
        while skipBlank() {
            switch peek {
            case "]":
                index += 1
                return items
            case ",":
                index += 1
            case "\"", "'":
                guard let item = string() else { return nil }
                items.append(item)
            default:
                return nil
            }
        }
        return nil
    }

    /// Any of the four kinds of strings.
    private mutating func string() -> String? {
        guard let quote = peek else { return nil }
        let isLong = index + 2 < text.count && text[index + 1] == quote && text[index + 2] == quote
        index += isLong ? 3 : 1
        if isLong, peek?.isNewline == true { index += 1 }
        var result = ""
        while let character = peek {
            if character == quote, !isLong || text[index...].prefix(3).allSatisfy({ $0 == quote }) {
                index += isLong ? 3 : 1
                return result
            }
            if !isLong, character.isNewline { return nil }
            index += 1
            if character == "\\", quote == "\"" {
                guard let escaped = escape() else { return nil }
                result += escaped
            } else {
                result.append(character)
            }
        }
        return nil
    }

    private mutating func escape() -> String? {
        guard let character = peek else { return nil }
        index += 1
        switch character {
        case "\\", "\"": return String(character)
        case "n": return "\n"
        case "t": return "\t"
        case _ where character.isNewline:
            while peek?.isWhitespace == true { index += 1 }
            return ""
        default: return nil
        }
    }
}
