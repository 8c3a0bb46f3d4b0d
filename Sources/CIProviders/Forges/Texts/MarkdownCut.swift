/// Markdown that is longer than an API takes, cut so that what stays is still whole.
///
/// Reports are made to measure; this is for the case that one is too long all the same.
package struct MarkdownCut {
    /// In Unicode scalars and in bytes of UTF-8.
    private typealias Size = (scalars: Int, bytes: Int)

    private let scalars: Int
    private let bytes: Int
    private var fence: Substring?
    private var openDetails = 0

    /// The text itself if it is within both limits; else its first lines, with open code fences and `<details>` closed
    /// and a line that says so.
    package static func head(_ text: String, scalars: Int, bytes: Int) -> String {
        guard text.utf8.count > bytes || text.unicodeScalars.count > scalars else { return text }
        var cut = MarkdownCut(scalars: scalars, bytes: bytes)
        return cut.cut(text)
    }

    private init(scalars: Int, bytes: Int) {
        self.scalars = scalars
        self.bytes = bytes
    }

    private mutating func cut(_ text: String) -> String {
        var kept = ""
        var used: Size = (0, 0)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let before = (fence, openDetails)
            take(line)
            let size: Size = (line.unicodeScalars.count + 1, line.utf8.count + 1)
            guard fits((used.scalars + size.scalars, used.bytes + size.bytes)) else {
                (fence, openDetails) = before
                // A first line that is too long by itself is better than nothing.
                if kept.isEmpty { kept = start(of: line) }
                break
            }
            used = (used.scalars + size.scalars, used.bytes + size.bytes)
            kept += line + "\n"
        }
        return kept + ending
    }

    /// What closes all that is open after the lines so far.
    private var ending: String {
        (fence.map { "\($0)\n" } ?? "") + String(repeating: "\n</details>\n", count: openDetails)
            + "\n… cut: too long\n"
    }

    private func fits(_ size: Size) -> Bool {
        size.scalars + ending.unicodeScalars.count <= scalars && size.bytes + ending.utf8.count <= bytes
    }

    private func start(of line: Substring) -> String {
        var kept = ""
        var used: Size = (1, 1)
        for character in line {
            used = (used.scalars + character.unicodeScalars.count, used.bytes + character.utf8.count)
            guard fits(used) else { break }
            kept.append(character)
        }
        return kept + "\n"
    }

    /// Follows fences (CommonMark, 4.5) and, outside of them, `<details>`.
    private mutating func take(_ line: Substring) {
        let content = line.drop { $0 == " " }
        let mark = content.prefix { $0 == content.first }
        let isFence = line.count - content.count <= 3 && mark.count >= 3 && (mark.first == "`" || mark.first == "~")
        if let open = fence {
            let rest = content.dropFirst(mark.count)
            guard isFence, mark.first == open.first, mark.count >= open.count, rest.allSatisfy({ $0 == " " }) else {
                return
            }
            fence = nil
        } else if isFence {
            fence = mark
        } else {
            openDetails += content.ranges(of: "<details").count
            openDetails = max(0, openDetails - content.ranges(of: "</details").count)
        }
    }
}
