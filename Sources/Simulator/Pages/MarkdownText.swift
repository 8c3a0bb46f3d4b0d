/// Markdown as forges show it in comments, made into HTML that cannot do anything: every character is escaped but for
/// the tags that stand here.
struct MarkdownText {
    private var lines: ArraySlice<Substring>
    private var html = ""
    private var openDetails = 0

    /// The HTML of a text.
    static func html(_ markdown: String) -> String {
        var text = MarkdownText(markdown)
        text.blocks()
        return text.html + String(repeating: "</details>", count: text.openDetails)
    }

    private init(_ markdown: String) {
        lines =
            Self.withoutComments(markdown).split(
                omittingEmptySubsequences: false, whereSeparator: \.isNewline)[...]
    }

    private static func withoutComments(_ text: String) -> String {
        var rest = text[...]
        var result = ""
        while let start = rest.firstRange(of: "<!--") {
            result += rest[..<start.lowerBound]
            rest = rest[start.upperBound...]
            guard let end = rest.firstRange(of: "-->") else { return result }
            rest = rest[end.upperBound...]
        }
        return result + rest
    }

    private mutating func blocks() {
        while let line = lines.first {
            let text = line.drop { $0 == " " }
            if text.isEmpty {
                lines.removeFirst()
            } else if text.hasPrefix("```") || text.hasPrefix("~~~") {
                fence(text)
            } else if isDetail(text) {
                lines.removeFirst()
                detail(String(text))
            } else if let level = Self.heading(text) {
                lines.removeFirst()
                let title = text.dropFirst(level).drop { $0 == " " }
                html += "<h\(level)>\(MarkdownInline.html(title))</h\(level)>\n"
            } else if Self.isRule(text) {
                lines.removeFirst()
                html += "<hr>\n"
            } else if text.hasPrefix(">") {
                quote()
            } else if isTable() {
                table()
            } else if MarkdownList.item(line) != nil {
                var list = MarkdownList()
                list.take(&lines)
                html += list.html
            } else {
                paragraph()
            }
        }
    }

    private mutating func fence(_ opening: Substring) {
        let mark = opening.prefix { $0 == opening.first }
        lines.removeFirst()
        var code: [Substring] = []
        while let line = lines.popFirst() {
            let text = line.drop { $0 == " " }
            if text.hasPrefix(mark), text.allSatisfy({ $0 == mark.first || $0 == " " }) { break }
            code.append(line)
        }
        html += "<pre><code>\(HTMLText.escape(code.joined(separator: "\n")))</code></pre>\n"
    }

    private func isDetail(_ text: Substring) -> Bool {
        ["<details", "</details", "<summary"].contains { text.lowercased().hasPrefix($0) }
    }

    /// `<details>`, `<summary>` and their ends, alone or together on a line.
    private mutating func detail(_ line: String) {
        var rest = line[...]
        while !rest.isEmpty {
            if rest.hasPrefix("</details>") {
                rest = rest.dropFirst("</details>".count)
                guard openDetails > 0 else { continue }
                openDetails -= 1
                html += "</details>\n"
            } else if rest.hasPrefix("<details"), let end = rest.firstIndex(of: ">") {
                html += rest[..<end].contains(" open") ? "<details open>" : "<details>"
                openDetails += 1
                rest = rest[rest.index(after: end)...]
            } else if rest.hasPrefix("<summary>") {
                rest = rest.dropFirst("<summary>".count)
                let end = rest.firstRange(of: "</summary>")
                html += "<summary>\(MarkdownInline.html(rest[..<(end?.lowerBound ?? rest.endIndex)]))</summary>\n"
                rest = end.map { rest[$0.upperBound...] } ?? ""
            } else {
                html += "<p>\(MarkdownInline.html(rest))</p>\n"
                return
            }
        }
    }

    private static func heading(_ text: Substring) -> Int? {
        let level = text.prefix { $0 == "#" }.count
        return (1...6).contains(level) && text.dropFirst(level).first == " " ? level : nil
    }

    private static func isRule(_ text: Substring) -> Bool {
        let marks = text.filter { $0 != " " }
        return marks.count >= 3 && Set(marks).count == 1 && "-*_".contains(marks.first ?? " ")
    }

    private mutating func quote() {
        var quoted: [Substring] = []
        while let line = lines.first, line.drop(while: { $0 == " " }).hasPrefix(">") {
            lines.removeFirst()
            let text = line.drop { $0 == " " }.dropFirst()
            quoted.append(text.hasPrefix(" ") ? text.dropFirst() : text)
        }
        html += "<blockquote>\(Self.html(quoted.joined(separator: "\n")))</blockquote>\n"
    }

    private func isTable() -> Bool {
        guard lines.count > 1, lines[lines.startIndex].contains("|") else { return false }
        let marks = lines[lines.startIndex + 1]
        return marks.contains("-") && marks.contains("|") && marks.allSatisfy { "|-: ".contains($0) }
    }

    private mutating func table() {
        let head = MarkdownInline.cells(lines.removeFirst())
        let alignments = MarkdownInline.cells(lines.removeFirst()).map { $0.hasSuffix(":") ? " class=\"number\"" : "" }
        let row = { (cells: [Substring], tag: String) in
            "<tr>"
                + head.indices.map { index in
                    let text = index < cells.count ? MarkdownInline.html(cells[index]) : ""
                    return "<\(tag)\(index < alignments.count ? alignments[index] : "")>\(text)</\(tag)>"
                }.joined() + "</tr>\n"
        }
        html += "<table><thead>\(row(head, "th"))</thead><tbody>\n"
        while let line = lines.first, line.contains("|") {
            lines.removeFirst()
            html += row(MarkdownInline.cells(line), "td")
        }
        html += "</tbody></table>\n"
    }

    private mutating func paragraph() {
        var texts: [String] = []
        while let line = lines.first, !line.allSatisfy({ $0 == " " }) {
            let text = line.drop { $0 == " " }
            let isOther =
                text.hasPrefix("```") || isDetail(text) || Self.heading(text) != nil
                || (!texts.isEmpty && (text.hasPrefix(">") || MarkdownList.item(line) != nil))
            if isOther { break }
            lines.removeFirst()
            texts.append(MarkdownInline.html(text))
        }
        html += "<p>\(texts.joined(separator: "<br>\n"))</p>\n"
    }
}

/// A list with lists in it, told apart by their indentation.
struct MarkdownList {
    private(set) var html = ""

    /// An item's indentation, whether it is numbered, and its text.
    static func item(_ line: Substring) -> (indent: Int, isNumbered: Bool, text: Substring)? {
        let indent = line.prefix { $0 == " " }.count
        let text = line.dropFirst(indent)
        if let first = text.first, "-*+".contains(first), text.dropFirst().first == " " {
            return (indent, false, text.dropFirst(2))
        }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard (1...9).contains(digits.count), text.dropFirst(digits.count).hasPrefix(". ") else { return nil }
        return (indent, true, text.dropFirst(digits.count + 2))
    }

    /// Takes all items and the lines that belong to them.
    mutating func take(_ lines: inout ArraySlice<Substring>) {
        var open: [(indent: Int, tag: String)] = []
        while let line = lines.first {
            guard let item = Self.item(line) else {
                guard line.hasPrefix("  "), !line.allSatisfy({ $0 == " " }) else { break }
                html += "<br>" + MarkdownInline.html(line.drop { $0 == " " })
                lines.removeFirst()
                continue
            }
            lines.removeFirst()
            while let last = open.last, item.indent < last.indent {
                html += "</li></\(last.tag)>"
                open.removeLast()
            }
            if let last = open.last, item.indent < last.indent + 2 {
                html += "</li>\n"
            } else {
                let tag = item.isNumbered ? "ol" : "ul"
                html += "<\(tag)>"
                open.append((item.indent, tag))
            }
            html += "<li>\(MarkdownInline.html(item.text))"
        }
        for last in open.reversed() { html += "</li></\(last.tag)>" }
        html += "\n"
    }
}
