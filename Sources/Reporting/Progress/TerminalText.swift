/// Text measured in the columns of a terminal.
enum TerminalText {
    /// How many columns the text takes; control sequences must not be in it.
    static func columns(_ text: some StringProtocol) -> Int {
        var utf8 = text.utf8.makeIterator()
        var count = 0
        while let byte = utf8.next() {
            guard byte < 0x80 else { return text.unicodeScalars.reduce(0) { $0 + columns($1) } }
            count += 1
        }
        return count
    }

    /// The text in at most `width` columns; what does not fit is left out at the end and marked.
    static func cut(_ text: String, to width: Int) -> String {
        guard columns(text) > width else { return text }
        guard width > 0 else { return "" }
        return prefix(text, width - 1) + "…"
    }

    /// The text in at most `width` columns; what does not fit is left out before its last two thirds, since the end of
    /// a path or test name tells more than its start.
    static func cutMiddle(_ text: String, to width: Int) -> String {
        guard columns(text) > width else { return text }
        guard width > 8 else { return cut(text, to: width) }
        let end = String(prefix(String(text.reversed()), (width - 1) * 2 / 3).reversed())
        return prefix(text, width - 1 - columns(end)) + "…" + end
    }

    /// The text with spaces up to the width.
    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - columns(text)))
    }

    private static func prefix(_ text: String, _ width: Int) -> String {
        var used = 0
        var kept = ""
        for character in text {
            let next = columns(String(character))
            guard used + next <= width else { break }
            used += next
            kept.append(character)
        }
        return kept
    }

    /// After Unicode Standard Annex 11, simplified: wide are the East Asian blocks and the pictographs.
    private static func columns(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x20..<0x7f: return 1
        case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60,
            0xffe0...0xffe6, 0x1f300...0x1f64f, 0x1f680...0x1faff, 0x20000...0x3fffd:
            return 2
        default:
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .format, .control: return 0
            default: return 1
            }
        }
    }
}

/// Elapsed times whose width does not jump: `0:07`, `12:34`, `1:02:03`.
enum ClockText {
    /// Whole seconds, rounded down.
    static func text(_ duration: Duration) -> String {
        let seconds = max(0, Int(duration.components.seconds))
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        let rest = twoDigits(seconds % 60)
        return hours > 0 ? "\(hours):\(twoDigits(minutes)):\(rest)" : "\(minutes):\(rest)"
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
