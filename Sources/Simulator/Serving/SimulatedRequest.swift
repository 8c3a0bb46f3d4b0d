package import CICore

/// A request as an API's handlers see it.
package struct SimulatedRequest: Sendable {
    package var method: HTTPRequest.Method
    package var target: Target
    /// In the order in which they came; ask with `headers[header: "Accept"]`.
    package var headers: NamedValues
    package var body: Body
    /// Where and when the request was made.
    package var moment: Moment

    package init(
        _ method: HTTPRequest.Method, target: Target, headers: NamedValues = [:], body: Body = Body(),
        moment: Moment = Moment()
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.moment = moment
    }

    /// What is asked for.
    package struct Target: Sendable, Hashable {
        /// Below the API's id, as it was sent: escapes are still in it. Begins with a slash.
        package var path: String
        /// With escapes undone, in the order in which they came.
        package var query: NamedValues
        /// The template of the route that matched, such as `/projects/{id}/statuses/{sha}`; `nil` while none did.
        package var template: String?
        /// What stands in the place of each of the template's names, escapes undone.
        package var parameters: [String: String]

        package init(
            path: String, query: NamedValues = [:], template: String? = nil, parameters: [String: String] = [:]
        ) {
            self.path = path
            self.query = query
            self.template = template
            self.parameters = parameters
        }
    }

    /// The body's beginning and its whole length.
    package struct Body: Sendable, Hashable {
        /// At most `SimulationLimits.body` bytes.
        package var bytes: [UInt8]
        /// Of the whole body, in bytes.
        package var count: Int64

        package init(bytes: [UInt8] = [], count: Int64? = nil) {
            self.bytes = bytes
            self.count = count ?? Int64(bytes.count)
        }

        /// Whether more was sent than is kept.
        package var isCut: Bool { count > Int64(bytes.count) }
    }

    /// Where and when.
    package struct Moment: Sendable, Hashable {
        /// The API's own base, without a slash at the end: `http://127.0.0.1:4711/github`.
        package var base: String
        /// Seconds since 1970.
        package var seconds: Int64

        package init(base: String = "", seconds: Int64 = 0) {
            self.base = base
            self.seconds = seconds
        }

        /// `2025-01-31T12:00:00Z`.
        package var timestamp: String { UTCTime.text(seconds) }
    }
}

extension SimulatedRequest {
    /// What stands in the place of a template's name; empty for a name that the template doesn't have.
    package subscript(name: String) -> String { target.parameters[name] ?? "" }

    /// The same as a number; `nil` for anything else.
    package func number(_ name: String) -> Int? { Int(self[name]) }

    package var query: NamedValues { target.query }

    /// `GET`, `HEAD` and nothing else.
    package var isReading: Bool { method == .get || method == .head }

    /// The body as JSON; `nil` if it is none.
    package var json: JSONValue? { body.bytes.withUnsafeBufferPointer { JSONValue($0) } }

    /// The body as a form with escapes undone; empty if it is none.
    package var form: NamedValues {
        let type = headers[header: "Content-Type"] ?? ""
        guard type.lowercased().hasPrefix("application/x-www-form-urlencoded") else { return [:] }
        return NamedValues(urlEncoded: text)
    }

    /// The body as text, for routes that take plain text.
    package var text: String { String(decoding: body.bytes, as: UTF8.self) }
}
