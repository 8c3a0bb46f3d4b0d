/// What a forge makes of Markdown.
package struct MarkdownDialect: Sendable, Hashable {
    package let id: String
    /// `<details>` folds; elsewhere its tags would be shown or dropped.
    package let hasDetails: Bool
    /// Pipe tables work reliably; elsewhere lists stand in.
    package let hasTables: Bool
    /// HTML comments are hidden; elsewhere a marker is the target of an empty link.
    package let hidesComments: Bool

    package static let gitHub = Self(id: "github", hasDetails: true, hasTables: true, hidesComments: true)
    package static let gitLab = Self(id: "gitlab", hasDetails: true, hasTables: true, hidesComments: true)
    package static let azure = Self(id: "azure", hasDetails: false, hasTables: true, hidesComments: true)
    package static let bitbucket = Self(id: "bitbucket", hasDetails: false, hasTables: false, hidesComments: false)
}

/// A line of a comment that readers don't see and that says what stands around it: words, of which some are pairs.
///
/// `<!-- dt-ci section key=linux attempt=2 -->`, or a link definition where HTML comments would show. Values are
/// percent-encoded, hyphens included, so that none can end the mark.
package struct HiddenMark: Sendable, Hashable {
    /// Such as `section`.
    package var word: String
    package var values: [String: String]

    package init(_ word: String, _ values: [String: String] = [:]) {
        self.word = word
        self.values = values
    }

    /// The mark as a line of its own.
    package func text(in dialect: MarkdownDialect) -> String {
        let pairs = values.sorted { $0.key < $1.key }.map { pair in
            "\(pair.key)=\(PercentEncoding.encode(pair.value).replacing("-", with: "%2D"))"
        }
        let words = (["dt-ci", word] + pairs).joined(separator: " ")
        return dialect.hidesComments ? "<!-- \(words) -->" : "[//]: # (\(words))"
    }

    /// Reads a line in either form; `nil` for any other.
    package init?(line: some StringProtocol) {
        let forms = [("<!-- dt-ci ", " -->"), ("[//]: # (dt-ci ", ")")]
        let line = line.last == "\r" ? String(line.dropLast()) : String(line)
        guard let form = forms.first(where: { line.hasPrefix($0.0) && line.hasSuffix($0.1) }) else { return nil }
        let words = line.dropFirst(form.0.count).dropLast(form.1.count).split(separator: " ")
        guard let word = words.first else { return nil }
        self.word = String(word)
        values = [:]
        for pair in words.dropFirst() {
            guard let equals = pair.firstIndex(of: "=") else { continue }
            values[String(pair[..<equals])] = PercentEncoding.decode(pair[pair.index(after: equals)...])
        }
    }
}
