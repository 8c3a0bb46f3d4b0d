import CICore

/// Text for a place of an API that holds one line.
enum SummaryText {
    /// One line of at most `limit` Unicode scalars, as the APIs count; one that is longer is cut at a character
    /// boundary and ends in `…`.
    static func line(_ text: String, scalars limit: Int) -> String { line(text, limit) { $0.unicodeScalars.count } }

    /// The same in UTF-16 units, as servers in C# and Java count.
    static func line(_ text: String, units limit: Int) -> String { line(text, limit) { $0.utf16.count } }

    private static func line(_ text: String, _ limit: Int, size: (Character) -> Int) -> String {
        // Nothing that is counted has more than four bytes; so this first cut takes away nothing that could stay.
        let line = SafeText.line(text, limit: limit * 4 + 4)
        var kept = ""
        var room = limit - 1
        for character in line {
            room -= size(character)
            guard room >= 0 else { return line.reduce(0) { $0 + size($1) } > limit ? kept + "…" : line }
            kept.append(character)
        }
        return kept
    }

    /// A link that a browser may follow; the APIs refuse all others.
    static func link(_ url: String?) -> String? {
        guard let url, url.hasPrefix("https://") || url.hasPrefix("http://"), url.utf8.count <= 2_000 else {
            return nil
        }
        return URLText.withoutCredentials(url)
    }
}
