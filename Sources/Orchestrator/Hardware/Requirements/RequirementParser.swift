/// Reads requirements.
///
///     list       = term { "," term }
///     term       = "not" term | ("any" | "all") "(" list ")" | "(" list ")" | comparison
///     comparison = name [ relation value ]
struct RequirementParser {
    private var scanner: RequirementScanner
    private var depth = 0
    /// How many `any` and `not` there are around, where `exclusive` has no meaning.
    private var conditions = 0

    /// Far above every honest requirement, far below what hurts.
    private static let longest = 4096
    private static let deepest = 32

    init(_ text: String) { scanner = RequirementScanner(text) }

    /// The whole text.
    mutating func requirement() throws(RequirementError) -> Requirement {
        guard scanner.count <= Self.longest else {
            throw scanner.failure("\(scanner.count) characters", expected: "at most \(Self.longest)")
        }
        let terms = try list()
        scanner.skipSpace()
        guard scanner.isAtEnd else {
            throw scanner.failure("\(scanner.found) after a requirement", expected: "a comma or the end")
        }
        return Requirement(.all(terms))
    }

    private mutating func list() throws(RequirementError) -> [Requirement.Term] {
        var terms = [try term()]
        while scanner.take(",") { terms.append(try term()) }
        return terms
    }

    private mutating func term() throws(RequirementError) -> Requirement.Term {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            throw scanner.failure("too many levels", expected: "at most \(Self.deepest)")
        }
        if scanner.take("(") { return .all(try bracketed()) }
        scanner.skipSpace()
        let start = scanner.at
        let name = scanner.name()
        scanner.skipSpace()
        switch name.lowercased() {
        case "not" where !scanner.isAtRelation:
            return .not(try conditional { parser throws(RequirementError) in try parser.term() })
        case "any" where scanner.take("("):
            return .any(try conditional { parser throws(RequirementError) in try parser.bracketed() })
        case "all" where scanner.take("("): return .all(try bracketed())
        case "": throw scanner.failure(scanner.found, expected: "a fact such as cpus>=4, or not, any(…), all(…)")
        default: return .comparison(try comparison(of: name, at: start))
        }
    }

    private mutating func conditional<Value>(
        _ body: (inout RequirementParser) throws(RequirementError) -> Value
    ) throws(RequirementError) -> Value {
        conditions += 1
        defer { conditions -= 1 }
        return try body(&self)
    }

    /// What follows an open bracket.
    private mutating func bracketed() throws(RequirementError) -> [Requirement.Term] {
        let terms = try list()
        guard scanner.take(")") else {
            throw scanner.failure("\(scanner.found) within brackets", expected: "a comma or )")
        }
        return terms
    }

    private mutating func comparison(of name: String, at start: Int) throws(RequirementError) -> Requirement.Comparison
    {
        guard let fact = RequirementFact(name: name) else { throw Self.unknown(name, at: start) }
        var label: String?
        if fact == .label, scanner.take(".") { label = try scanner.value(expected: "the label's name") }
        guard let relation = scanner.relation() else { return try bare(fact, label, at: start) }
        scanner.skipSpace()
        let place = scanner.at
        let text = try scanner.value(expected: fact.expectation)
        guard let value = fact.value(text, isOfLabel: label != nil) else {
            throw RequirementError(
                column: place + 1, problem: "\"\(YAMLDocument.excerpt(text))\" as \(fact.rawValue)",
                expected: fact.expectation)
        }
        if value == .flag { return try flag(fact, relation, text, at: start) }
        if case .word = value, label == nil, ![.equal, .unequal].contains(relation) {
            throw RequirementError(
                column: start + 1, problem: "\(fact.rawValue) has no order",
                expected: "\(fact.rawValue)= or \(fact.rawValue)!=")
        }
        return .init(fact: fact, label: label, relation: relation, value: value)
    }

    /// A name alone: a flag, or at least one of what is counted.
    private func bare(
        _ fact: RequirementFact, _ label: String?, at start: Int
    ) throws(RequirementError) -> Requirement.Comparison {
        if let label { return .init(fact: fact, label: nil, relation: .equal, value: .word(label)) }
        switch fact.kind {
        case .flag: return try flag(fact, .equal, "true", at: start)
        case .count: return .init(fact: fact, relation: .atLeast, value: .count(1))
        case .size, .version, .word:
            let relation = fact.kind == .word ? "=" : ">="
            throw RequirementError(
                column: start + 1, problem: "\(fact.rawValue) without a value",
                expected: "\(fact.rawValue)\(relation) and \(fact.expectation)")
        }
    }

    private func flag(
        _ fact: RequirementFact, _ relation: Relation, _ text: String, at start: Int
    ) throws(RequirementError) -> Requirement.Comparison {
        guard relation == .equal, ["true", "yes", "1"].contains(text.lowercased()) else {
            throw RequirementError(
                column: start + 1, problem: "\(fact.rawValue) takes no value",
                expected: fact == .exclusive ? "exclusive alone" : "\(fact.rawValue), or not \(fact.rawValue)")
        }
        guard fact != .exclusive || conditions == 0 else {
            throw RequirementError(
                column: start + 1, problem: "exclusive under a condition",
                expected: "exclusive outside of any(…) and not")
        }
        return .init(fact: fact, relation: .equal, value: .flag)
    }

    private static func unknown(_ name: String, at start: Int) -> RequirementError {
        let names = RequirementFact.allCases.map(\.rawValue)
        let nearest = NearestMatch.of(name, in: names + ["any", "all", "not"])
        let shown = YAMLDocument.excerpt(name)
        return RequirementError(
            column: start + 1, problem: "unknown fact \"\(shown)\"",
            expected: nearest != nil
                ? nil : "\(names.joined(separator: ", ")); a label of your own is written label=\(shown)",
            nearest: nearest)
    }
}

extension RequirementFact {
    /// Reads what it is compared with; `nil` if it is none of that.
    fileprivate func value(_ text: String, isOfLabel: Bool) -> Requirement.Comparison.Value? {
        switch kind {
        case .count: return Int(text).flatMap { (0...1_000_000).contains($0) ? .count($0) : nil }
        case .size: return ByteSize.parse(text).map { .bytes($0) }
        case .version: return CapabilityVersion.parts(of: text).map { .version($0) }
        case .word: return text.isEmpty && !isOfLabel ? nil : .word(text)
        case .flag: return .flag
        }
    }

    /// For "expected …".
    fileprivate var expectation: String {
        switch kind {
        case .count: "a whole number"
        case .size: "a size with its unit, such as 16GB (1,000,000,000 bytes each) or 16GiB (1,073,741,824)"
        case .version: "a version such as 8.0"
        case .word: self == .label ? "the label" : "a word (\(meaning))"
        case .flag: "no value"
        }
    }
}

/// Versions as numbers.
enum CapabilityVersion {
    /// `nil` for what is no version, such as AMD's targets.
    static func parts(of text: String) -> [Int]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...4).contains(parts.count), !parts.contains(nil) else { return nil }
        return parts.compactMap(\.self)
    }
}

extension Requirement {
    /// Reads a requirement, such as `gpu>=1, vram>=16GB, not os=windows`.
    package init(_ text: String) throws(RequirementError) {
        var parser = RequirementParser(text)
        self = try parser.requirement()
    }
}
