/// Markdown within a line.
struct MarkdownInline {
    private var rest: Substring
    private var html = ""

    /// The HTML of a piece of a line.
    static func html(_ text: some StringProtocol) -> String {
        var inline = MarkdownInline(rest: Substring(text))
        while inline.step() {}
        return inline.html
    }

    /// The cells of a table's line; `\|` is none of its bars.
    static func cells(_ line: Substring) -> [Substring] {
        var cells: [String] = [""]
        var isEscaped = false
        for character in line.trimmingSpaces {
            if character == "|", !isEscaped {
                cells.append("")
            } else {
                cells[cells.count - 1].append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        if cells.first?.isEmpty == true { cells.removeFirst() }
        if cells.last?.isEmpty == true { cells.removeLast() }
        return cells.map { Substring($0).trimmingSpaces }
    }

    private init(rest: Substring) { self.rest = rest }

    private mutating func step() -> Bool {
        guard let first = rest.first else { return false }
        switch first {
        case "\\": escape()
        case "`": code()
        case "*", "_", "~": emphasis(first)
        case "[": link(isImage: false)
        case "!" where rest.dropFirst().first == "[": link(isImage: true)
        case "<": tag()
        case "&": entity()
        default:
            let text = rest.prefix { !"\\`*_~[!<&".contains($0) }
            html += HTMLText.escape(text.isEmpty ? rest.prefix(1) : text)
            rest = rest.dropFirst(max(1, text.count))
        }
        return true
    }

    private mutating func plain(_ count: Int = 1) {
        html += HTMLText.escape(rest.prefix(count))
        rest = rest.dropFirst(count)
    }

    private mutating func escape() {
        guard let next = rest.dropFirst().first, next.isASCII, next.isPunctuation || next.isSymbol else {
            return plain()
        }
        html += HTMLText.escape(String(next))
        rest = rest.dropFirst(2)
    }

    private mutating func code() {
        let mark = rest.prefix { $0 == "`" }
        let inner = rest.dropFirst(mark.count)
        guard let end = inner.firstRange(of: mark) else { return plain(mark.count) }
        var text = inner[..<end.lowerBound]
        if text.count > 2, text.hasPrefix(" "), text.hasSuffix(" ") { text = text.dropFirst().dropLast() }
        html += "<code>\(HTMLText.escape(text))</code>"
        rest = inner[end.upperBound...]
    }

    private mutating func emphasis(_ mark: Character) {
        let run = rest.prefix { $0 == mark }
        let inner = rest.dropFirst(run.count)
        let opensWord = mark != "_" || (html.last.map { !$0.isLetter && !$0.isNumber } ?? true)
        guard run.count <= 2, mark != "~" || run.count == 2, opensWord, let end = inner.firstRange(of: run),
            end.lowerBound > inner.startIndex, inner.first != " "
        else { return plain(run.count) }
        let name = mark == "~" ? "del" : run.count == 2 ? "strong" : "em"
        html += "<\(name)>\(Self.html(inner[..<end.lowerBound]))</\(name)>"
        rest = inner[end.upperBound...]
    }

    private mutating func link(isImage: Bool) {
        let inner = rest.dropFirst(isImage ? 2 : 1)
        guard let middle = inner.firstRange(of: "]("), let end = inner[middle.upperBound...].firstIndex(of: ")") else {
            return plain()
        }
        let text = inner[..<middle.lowerBound]
        let url = inner[middle.upperBound..<end].prefix { $0 != " " }
        rest = inner[inner.index(after: end)...]
        if isImage {
            // The page loads nothing from anywhere.
            html += "<span class=\"image\">\(HTMLText.escape(text))</span>"
        } else if HTMLText.isWebAddress(url) {
            html += "<a href=\"\(HTMLText.escape(url))\">\(Self.html(text))</a>"
        } else {
            html += Self.html(text)
        }
    }

    private static let tags = ["br", "sub", "sup", "kbd", "b", "i", "strong", "em", "code", "del"]

    /// Tags without attributes that forges let through, and web addresses in angle brackets.
    private mutating func tag() {
        guard let end = rest.firstIndex(of: ">") else { return plain() }
        let inner = rest[rest.index(after: rest.startIndex)..<end]
        let name = inner.drop { $0 == "/" }.prefix { $0.isLetter }.lowercased()
        if HTMLText.isWebAddress(inner) {
            html += "<a href=\"\(HTMLText.escape(inner))\">\(HTMLText.escape(inner))</a>"
        } else if inner == "br" || inner == "br/" || inner == "br /" {
            html += "<br>"
        } else if inner.hasPrefix("/") || !Self.tags.contains(name) || inner.count != name.count {
            return plain()
        } else if let close = rest[end...].firstRange(of: "</\(name)>") {
            html += "<\(name)>\(Self.html(rest[rest.index(after: end)..<close.lowerBound]))</\(name)>"
            rest = rest[close.upperBound...]
            return
        } else {
            return plain()
        }
        rest = rest[rest.index(after: end)...]
    }

    /// References such as `&lt;` and `&#64;` stay what they are.
    private mutating func entity() {
        guard let end = rest.prefix(12).firstIndex(of: ";") else { return plain() }
        let name = rest[rest.index(after: rest.startIndex)..<end]
        let isNumber = name.hasPrefix("#") && name.count > 1 && name.dropFirst().allSatisfy(\.isHexDigit)
        guard isNumber || ["lt", "gt", "amp", "quot", "nbsp", "zwnj", "apos"].contains(name) else { return plain() }
        html += "&\(name);"
        rest = rest[rest.index(after: end)...]
    }
}

/// Text within HTML.
enum HTMLText {
    /// For content and for attributes in double quotes.
    static func escape(_ text: some StringProtocol) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
            case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
            case "\n", "\t": escaped.append(scalar)
            // Controls, and what turns the direction of everything after it.
            case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}":
                escaped.append("\u{FFFD}")
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }

    /// Nothing but `http` and `https` may be followed.
    static func isWebAddress(_ text: some StringProtocol) -> Bool {
        (text.hasPrefix("https://") || text.hasPrefix("http://")) && !text.contains { $0.isWhitespace || $0 == "\"" }
    }
}

extension Substring {
    /// Without the spaces around it.
    var trimmingSpaces: Substring {
        var text = drop { $0 == " " || $0 == "\t" || $0 == "\r" }
        while let last = text.last, last == " " || last == "\t" || last == "\r" { text.removeLast() }
        return text
    }
}
