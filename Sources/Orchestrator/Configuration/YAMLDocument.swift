import CICore
import Yams

/// A configuration file's text as nodes, whatever the bytes are: everything hostile ends in a plain error.
enum YAMLDocument {
    /// Far above every honest configuration, far below what hurts.
    static let limit = 1 << 20

    /// The root node; `nil` if the document is empty.
    ///
    /// - Throws: `ConfigurationError` for bytes that are not one YAML document.
    static func root(of bytes: [UInt8], source: String) throws(ConfigurationError) -> Node? {
        let text = try text(of: bytes, source: source)
        try refuseExplosion(of: bytes, source: source)
        do {
            return try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
        } catch {
            throw ConfigurationError([issue(for: error, source: source)])
        }
    }

    private static func text(of bytes: [UInt8], source: String) throws(ConfigurationError) -> String {
        let utf16Marks: [[UInt8]] = [[0xfe, 0xff], [0xff, 0xfe]]
        guard !utf16Marks.contains(Array(bytes.prefix(2))) else {
            throw ConfigurationError([.init(source: source, problem: "the file is UTF-16", expected: "UTF-8")])
        }
        if let index = bytes.firstIndex(of: 0) {
            let position = position(of: index, in: bytes)
            throw ConfigurationError([
                .init(source: source, position: position, problem: "a NUL byte", expected: "text")
            ])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let position = firstIllegalByte(in: bytes).map { Self.position(of: $0, in: bytes) }
            throw ConfigurationError([
                .init(source: source, position: position, problem: "a byte that is not UTF-8", expected: "UTF-8 text")
            ])
        }
        return text
    }

    /// Aliases multiply: with `n` of them over `a` anchors a document grows to (n ÷ a)ᵃ nodes at the most.
    ///
    /// The count takes in what only looks like an anchor or alias, so the bound is on the safe side.
    private static func refuseExplosion(of bytes: [UInt8], source: String) throws(ConfigurationError) {
        var anchors = 0.0
        var aliases = 0.0
        var isAtStart = true
        for (index, byte) in bytes.enumerated() {
            let mayBegin = isAtStart && index + 1 < bytes.count && !isSpace(bytes[index + 1])
            if mayBegin, byte == UInt8(ascii: "&") { anchors += 1 }
            if mayBegin, byte == UInt8(ascii: "*") { aliases += 1 }
            isAtStart = isSpace(byte) || "[{,:".utf8.contains(byte)
        }
        guard anchors > 0, aliases > anchors else { return }
        var growth = 1.0
        for _ in 0..<Int(min(anchors, aliases / 2)) where growth < 1e9 {
            growth *= max(2, aliases / anchors)
        }
        guard growth < 1e5 else {
            throw ConfigurationError([
                .init(
                    source: source,
                    problem: "\(Int(aliases)) aliases of \(Int(anchors)) anchors could grow without end",
                    expected: "fewer anchors, or the values written out")
            ])
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { " \t\r\n".utf8.contains(byte) }

    private static func issue(for error: any Error, source: String) -> ConfigurationError.Issue {
        guard let error = error as? YamlError else { return .init(source: source, problem: "not YAML: \(error)") }
        switch error {
        case .scanner(let context, let problem, let mark, let yaml):
            let words = plainWords(problem, context: context, at: mark, in: yaml)
            return .init(
                source: source, position: .init(words.isAlias ? context?.mark ?? mark : mark), problem: words.problem,
                expected: words.expected)
        case .parser(_, let problem, let mark, _):
            return .init(source: source, position: .init(mark), problem: "not YAML: \(problem)")
        case .composer(_, let problem, let mark, _):
            return composerIssue(problem, at: .init(mark), source: source)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.map { "\"\(excerpt($0))\"" }.joined(separator: ", ")
            return .init(source: source, position: .init(context.mark), problem: "\(names) is given more than once")
        case .reader(let problem, _, _, _):
            return .init(source: source, problem: "not YAML: \(problem)", expected: "printable text")
        default:
            return .init(source: source, problem: "not YAML: \(error)")
        }
    }

    /// The scanner's words for the two mistakes that everybody makes, in the user's words.
    private static func plainWords(
        _ problem: String, context: YamlError.Context?, at mark: Mark, in yaml: String
    ) -> (problem: String, expected: String?, isAlias: Bool) {
        let line = yaml.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(mark.line - 1).first ?? ""
        if line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
            return ("a tab in the indentation", "spaces", false)
        }
        if problem.contains("alphabetic or numeric character"), context?.text.contains("alias") == true {
            return ("a plain value cannot begin with *", "quotes around it, such as \"*.py\"", true)
        }
        return ("not YAML: \(problem)", nil, false)
    }

    private static func composerIssue(
        _ problem: String, at position: ConfigurationError.Position, source: String
    ) -> ConfigurationError.Issue {
        if problem.contains("undefined alias") {
            return .init(
                source: source, position: position, problem: "an alias without its anchor",
                expected: "quotes around a value that begins with *, such as \"*.py\"")
        }
        if problem.contains("another document") {
            return .init(source: source, position: position, problem: "a second document", expected: "only one")
        }
        return .init(source: source, position: position, problem: "not YAML: \(problem)")
    }

    /// At most forty characters on one line, for quoting in a message.
    static func excerpt(_ text: String) -> String {
        let visible = text.unicodeScalars.prefix(40).map { $0.properties.generalCategory == .control ? " " : $0 }
        return String(String.UnicodeScalarView(visible)) + (text.unicodeScalars.count > 40 ? "…" : "")
    }

    private static func position(of index: Int, in bytes: [UInt8]) -> ConfigurationError.Position {
        let before = bytes[..<index]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return .init(line: line, column: String(decoding: bytes[start..<index], as: UTF8.self).unicodeScalars.count + 1)
    }

    private static func firstIllegalByte(in bytes: [UInt8]) -> Int? {
        var decoder = UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var index = 0
        while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let scalar): index += scalar.count
            case .error: return index
            case .emptyInput: return nil
            }
        }
    }
}

extension ConfigurationError.Position {
    /// Yams counts from 1 as well.
    init(_ mark: Mark) { self.init(line: mark.line, column: mark.column) }
}
