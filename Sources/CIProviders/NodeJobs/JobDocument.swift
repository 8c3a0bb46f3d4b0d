import CICore

/// A tree that is written as JSON on one line, or as YAML for people.
indirect enum JobDocument: Sendable {
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([JobDocument])
    /// In this order.
    case map([(String, JobDocument)])

    static func texts(_ texts: [String]) -> JobDocument { .list(texts.map(JobDocument.text)) }

    /// Without line feeds.
    var json: String {
        switch self {
        case .text(let text): Self.quoted(text)
        case .number(let number): String(number)
        case .flag(let flag): flag ? "true" : "false"
        case .list(let items): "[\(items.map(\.json).joined(separator: ","))]"
        case .map(let pairs): "{\(pairs.map { "\(Self.quoted($0)):\($1.json)" }.joined(separator: ","))}"
        }
    }

    /// Ends with a line feed. Every text is in double quotes, where YAML and JSON mean the same.
    var yaml: String { lines.map { $0 + "\n" }.joined() }

    private var lines: [String] {
        switch self {
        case .map(let pairs) where !pairs.isEmpty:
            pairs.flatMap { key, value in
                let name = key.isPlainKey ? key : Self.quoted(key)
                if let block = value.block { return ["\(name): |"] + block.map { $0.isEmpty ? "" : "  \($0)" } }
                return value.isFlat ? ["\(name): \(value.json)"] : ["\(name):"] + value.lines.map { "  \($0)" }
            }
        case .list(let items) where !items.isEmpty:
            items.flatMap { item in
                if let block = item.block { return ["- |"] + block.map { $0.isEmpty ? "" : "    \($0)" } }
                return item.isFlat
                    ? ["- \(item.json)"]
                    : item.lines.enumerated().map { index, line in (index == 0 ? "- " : "  ") + line }
            }
        default: [json]
        }
    }

    /// Whether it stands on the line of its key: single values, and short lists of them.
    private var isFlat: Bool {
        switch self {
        case .text, .number, .flag: true
        case .list(let items): items.allSatisfy(\.isSingle) && json.utf8.count <= 100
        case .map(let pairs): pairs.isEmpty
        }
    }

    private var isSingle: Bool {
        switch self {
        case .text(let text): !text.contains("\n")
        case .number, .flag: true
        case .list, .map: false
        }
    }

    /// The lines of a script, where nothing in it means something else there.
    private var block: [String]? {
        guard case .text(let text) = self, text.contains("\n"), text.first?.isWhitespace == false,
            text.last?.isNewline == false, text.utf8.allSatisfy({ $0 == 0x0A || (0x20..<0x7F).contains($0) })
        else { return nil }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// A JSON text; what YAML takes for the end of a line is escaped as well.
    private static func quoted(_ text: String) -> String {
        var writer = JSONWriter(capacity: 64)
        writer.value(text)
        var quoted = ""
        for scalar in String(decoding: writer.drain(), as: UTF8.self).unicodeScalars {
            switch scalar.value {
            case 0x80...0x9F, 0x2028, 0x2029, 0xFEFF:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted
    }
}

extension String {
    /// Whether YAML and everybody else reads it as the text that it is.
    fileprivate var isPlainKey: Bool {
        guard let first = utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return false }
        return !["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(self)
            && utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "_-".utf8.contains(byte)
            }
    }
}
