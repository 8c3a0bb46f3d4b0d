/// What a test needs of the machine it runs on, such as `gpu>=1, vram>=16GB, not os=windows`.
///
/// A million units share few of them: a copy is one reference, and two with the same meaning have the same text.
package struct Requirement: Sendable, Hashable, CustomStringConvertible {
    private let storage: Storage

    /// Immutable; what copies share.
    private final class Storage: Sendable {
        let root: Term
        let text: String
        let isExclusive: Bool

        init(_ root: Term) {
            self.root = root
            text = root.listText
            isExclusive = root.isExclusive
        }
    }

    init(_ root: Term) { storage = Storage(root.normal) }

    /// All of several; `nil` of none.
    package init?(all parts: some Sequence<Requirement>) {
        let parts = Array(parts)
        guard let first = parts.first else { return nil }
        self = parts.count == 1 ? first : Requirement(.all(parts.map(\.root)))
    }

    /// What is to hold.
    var root: Term { storage.root }

    /// In canonical order and spelling; reading it gives the same requirement.
    package var description: String { storage.text }

    /// Whether nothing else of the run may be on the node at the same time.
    package var isExclusive: Bool { storage.isExclusive }

    package static func == (left: Self, right: Self) -> Bool {
        left.storage === right.storage || left.description == right.description
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(description) }

    /// A part of a requirement.
    indirect enum Term: Sendable, Hashable {
        case all([Term])
        case any([Term])
        case not(Term)
        case comparison(Comparison)
    }

    /// A fact against a value.
    struct Comparison: Sendable, Hashable {
        var fact: RequirementFact
        /// Of `label.zone`.
        var label: String?
        var relation: Relation
        var value: Value

        /// What a fact is compared with.
        enum Value: Sendable, Hashable {
            case count(Int)
            case bytes(Int)
            case version([Int])
            case word(String)
            case flag
        }
    }
}

// MARK: Canonical form

extension Requirement.Term {
    /// Nested lists of the same kind are one, doubles go, and the rest is in order.
    var normal: Self {
        switch self {
        case .all(let terms):
            let members = Self.members(of: terms) { if case .all(let inner) = $0 { inner } else { nil } }
            return members.count == 1 ? members[0] : .all(members)
        case .any(let terms):
            let members = Self.members(of: terms) { if case .any(let inner) = $0 { inner } else { nil } }
            return members.count == 1 ? members[0] : .any(members)
        case .not(let term):
            let term = term.normal
            if case .not(let inner) = term { return inner }
            return .not(term)
        case .comparison: return self
        }
    }

    private static func members(of terms: [Self], _ inner: (Self) -> [Self]?) -> [Self] {
        let flat = terms.map(\.normal).flatMap { inner($0) ?? [$0] }
        let texts = Dictionary(flat.map { ($0.text, $0) }) { first, _ in first }
        return texts.sorted { ($0.value.rank, $0.key) < ($1.value.rank, $1.key) }.map(\.value)
    }

    /// Comparisons in the order of the facts, then what is made of several.
    private var rank: Int {
        switch self {
        case .comparison(let comparison): RequirementFact.allCases.firstIndex(of: comparison.fact) ?? 0
        case .not: 100
        case .any: 101
        case .all: 102
        }
    }

    /// As the whole of a requirement, where a comma alone means all.
    var listText: String {
        guard case .all(let terms) = self else { return text }
        return terms.map(\.text).joined(separator: ", ")
    }

    /// As a part of a list.
    var text: String {
        switch self {
        case .all(let terms): "all(\(terms.map(\.text).joined(separator: ", ")))"
        case .any(let terms): "any(\(terms.map(\.text).joined(separator: ", ")))"
        case .not(let term): "not \(term.text)"
        case .comparison(let comparison): comparison.text
        }
    }

    /// Alone or in a list of which all hold; it stands nowhere else.
    fileprivate var isExclusive: Bool {
        switch self {
        case .all(let terms): terms.contains(where: \.isExclusive)
        case .any, .not: false
        case .comparison(let comparison): comparison.fact == .exclusive
        }
    }
}

extension Requirement.Comparison {
    /// As it is read.
    var text: String {
        let name = fact.rawValue + (label.map { ".\(Self.quoted($0))" } ?? "")
        return switch value {
        case .flag: name
        case .count(let number): "\(name)\(relation.rawValue)\(number)"
        case .bytes(let bytes): "\(name)\(relation.rawValue)\(ByteSize.exact(bytes))"
        case .version(let parts): "\(name)\(relation.rawValue)\(parts.map(String.init).joined(separator: "."))"
        case .word(let word): "\(name)\(relation.rawValue)\(Self.quoted(word))"
        }
    }

    /// Quoted where it would be read as something else.
    private static func quoted(_ word: String) -> String {
        guard word.isEmpty || !word.unicodeScalars.allSatisfy(RequirementScanner.isWordScalar) else { return word }
        let escaped = word.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }
        return "\"\(String(escaped))\""
    }
}
