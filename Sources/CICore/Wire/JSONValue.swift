/// A JSON document as a value, for small documents and single lines.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    /// Of a key that occurs twice the last value counts.
    case object([String: JSONValue])

    /// Reads one document with white space around it; `nil` if it is not JSON or nested deeper than 256.
    package init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        var cursor = JSONCursor(bytes)
        guard let value = cursor.value(), cursor.isAtEnd else { return nil }
        self = value
    }

    /// Reads one document; `nil` if it is not JSON.
    package init?(_ text: String) {
        var copy = text
        guard let value = copy.withUTF8({ JSONValue($0) }) else { return nil }
        self = value
    }

    /// A member of an object; `nil` for anything else.
    package subscript(_ key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    package var double: Double? {
        guard case .number(let number) = self else { return nil }
        return number
    }

    /// A number without fraction.
    package var int: Int? { double.flatMap { Int(exactly: $0) } }

    package var bool: Bool? {
        guard case .bool(let flag) = self else { return nil }
        return flag
    }

    /// The elements of an array; empty for anything else.
    package var array: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }
}

extension JSONCursor {
    /// The next value as a whole; `nil` if it is not JSON.
    fileprivate mutating func value() -> JSONValue? {
        switch next {
        case .object:
            var members: [String: JSONValue] = [:]
            let isSound = self.members { cursor, key in
                guard let value = cursor.value() else { return false }
                members[String(decoding: key, as: UTF8.self)] = value
                return true
            }
            return isSound ? .object(members) : nil
        case .array:
            var elements: [JSONValue] = []
            let isSound = self.elements { cursor in
                guard let value = cursor.value() else { return false }
                elements.append(value)
                return true
            }
            return isSound ? .array(elements) : nil
        case .string: return string().map { .string($0) }
        case .number: return number().map { .number($0) }
        case .bool: return bool().map { .bool($0) }
        case .null: return skip() ? .null : nil
        case nil: return nil
        }
    }
}
