/// Colours of a terminal, or none.
package struct ConsoleStyle: Sendable {
    private let isColored: Bool

    package init(isColored: Bool) { self.isColored = isColored }

    package func failure(_ text: String) -> String { wrapped(text, "31") }

    package func success(_ text: String) -> String { wrapped(text, "32") }

    package func warning(_ text: String) -> String { wrapped(text, "33") }

    package func heading(_ text: String) -> String { wrapped(text, "1") }

    package func dim(_ text: String) -> String { wrapped(text, "2") }

    private func wrapped(_ text: String, _ code: String) -> String {
        isColored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
