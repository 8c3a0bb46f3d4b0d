import Yams

/// One key of a mapping in a configuration file: parsing, schema and reference are all made from it.
package struct Key<Value: Sendable>: AnyKey {
    package let name: String
    let shape: Shape<Value>
    /// `nil` where the file must say it.
    let defaultValue: Value?
    package let summary: String

    init(_ name: String, _ shape: Shape<Value>, default defaultValue: Value? = nil, _ summary: String) {
        self.name = name
        self.shape = shape
        self.defaultValue = defaultValue
        self.summary = summary
    }

    package var isRequired: Bool { defaultValue == nil }
    package var type: SchemaType { shape.type }
    package var expectation: String { shape.expectation }
    package var shownDefault: ShownValue? { defaultValue.map(shape.show) }

    func read(_ node: Node, _ reading: inout Reading) -> (any GivenValue)? {
        shape.read(node, &reading).map { Given(value: $0, shown: shape.show($0)) }
    }
}

/// A key without its value's type.
package protocol AnyKey: Sendable {
    var name: String { get }
    /// What it does, in a sentence or two; the same words stand in the schema and the reference.
    var summary: String { get }
    var isRequired: Bool { get }
    var type: SchemaType { get }
    /// As in "expected …".
    var expectation: String { get }
    /// `nil` where there is none.
    var shownDefault: ShownValue? { get }
}

/// A mapping of the file: its keys in the order of the reference.
package struct Section: Sendable {
    /// As in "in `suites`".
    package let name: String
    package let keys: [any AnyKey]
}

/// A value that was given, whatever its type.
protocol GivenValue: Sendable {
    var shown: ShownValue { get }
}

/// A value that was given for a key.
struct Given<Value: Sendable>: GivenValue {
    let value: Value
    let shown: ShownValue
}

/// The values of one mapping, each with where it came from.
package struct Settings: Sendable {
    let section: Section
    /// Where the mapping begins; `nil` where there is none.
    let position: ConfigurationError.Position?
    private var given: [String: (value: any GivenValue, origin: Origin)] = [:]

    init(_ section: Section, position: ConfigurationError.Position? = nil) {
        self.section = section
        self.position = position
    }

    /// What was given, else the default; `nil` only for a required key that is missing.
    subscript<Value>(key: Key<Value>) -> Value? {
        (given[key.name]?.value as? Given<Value>)?.value ?? key.defaultValue
    }

    /// Where the value of a key came from.
    package func origin(of name: String) -> Origin { given[name]?.origin ?? .standard }

    /// The value of a key as people read it; `nil` where there is neither value nor default.
    package func shown(_ key: any AnyKey) -> ShownValue? { given[key.name]?.value.shown ?? key.shownDefault }

    /// Reads a value and takes it in; reports what is wrong with it otherwise.
    mutating func set(_ key: any AnyKey, from node: Node, origin: Origin, _ reading: inout Reading) {
        guard let key = key as? any ReadableKey, let value = key.read(node, &reading) else { return }
        given[key.name] = (value, origin)
    }

    /// Changes a nested value in place, its default where it was not given.
    mutating func update<Value>(_ key: Key<Value>, _ change: (inout Value) -> Void) {
        guard var value = self[key] else { return }
        change(&value)
        given[key.name] = (Given(value: value, shown: key.shape.show(value)), origin(of: key.name))
    }
}

/// The reading side of a key, which the rest of the program has no business with.
protocol ReadableKey: AnyKey {
    func read(_ node: Node, _ reading: inout Reading) -> (any GivenValue)?
}

extension Key: ReadableKey {}

/// Who said a value, strongest first.
package enum Origin: Sendable, Hashable, CustomStringConvertible {
    /// As the user typed it, such as `--slots`.
    case option(String)
    /// A variable, such as `DTCI_SLOTS`.
    case environment(String)
    case file(String, ConfigurationError.Position)
    /// Found in the tree, where no file says it.
    case assumed
    case standard

    package var description: String {
        switch self {
        case .option(let name): name
        case .environment(let name): name
        case .file(let name, let position): "\(name):\(position.line)"
        case .assumed: "found in the tree"
        case .standard: "default"
        }
    }
}
