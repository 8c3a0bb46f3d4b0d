package import CICore

/// What a handler answers.
package struct SimulatedAnswer: Sendable, Hashable {
    package var status: Int
    package var headers: NamedValues
    package var body: [UInt8]

    package init(_ status: Int, headers: NamedValues = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A JSON document.
    package static func json(_ status: Int = 200, _ value: JSONValue, headers: NamedValues = [:]) -> Self {
        .bytes(status, value.encoded, type: "application/json; charset=utf-8", headers: headers)
    }

    /// Plain text.
    package static func text(_ status: Int = 200, _ text: String, headers: NamedValues = [:]) -> Self {
        .bytes(status, Array(text.utf8), type: "text/plain; charset=utf-8", headers: headers)
    }

    /// A web page.
    package static func html(_ status: Int = 200, _ text: String) -> Self {
        .bytes(status, Array(text.utf8), type: "text/html; charset=utf-8")
    }

    /// Anything.
    package static func bytes(
        _ status: Int = 200, _ body: [UInt8], type: String, headers: NamedValues = [:]
    ) -> Self {
        var headers = headers
        headers.pairs.append(NamedValues.Pair("Content-Type", type))
        return Self(status, headers: headers, body: body)
    }

    /// A file, or the range of it that is asked for (RFC 9110, 14).
    package static func ranged(_ body: [UInt8], of request: SimulatedRequest) -> Self {
        let type = "application/octet-stream"
        let fields = request.headers[header: "Range"]?.split(whereSeparator: { $0 == "=" || $0 == "-" }) ?? []
        guard fields.count == 3, fields[0] == "bytes", let first = Int(fields[1]), let last = Int(fields[2]),
            first <= last
        else { return .bytes(200, body, type: type) }
        guard first < body.count else {
            return .empty(416, headers: ["Content-Range": "bytes */\(body.count)"])
        }
        let end = min(last, body.count - 1)
        return .bytes(
            206, Array(body[first...end]), type: type,
            headers: ["Content-Range": "bytes \(first)-\(end)/\(body.count)"])
    }

    /// No body.
    package static func empty(_ status: Int = 204, headers: NamedValues = [:]) -> Self {
        Self(status, headers: headers)
    }

    /// The same with one more header.
    package func with(_ name: String, _ value: String) -> Self {
        var copy = self
        copy.headers.pairs.append(NamedValues.Pair(name, value))
        return copy
    }
}
