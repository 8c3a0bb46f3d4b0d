/// Text from a test, made safe for a terminal and for the log of a CI service.
///
/// Terminal escape sequences, other control characters and bidirectional overrides are dropped, illegal bytes become
/// U+FFFD, and whatever a CI service would take for a command of the build is broken up by one space: `::` at the start
/// of a line (GitHub Actions trims the line first) and `##word[` anywhere (Azure Pipelines, GitHub Actions and TeamCity
/// look for it inside the line).
package enum SafeText {
    /// One line: line breaks and tabs become spaces; past `limit` bytes of UTF-8 it is cut at a character boundary.
    package static func line(_ text: String, limit: Int = 400) -> String {
        let bounded = Bounded.head(text, limit: limit)
        var scrubber = TextScrubber(breaksLines: false)
        scrubber.append(bounded.text)
        return scrubber.text + (bounded.isCut ? "…" : "")
    }

    /// Several lines; of a text of more than `limit` bytes the middle is left out, and a line says how much.
    package static func block(_ text: String, limit: Int = 8 << 10) -> String {
        var scrubber = TextScrubber(breaksLines: true)
        guard let (head, tail) = Bounded.ends(text, limit: limit) else {
            scrubber.append(text)
            return scrubber.text
        }
        scrubber.append(head)
        scrubber.append("\n… \(text.utf8.count - head.utf8.count - tail.utf8.count) bytes left out …\n")
        scrubber.append(tail)
        return scrubber.text
    }

    /// One line of a process's output, without its line break, added to what is written out next.
    package static func append(line bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        var scrubber = TextScrubber(breaksLines: false, keepsTabs: true, output: output)
        output = []
        scrubber.append(bytes)
        output = scrubber.bytes
    }

    /// Cutting at character boundaries.
    package enum Bounded {
        /// The start of a text, at most `limit` bytes of UTF-8 and no broken character.
        package static func head(_ text: String, limit: Int) -> (text: String, isCut: Bool) {
            guard text.utf8.count > limit else { return (text, false) }
            return (
                String(text[..<boundary(in: text, before: text.utf8.index(text.startIndex, offsetBy: limit))]), true
            )
        }

        /// The first and last part of a text of more than `limit` bytes; `nil` if it is no longer than that.
        package static func ends(_ text: String, limit: Int) -> (head: String, tail: String)? {
            guard text.utf8.count > limit else { return nil }
            let start = text.utf8.index(text.endIndex, offsetBy: limit / 2 - limit)
            let aligned = boundary(in: text, before: start)
            let tail = aligned == start ? text[start...] : text[aligned...].dropFirst()
            return (head(text, limit: limit / 2).text, String(tail))
        }

        /// The nearest character boundary at or before an index of the UTF-8 view.
        private static func boundary(in text: String, before index: String.Index) -> String.Index {
            var scalar = index
            while scalar > text.startIndex, isContinuation(text.utf8[scalar]) {
                scalar = text.utf8.index(before: scalar)
            }
            guard scalar > text.startIndex else { return scalar }
            // A fresh index: one that comes from the part remembers the part's shorter character.
            let length = text[..<scalar].last?.utf8.count ?? 0
            let last = text.utf8.index(scalar, offsetBy: -length)
            return text.index(after: last) > scalar ? last : scalar
        }

        private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
    }
}
