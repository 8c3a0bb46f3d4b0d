/// Names with values in the order in which they came: a query, a form, headers.
package struct NamedValues: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// One name with its value.
    package struct Pair: Sendable, Hashable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var pairs: [Pair]

    package init(_ pairs: [Pair] = []) { self.pairs = pairs }

    package init(dictionaryLiteral elements: (String, String)...) {
        pairs = elements.map { Pair($0.0, $0.1) }
    }

    /// The first value of exactly that name.
    package subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    /// The first value of that name in any case of letters, as headers want it.
    package subscript(header name: String) -> String? {
        let name = name.lowercased()
        return pairs.first { $0.name.lowercased() == name }?.value
    }

    /// All values of exactly that name.
    package func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }
}

extension NamedValues {
    /// Reads `a=1&b=2` with percent escapes and `+` for a space: a query, or a form's body.
    init(urlEncoded text: some StringProtocol) {
        pairs = text.split(separator: "&").map { piece in
            let halves = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return Pair(Self.decode(halves[0]), halves.count > 1 ? Self.decode(halves[1]) : "")
        }
    }

    private static func decode(_ text: some StringProtocol) -> String {
        PercentText.decode(String(text.map { $0 == "+" ? " " : $0 }))
    }
}

/// Percent escapes (RFC 3986, 2.1).
enum PercentText {
    /// Undoes the escapes; what is none stays as it is.
    static func decode(_ text: some StringProtocol) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        let bytes = Array(text.utf8)
        var decoded: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = digit(bytes[index + 1]), let low = digit(bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init)
    }
}
