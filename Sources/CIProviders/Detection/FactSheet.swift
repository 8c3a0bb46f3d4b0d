import CICore
import SystemPackage

/// The facts found so far, each with what decided it; the first word on a fact stands.
struct FactSheet {
    let environment: [String: String]
    private let files: any FileSystem
    private(set) var facts: [Fact: (value: String, source: String)] = [:]

    init(environment: [String: String], files: any FileSystem) {
        self.environment = environment
        self.files = files
    }

    /// A variable that is set and not empty.
    subscript(variable: String) -> String? {
        guard let value = environment[variable], !value.isEmpty else { return nil }
        return value
    }

    /// A fact that is known.
    subscript(fact: Fact) -> String? { facts[fact]?.value }

    /// Takes a fact in, if it is news and plain text.
    mutating func set(_ fact: Fact, _ value: String?, from source: String) {
        guard let value, facts[fact] == nil, Self.isPlain(value) else { return }
        let shown = fact == .runURL || fact == .jobURL ? URLText.withoutCredentials(value) : value
        facts[fact] = (shown, source)
    }

    /// Takes a fact from the first variable that tells it.
    mutating func set(_ fact: Fact, from sources: [FactSource]) {
        for source in sources {
            guard let text = self[source.variable], let value = source.read(text), !value.isEmpty else { continue }
            return set(fact, value, from: source.variable)
        }
    }

    /// Forgets a fact that turned out to be none.
    mutating func drop(_ fact: Fact) { facts[fact] = nil }

    /// A file that a variable names, at most 8 MiB of it.
    func contents(ofFileIn variable: String) -> [UInt8]? { self[variable].flatMap { contents(ofFileAt: $0) } }

    /// A file, at most 8 MiB of it; what cannot be read tells nothing.
    func contents(ofFileAt path: String) -> [UInt8]? { try? files.contents(of: FilePath(path), limit: 8 << 20) }

    /// Bounded and free of control characters, since it ends up in terminals and reports.
    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 4096
            && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
