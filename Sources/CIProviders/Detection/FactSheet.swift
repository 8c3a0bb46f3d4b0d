import CICore
import SystemPackage

/// The facts found so far, each with what decided it; the first word on a fact stands.
struct FactSheet {
    let environment: [String: String]
    private let files: any FileSystem
    /// What property files tell beside the variables; they win over variables of the same name.
    var properties: [String: String] = [:]
    private(set) var facts: [Fact: (value: String, source: String)] = [:]
    /// Sentences without a full stop, for people.
    private(set) var warnings: [String] = []
    /// The commit that was checked out where that may be no head.
    var testMerge: TestMerge?

    init(environment: [String: String], files: any FileSystem) {
        self.environment = environment
        self.files = files
    }

    /// A variable or property that is set and not empty; no fact fills more than 32 KiB.
    subscript(variable: String) -> String? {
        guard let value = properties[variable] ?? environment[variable], !value.isEmpty, value.utf8.count <= 32 << 10
        else { return nil }
        return value
    }

    /// A fact that is known.
    subscript(fact: Fact) -> String? { facts[fact]?.value }

    /// Takes a fact in, if it is news and plain text.
    mutating func set(_ fact: Fact, _ value: String?, from source: String) {
        guard let value, facts[fact] == nil, Self.isPlain(value) else { return }
        facts[fact] = (fact.isURL ? URLText.withoutCredentials(value) : value, source)
    }

    /// Takes a fact from the first variable that tells it.
    mutating func set(_ fact: Fact, from sources: [FactSource]) {
        guard let (value, source) = first(of: sources) else { return }
        set(fact, value, from: source)
    }

    /// What the first of them that tells anything tells.
    func first(of sources: [FactSource]) -> (value: String, source: String)? {
        for source in sources {
            guard let text = self[source.variable], let value = source.read(text), Self.isPlain(value) else { continue }
            return (value, source.variable)
        }
        return nil
    }

    /// Forgets a fact that turned out to be none.
    mutating func drop(_ fact: Fact) { facts[fact] = nil }

    /// Says what a person should know; a value within it is cut and made safe to show.
    mutating func warn(_ sentence: String) { warnings.append(SafeText.line(sentence, limit: 500)) }

    /// Bounded and free of what a terminal or a reader could be fooled with, since it ends up in logs and reports.
    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 4096 && !text.unicodeScalars.contains { isTrick($0) }
    }

    /// Control characters, line separators, and marks that turn the direction of the text after them.
    private static func isTrick(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x7f else { return scalar.value < 0x20 }
        return scalar.value <= 0x9f || (0x2028...0x202e).contains(scalar.value)
            || (0x2066...0x2069).contains(scalar.value)
    }
}

extension FactSheet {
    /// The longest event or property file that is read.
    private static var longestFile: Int { 8 << 20 }

    /// The file that a variable names, if it is a plain one of at most 8 MiB; else what is wrong with it.
    func file(in variable: String) -> Result<[UInt8], UnreadableFile>? {
        guard let path = self[variable] else { return nil }
        guard !path.utf8.contains(0) else { return .failure(UnreadableFile(reason: "names no file")) }
        // Reading a pipe or a device might never end.
        switch files.kind(of: FilePath(path)) {
        case nil: return .failure(UnreadableFile(reason: "names a file that is not there"))
        case .file: break
        default: return .failure(UnreadableFile(reason: "names no plain file"))
        }
        do {
            return .success(try files.contents(of: FilePath(path), limit: Self.longestFile))
        } catch {
            let isLong = error.errno == .fileTooLarge
            return .failure(UnreadableFile(reason: isLong ? "names a file over 8 MiB" : "cannot be read"))
        }
    }

    /// Why a file tells nothing.
    struct UnreadableFile: Error {
        /// To stand behind the variable's name.
        let reason: String
    }
}

extension Fact {
    /// Whether its value is a URL, in which credentials may stand.
    fileprivate var isURL: Bool { self == .runURL || self == .jobURL }
}
