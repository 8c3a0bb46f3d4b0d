import CICore

/// Text for a place of an API that holds one line.
enum SummaryText {
    /// One line of at most `limit` Unicode scalars, as the APIs count; one that is longer is cut at a character
    /// boundary and ends in `…`.
    static func line(_ text: String, scalars limit: Int) -> String {
        // No scalar has more than four bytes; so this first cut takes away nothing that could stay.
        let line = SafeText.line(text, limit: limit * 4 + 4)
        guard line.unicodeScalars.count > limit else { return line }
        var kept = ""
        var room = limit - 1
        for character in line {
            room -= character.unicodeScalars.count
            guard room >= 0 else { break }
            kept.append(character)
        }
        return kept + "…"
    }

    /// A link that a browser may follow; the APIs refuse all others.
    static func link(_ url: String?) -> String? {
        guard let url, url.hasPrefix("https://") || url.hasPrefix("http://"), url.utf8.count <= 2_000 else {
            return nil
        }
        return URLText.withoutCredentials(url)
    }
}
