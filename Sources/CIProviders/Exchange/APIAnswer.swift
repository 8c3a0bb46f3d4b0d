package import CICore

/// An API's answer to a call that went well.
package struct APIAnswer: Sendable {
    package let response: HTTPResponse
    /// For errors: what was called, such as `GitHub: POST /repos/o/r/statuses/…`.
    let what: String

    package var status: Int { response.status }

    /// The body as JSON; throws `.malformed` for a web page, half a document and everything else.
    package func json() throws(APIError) -> JSONValue {
        if !response.isTruncated, let value = JSONValue(body: response.body) { return value }
        throw APIError(.malformed, what, status: status, detail: whyNoJSON, response: response)
    }

    private var whyNoJSON: String {
        if WebPage.isOne(response) {
            let title = WebPage.title(of: text).map { " (\"\(SafeText.line($0, limit: 80))\")" } ?? ""
            return "the answer is a web page\(title), not JSON: is a sign-in or a proxy in the way?"
        }
        if response.isTruncated { return "the answer is longer than \(response.body.count) bytes" }
        if response.body.isEmpty { return "the answer is empty where JSON was expected" }
        let start = response.body.first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
        return start == UInt8(ascii: "{") || start == UInt8(ascii: "[")
            ? "the answer is not JSON or breaks off after \(response.body.count) bytes" : "the answer is not JSON"
    }

    /// The body as text, illegal bytes replaced.
    package var text: String { String(decoding: response.body, as: UTF8.self) }
}
