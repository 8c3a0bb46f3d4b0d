import Yams

/// The kind of value that a key takes: how it is read, how it is shown and what the schema says of it.
package struct Shape<Value: Sendable>: Sendable {
    /// As in "expected …".
    let expectation: String
    let type: SchemaType
    /// `nil` after it has reported an issue.
    let read: @Sendable (Node, inout Reading) -> Value?
    let show: @Sendable (Value) -> ShownValue

    /// A shape for single values.
    init(
        _ expectation: String, type: SchemaType, parse: @escaping @Sendable (String) -> Value?,
        show: @escaping @Sendable (Value) -> String
    ) {
        self.expectation = expectation
        self.type = type
        self.show = { .text(show($0)) }
        read = { node, reading in
            guard let text = node.scalarText, !text.utf8.contains(0) else {
                return reading.refuse(node, expected: expectation)
            }
            guard let value = parse(text) else {
                return reading.refuse(node, expected: expectation, nearest: type.nearest(to: text))
            }
            return value
        }
    }

    init(
        _ expectation: String, type: SchemaType, show: @escaping @Sendable (Value) -> ShownValue,
        read: @escaping @Sendable (Node, inout Reading) -> Value?
    ) {
        self.expectation = expectation
        self.type = type
        self.read = read
        self.show = show
    }
}

/// A value for people and for JSON.
package enum ShownValue: Sendable, Hashable {
    case text(String)
    case list([String])
    case map([String: String])

    /// On one line.
    package var line: String {
        switch self {
        case .text(let text): text
        case .list(let items): items.isEmpty ? "none" : items.joined(separator: ", ")
        case .map(let pairs):
            pairs.isEmpty ? "none" : pairs.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ", ")
        }
    }
}

/// What JSON Schema says of a shape.
package indirect enum SchemaType: Sendable, Hashable {
    case text(pattern: String? = nil)
    case word([String])
    case integer(minimum: Int, maximum: Int? = nil)
    /// Of zero or more.
    case number
    case boolean
    case constant(Int)
    case list(SchemaType)
    case textMap
    /// Any names, each with a value of this type.
    case mapping(SchemaType)
    case either([SchemaType])
    case section(String)

    /// The valid word most like the one given.
    func nearest(to text: String) -> String? {
        switch self {
        case .word(let words): NearestMatch.of(text, in: words)
        case .either(let types): types.lazy.compactMap { $0.nearest(to: text) }.first
        default: nil
        }
    }
}

/// The issues found so far in one source.
package struct Reading {
    let source: String
    var issues: [ConfigurationError.Issue] = []

    /// Reports a value of the wrong kind; always `nil`, so that a reader can return it.
    mutating func refuse<Value>(_ node: Node, expected: String, nearest: String? = nil) -> Value? {
        report(node.position, "found \(node.kindText)", expected: expected, nearest: nearest)
        return nil
    }

    /// Reports an issue at a place.
    mutating func report(
        _ position: ConfigurationError.Position?, _ problem: String, expected: String? = nil, nearest: String? = nil
    ) {
        issues.append(
            .init(
                source: source, position: position, problem: problem,
                expected: expected, nearest: nearest))
    }
}

extension Node {
    /// Where it begins; an alias stands where its anchor does.
    var position: ConfigurationError.Position? { mark.map(ConfigurationError.Position.init) }

    /// The text of a single value; `nil` for lists, mappings and nothing.
    var scalarText: String? { isNothing ? nil : scalar?.string }

    /// An empty plain value, `~` or `null`: the key is left at its default.
    var isNothing: Bool {
        guard let scalar, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// For "found …".
    fileprivate var kindText: String {
        switch self {
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        case .scalar(let scalar): isNothing ? "nothing" : "\"\(YAMLDocument.excerpt(scalar.string))\""
        }
    }
}
