import CICore

/// A test's name as a bats file has it, which the shell expands before it is shown.
///
/// bats 1.8 filters on the name as written and shows it inside double quotes: `adds $x` may be shown as `adds 1`.
struct BatsName: Hashable {
    /// As written, without the quotes around it.
    let written: String
    /// The texts around what only the shell knows.
    private let fixed: [String]

    init(_ written: String) {
        self.written = written
        fixed = Self.fixedParts(of: written)
    }

    /// Whether the name can be shown like this.
    func canBeShown(as text: String) -> Bool {
        guard fixed.count > 1, let first = fixed.first, let last = fixed.last else { return text == fixed.first }
        var rest = Array(text.utf8)[...]
        guard rest.starts(with: first.utf8) else { return false }
        rest = rest.dropFirst(first.utf8.count)
        for part in fixed.dropFirst().dropLast() {
            guard let end = Self.end(of: Array(part.utf8), in: rest) else { return false }
            rest = rest[end...]
        }
        return rest.count >= last.utf8.count && rest.suffix(last.utf8.count).elementsEqual(last.utf8)
    }

    /// A POSIX extended expression that matches names as written.
    static func filter(_ names: [String]) -> String {
        let escaped = names.map(CommandLineText.regexEscaped)
        return escaped.count == 1 ? "^\(escaped[0])$" : "^(\(escaped.joined(separator: "|")))$"
    }

    private static func end(of part: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
        guard !part.isEmpty else { return text.startIndex }
        var index = text.startIndex
        while index + part.count <= text.endIndex {
            if text[index..<(index + part.count)].elementsEqual(part) { return index + part.count }
            index += 1
        }
        return nil
    }

    /// Splits at expansions; a quote ends and begins the quoting and is not shown.
    private static func fixedParts(of written: String) -> [String] {
        var parts = [""]
        var scalars = written.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\\":
                if let next = scalars.first, "\\\"$`".unicodeScalars.contains(next) {
                    scalars.removeFirst()
                    parts[parts.count - 1].unicodeScalars.append(next)
                } else {
                    parts[parts.count - 1].unicodeScalars.append(scalar)
                }
            case "\"", "$", "`":
                skipExpansion(scalar, &scalars)
                parts.append("")
            default:
                parts[parts.count - 1].unicodeScalars.append(scalar)
            }
        }
        return parts
    }

    /// Skips what surely belongs to an expansion; anything after it may be matched freely as well.
    private static func skipExpansion(_ opening: Unicode.Scalar, _ rest: inout Substring.UnicodeScalarView) {
        guard opening == "$", let next = rest.first else { return }
        if next == "{" || next == "(" {
            let closing: Unicode.Scalar = next == "{" ? "}" : ")"
            guard let end = rest.firstIndex(of: closing) else { return }
            rest = rest[rest.index(after: end)...]
        } else {
            rest = rest.drop {
                $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_")
            }
        }
    }
}
