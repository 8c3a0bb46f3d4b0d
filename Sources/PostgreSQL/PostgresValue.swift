/// A parameter of a statement; the statement itself says the type (`$1::bigint`).
package enum PostgresValue: Sendable, Hashable {
    case null
    case text(String)
    case integer(Int)
    /// For `bytea`, as it is.
    case bytes([UInt8])
    /// For `text[]`.
    case texts([String])
    /// For `bigint[]` and the smaller ones.
    case integers([Int])

    /// `nil` is null.
    package static func optional(_ text: String?) -> PostgresValue { text.map(PostgresValue.text) ?? .null }

    /// `nil` is null.
    package static func optional(_ number: Int?) -> PostgresValue { number.map(PostgresValue.integer) ?? .null }

    /// What goes over the wire, ended by a zero where it is text; `nil` is null.
    var wire: (bytes: [UInt8], isBinary: Bool)? {
        switch self {
        case .null: nil
        // A text cannot hold a zero; it would end there without a word.
        case .text(let text): (Array(text.utf8.filter { $0 != 0 }) + [0], false)
        case .integer(let number): (Array(String(number).utf8) + [0], false)
        case .bytes(let bytes): (bytes, true)
        case .texts(let texts): (Self.array(texts.map(Self.quoted)), false)
        case .integers(let numbers): (Self.array(numbers.map(String.init)), false)
        }
    }

    private static func array(_ members: [String]) -> [UInt8] {
        Array("{\(members.joined(separator: ","))}".utf8) + [0]
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars where scalar != "\0" {
            if scalar == "\"" || scalar == "\\" { quoted.append("\\") }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
