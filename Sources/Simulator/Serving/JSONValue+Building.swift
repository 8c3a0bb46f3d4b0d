package import CICore

// Lets handlers write their answers as they look: `["id": 12, "state": "success", "url": nil]`.

extension JSONValue: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements) { $1 })
    }
}

extension JSONValue: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) { self = .string(value) }
}

extension JSONValue: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int) { self = .number(Double(value)) }
}

extension JSONValue: ExpressibleByFloatLiteral {
    package init(floatLiteral value: Double) { self = .number(value) }
}

extension JSONValue: ExpressibleByBooleanLiteral {
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSONValue: ExpressibleByNilLiteral {
    package init(nilLiteral: ()) { self = .null }
}

extension JSONValue {
    /// A text, or `null`.
    package static func text(_ text: String?) -> Self { text.map { .string($0) } ?? .null }

    /// A whole number, or `null`.
    package static func int(_ number: Int?) -> Self { number.map { .number(Double($0)) } ?? .null }

    /// The same object with members put in place of its own.
    package func merging(_ members: [String: JSONValue]) -> Self {
        guard case .object(let own) = self else { return .object(members) }
        return .object(own.merging(members) { $1 })
    }

    /// The document as bytes, members in the order of their names.
    package var encoded: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    /// Writes the value as the next one of a document.
    package func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let flag): writer.value(flag)
        case .number(let number):
            if let whole = Int(exactly: number) { writer.value(whole) } else { writer.value(number) }
        case .string(let text): writer.value(text)
        case .array(let elements):
            writer.array(elements) { writer, element in element.write(to: &writer) }
        case .object(let members):
            writer.object { writer in
                for (name, value) in members.sorted(by: { $0.key < $1.key }) {
                    writer.key(dynamic: name)
                    value.write(to: &writer)
                }
            }
        }
    }
}
