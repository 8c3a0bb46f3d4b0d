import CICore

/// An S3 storage's XML, of which only some elements' texts are wanted.
struct S3Document {
    private let text: Substring

    init(_ answer: APIAnswer) { text = answer.text[...] }

    private init(_ text: Substring) { self.text = text }

    /// The text of the first element of that name.
    func first(_ name: String) -> String? { elements(name).first.map(\.content) }

    /// All elements of that name, in order; none lies within another of its name.
    func elements(_ name: String) -> [S3Document] {
        var rest = text
        var found: [S3Document] = []
        while let open = rest.firstRange(of: "<\(name)>"),
            let close = rest[open.upperBound...].firstRange(of: "</\(name)>")
        {
            found.append(S3Document(rest[open.upperBound..<close.lowerBound]))
            rest = rest[close.upperBound...]
        }
        return found
    }

    /// Its text, entities replaced.
    var content: String { StorageError.unescaped(text) }
}
