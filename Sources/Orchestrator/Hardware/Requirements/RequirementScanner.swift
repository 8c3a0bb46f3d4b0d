/// Walks through the text of a requirement.
struct RequirementScanner {
    private let scalars: [Unicode.Scalar]
    /// 0-based.
    private(set) var at = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    var count: Int { scalars.count }

    var isAtEnd: Bool { at == scalars.count }

    /// Whether a relation comes next.
    var isAtRelation: Bool { Relation.spellings.contains { scalars[at...].starts(with: $0.text) } }

    mutating func skipSpace() {
        while at < scalars.count, scalars[at].properties.isWhitespace { at += 1 }
    }

    /// Whether this stands here, after spaces; it is passed then.
    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        skipSpace()
        guard at < scalars.count, scalars[at] == scalar else { return false }
        at += 1
        return true
    }

    mutating func relation() -> Relation? {
        skipSpace()
        guard let hit = Relation.spellings.first(where: { scalars[at...].starts(with: $0.text) }) else { return nil }
        at += hit.text.count
        return hit.relation
    }

    /// Letters, digits, `-` and `_`; empty where there are none.
    mutating func name() -> String {
        skipSpace()
        return word { $0 == "-" || $0 == "_" || Self.isLetterOrDigit($0) }
    }

    /// A quoted text, or everything up to a space, comma or bracket; a number may have a space before its unit.
    mutating func value(expected: String) throws(RequirementError) -> String {
        skipSpace()
        if at < scalars.count, scalars[at] == "\"" { return try quoted() }
        let text = word(Self.isWordScalar)
        guard !text.isEmpty else { throw failure(found, expected: expected) }
        let resume = at
        skipSpace()
        let unit = word(Self.isLetterOrDigit)
        if text.allSatisfy({ $0.isNumber || $0 == "." }), ByteSize.parse("1\(unit)") != nil { return text + unit }
        at = resume
        return text
    }

    private mutating func quoted() throws(RequirementError) -> String {
        let start = at
        var text = String.UnicodeScalarView()
        at += 1
        while at < scalars.count, scalars[at] != "\"" {
            if scalars[at] == "\\", at + 1 < scalars.count { at += 1 }
            text.append(scalars[at])
            at += 1
        }
        guard at < scalars.count else {
            throw RequirementError(column: start + 1, problem: "a quotation that does not end", expected: "\"")
        }
        at += 1
        return String(text)
    }

    private mutating func word(_ isMember: (Unicode.Scalar) -> Bool) -> String {
        let start = at
        while at < scalars.count, isMember(scalars[at]) { at += 1 }
        return String(String.UnicodeScalarView(scalars[start..<at]))
    }

    /// What stands here, for an error.
    var found: String { at < scalars.count ? "\"\(scalars[at])\"" : "the end" }

    /// An error at this place.
    func failure(_ problem: String, expected: String) -> RequirementError {
        RequirementError(column: at + 1, problem: problem, expected: expected)
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    /// What a value may hold without quotes.
    static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
        isLetterOrDigit(scalar) || "._*?+/:-@".unicodeScalars.contains(scalar)
    }
}
