import CICore

/// Finds the tests that somebody probably meant.
struct NearbyTests {
    private let units: [TestUnit]
    /// More are not compared: a misspelt pattern must not cost minutes in a suite of a million tests.
    private static let limit = 20_000
    /// So many are named.
    private static let shown = 3

    init(in units: [TestUnit]) { self.units = units }

    /// What is wrong with a pattern that means nothing.
    func issue(for pattern: String, source: String) -> ConfigurationError.Issue {
        let near = ids(near: pattern)
        let shown = near.map { SafeText.line($0, limit: 160) }.joined(separator: ", ")
        return .init(
            source: source, problem: "nothing is called or holds \"\(YAMLDocument.excerpt(pattern))\"",
            expected: near.isEmpty
                ? "a part of a test's id, but no suite has any test" : "a part of a test's id; nearest: \(shown)")
    }

    /// Ids of what is spelt most alike, else of what comes first.
    private func ids(near pattern: String) -> [String] {
        var names: [String: String] = [:]
        for unit in units.prefix(Self.limit) {
            for selector in (unit.tests ?? []).prefix(Self.limit) + [unit.selector] {
                let id = TestID(suite: unit.suite, selector: selector).rawValue
                for name in [id, selector, Self.lastWord(of: selector), unit.suite.rawValue] where names[name] == nil {
                    names[name] = name == unit.suite.rawValue ? name : id
                }
            }
        }
        var found: [String] = []
        for wanted in [pattern, Self.lastWord(of: pattern)] {
            while found.count < Self.shown, let name = NearestMatch.of(wanted, in: names.keys.sorted()) {
                if let id = names.removeValue(forKey: name), !found.contains(id) { found.append(id) }
            }
        }
        return found.isEmpty ? Array(Set(names.values).sorted().prefix(Self.shown)) : found
    }

    /// What stands behind the last `/`, `:`, `#` or blank, without its parameters.
    private static func lastWord(of selector: String) -> String {
        let head = selector.prefix { $0 != "[" && $0 != "(" }
        let word = head.split(whereSeparator: { "/:# ".contains($0) }).last
        return word.map(String.init) ?? selector
    }
}
