import CICore
package import CIProviders

/// Text from anywhere as Markdown that shows it and does nothing else: no mention, link, image, table cell or HTML.
package struct MarkdownText: Sendable {
    private let dialect: MarkdownDialect

    package init(_ dialect: MarkdownDialect) { self.dialect = dialect }

    /// A code span: inside one no forge looks for mentions, references or HTML.
    package func code(_ text: String, limit: Int = 240) -> String {
        let line = withoutMarks(SafeText.line(text, limit: limit))
        guard !line.allSatisfy(\.isWhitespace) else { return "(unnamed)" }
        let fence = String(repeating: "`", count: longestRun(of: "`", in: line) + 1)
        let padding = line.hasPrefix("`") || line.hasSuffix("`") ? " " : ""
        let shown = "\(fence)\(padding)\(line)\(padding)\(fence)"
        // In a cell even a code span ends at a bar.
        return dialect.hasTables ? shown.replacing("|", with: "\\|") : shown
    }

    /// Running text: everything that could mean something is escaped.
    package func plain(_ text: String, limit: Int = 400) -> String {
        var escaped = ""
        for character in SafeText.line(text, limit: limit) {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            // A character of no width keeps the forge from seeing a name, a number or a protocol.
            case "@", "#", "!", ":": escaped += "\(character)\u{200B}"
            case "\\", "`", "*", "_", "[", "]", "(", ")", "|", "~", "{", "}": escaped += "\\\(character)"
            default: escaped.append(character)
            }
        }
        return escaped
    }

    /// A fenced block, its fence longer than any inside; `limit` in bytes, the middle is left out.
    package func block(_ text: String, language: String = "text", limit: Int = 3000) -> String {
        var body = SafeText.block(text, limit: limit)
        while body.last?.isNewline == true { body.removeLast() }
        body = withoutMarks(body)
        let fence = String(repeating: "`", count: max(3, longestRun(of: "`", in: body) + 1))
        return "\(fence)\(language)\n\(body)\n\(fence)"
    }

    /// A link, if the URL is one of the web's; else the text alone.
    package func link(_ text: String, to url: String?) -> String {
        guard let url, url.hasPrefix("https://") || url.hasPrefix("http://") else { return plain(text) }
        var target = ""
        for byte in URLText.withoutCredentials(url).utf8 {
            // Spaces, controls, brackets and quotes would end the target.
            let isHarmless = byte > 0x20 && byte < 0x7F && !"()<>[]\\\"'`|*_".utf8.contains(byte)
            if isHarmless {
                target.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                target += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return "[\(plain(text))](\(target))"
    }

    /// A line that unfolds to a body, where the dialect can fold; else the line above the body.
    ///
    /// The line is `name` in a code span, `note` as running text, and `tail`, which is made of `owner` alone.
    package func fold(_ name: String, note: String, tail: String? = nil, body: String?) -> String {
        let tail = tail.map { " \($0)" } ?? ""
        guard let body, dialect.hasDetails else {
            let line = "❌ \(code(name)) \(plain(note))\(tail)"
            return body.map { "\(line)\n\n\($0)" } ?? "- \(line)"
        }
        let shown = HTMLText.escape(SafeText.line(name, limit: 240))
        let remark = HTMLText.escape(Self.silent(SafeText.line(note)))
        return "<details><summary>❌ <code>\(shown)</code> \(remark)\(tail)</summary>\n\n\(body)\n\n</details>"
    }

    /// Somebody's name for the line of a `fold`; as it stands only for one that the forge is to tell.
    ///
    /// HTML where the dialect has it, for in the line of a fold Markdown is not read, and outside of it both are.
    package func owner(_ name: String, isMention: Bool) -> String {
        if isMention { return name }
        guard dialect.hasDetails else { return code(name, limit: 100) }
        return "<code>\(HTMLText.escape(SafeText.line(name, limit: 100)))</code>"
    }

    /// In HTML as well forges look for names and numbers.
    private static func silent(_ text: String) -> String {
        text.replacing("@", with: "@\u{200B}").replacing("#", with: "#\u{200B}").replacing("!", with: "!\u{200B}")
    }

    /// What looks like one of our own marks is no mark.
    private func withoutMarks(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "<")) || text.utf8.contains(UInt8(ascii: "[")) else { return text }
        return text.replacing("<!-- dt-ci", with: "<!-\u{200B}- dt-ci")
            .replacing("[//]: # (dt-ci", with: "[/\u{200B}/]: # (dt-ci")
    }

    private func longestRun(of mark: Unicode.Scalar, in text: String) -> Int {
        var longest = 0
        var current = 0
        for next in text.utf8 {
            current = next == UInt8(ascii: mark) ? current + 1 : 0
            longest = max(longest, current)
        }
        return longest
    }
}

/// Text within HTML.
package enum HTMLText {
    /// For content and for attributes in double quotes.
    package static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
