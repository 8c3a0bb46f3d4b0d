/// An error of a blob storage, which speaks XML: `<Error><Code>…</Code><Message>…</Message></Error>`.
enum StorageError {
    /// Code and the message's first line, whose others name the request and the time; `nil` for any other text. What the
    /// storage adds about signatures is left out.
    static func words(in text: String) -> String? {
        guard let start = text.firstRange(of: "<Error>") else { return nil }
        let body = text[start.upperBound...]
        let message = element("Message", in: body)?.split(whereSeparator: \.isNewline).first.map(String.init)
        let words = [element("Code", in: body), message].compactMap(\.self).filter { !$0.isEmpty }
        return words.isEmpty ? nil : words.joined(separator: ": ")
    }

    private static func element(_ name: String, in text: Substring) -> String? {
        guard let open = text.firstRange(of: "<\(name)>"),
            let close = text[open.upperBound...].firstRange(of: "</\(name)>")
        else { return nil }
        return unescaped(text[open.upperBound..<close.lowerBound])
    }

    /// XML's text with its entities replaced.
    static func unescaped(_ text: Substring) -> String {
        let entities = [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#34;", "\""), ("&apos;", "'"), ("&#39;", "'"),
            ("&amp;", "&"),
        ]
        return entities.reduce(String(text)) { $0.replacing($1.0, with: $1.1) }
    }
}
