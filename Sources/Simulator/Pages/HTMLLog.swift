/// A log with its folds, as HTML.
enum HTMLLog {
    /// Folds are closed unless something bad is in them.
    static func html(_ log: LogReading) -> String {
        guard !log.lines.isEmpty else { return "" }
        var html = "<section><h2>Log</h2><div class=\"log\">"
        var depth = 0
        for (index, line) in log.lines.enumerated() {
            while depth > line.depth {
                html += "</div></details>"
                depth -= 1
            }
            switch line.kind {
            case .text: html += "<div class=\"line\">\(text(line.text))</div>"
            case .annotation(let tone): html += "<div class=\"line \(tone.rawValue)\">\(text(line.text))</div>"
            case .fold:
                let isOpen = isBad(log.lines[(index + 1)...].prefix { $0.depth > line.depth })
                html += "<details\(isOpen ? " open" : "")><summary>\(text(line.text))</summary><div class=\"fold\">"
                depth += 1
            }
        }
        html += String(repeating: "</div></details>", count: depth)
        if log.dropped > 0 { html += "<div class=\"line\">… \(log.dropped) lines more</div>" }
        return html + "</div></section>\n"
    }

    private static func isBad(_ lines: some Sequence<LogReading.Line>) -> Bool {
        lines.contains { $0.kind == .annotation(.bad) }
    }

    private static func text(_ line: String) -> String { HTMLText.escape(TerminalMarks.without(line)) }
}
