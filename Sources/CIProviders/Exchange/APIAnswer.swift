package import CICore

/// An API's answer to a call that went well.
package struct APIAnswer: Sendable {
    package let response: HTTPResponse
    /// For errors: what was called, such as `GitHub: POST /repos/o/r/statuses/…`.
    let what: String

    package var status: Int { response.status }

    /// The body as JSON; throws `.malformed` for HTML, half a document and everything else.
    package func json() throws(APIError) -> JSONValue {
        let value = response.isTruncated ? nil : response.body.withUnsafeBufferPointer { JSONValue($0) }
        guard let value else {
            throw APIError(.malformed, what, status: status, detail: "the answer is not JSON", response: response)
        }
        return value
    }

    /// The body as text, illegal bytes replaced.
    package var text: String { String(decoding: response.body, as: UTF8.self) }
}
