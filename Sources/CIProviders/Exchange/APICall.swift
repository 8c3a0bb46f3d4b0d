package import CICore

/// One request to an API, relative to the API's base.
package struct APICall: Sendable {
    package var method: HTTPRequest.Method
    package var path: APIPath
    package var query: [(name: String, value: String)]
    package var headers: [HTTPHeader]
    package var body: HTTPBody
    /// Statuses beside 2xx that are no errors to this caller.
    package var accepted: Set<Int>
    /// Bytes of the answer's body that are kept.
    package var answerLimit = 8 << 20

    package init(
        _ method: HTTPRequest.Method, _ path: APIPath, query: [(name: String, value: String)] = [],
        headers: [HTTPHeader] = [], body: HTTPBody = HTTPBody(), accepting accepted: Set<Int> = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.accepted = accepted
    }

    /// The call with a JSON document as its body.
    package func json(_ write: (inout JSONWriter) -> Void) -> Self {
        var writer = JSONWriter()
        writer.object(write)
        var call = self
        call.body = HTTPBody(writer.bytes)
        call.headers.append(HTTPHeader("Content-Type", "application/json"))
        return call
    }
}

/// A path below an API's base: `"/repos/\(owner)/\(name)/pulls"`. What is interpolated is percent-encoded as one segment,
/// slashes included, so that no name can leave its place.
package struct APIPath: Sendable, Hashable, ExpressibleByStringInterpolation {
    /// Percent-encoded, beginning with a slash.
    package let text: String

    package init(stringLiteral text: String) { self.text = text }
    package init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

    /// Gathers the path.
    package struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity * 2) }

        package mutating func appendLiteral(_ literal: String) { text += literal }

        /// One segment.
        package mutating func appendInterpolation(_ segment: some CustomStringConvertible) {
            text += PercentEncoding.encode(segment.description)
        }

        /// Several segments: slashes stay.
        package mutating func appendInterpolation(path: String) {
            text += path.split(separator: "/", omittingEmptySubsequences: false)
                .map { PercentEncoding.encode(String($0)) }.joined(separator: "/")
        }
    }
}

/// RFC 3986, 2.3: everything but the unreserved characters is encoded.
package enum PercentEncoding {
    /// For one segment of a path, or a name or value of a query.
    package static func encode(_ text: String) -> String {
        // A segment of dots only would be taken for a step upwards.
        if text == "." || text == ".." { return text.map { _ in "%2E" }.joined() }
        var encoded = ""
        for byte in text.utf8 {
            if isUnreserved(byte) {
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }

    /// What was encoded; a stray percent sign stays, illegal bytes are replaced.
    package static func decode(_ text: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Letters, digits, `-`, `.`, `_` and `~`.
    static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
