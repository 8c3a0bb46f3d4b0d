package import CICore

/// Why an API did not do what it was asked.
package struct APIError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What a caller can tell apart.
    package enum Code: Sendable, Hashable {
        /// 401: the token is wrong, expired or revoked.
        case unauthorized
        /// 403: the token may not do this.
        case forbidden
        /// 404 and 410: not there, or not visible with this token.
        case notFound
        /// 409: something like it is there already, or its state says no.
        case conflict
        /// 400, 413, 415, 422: the API does not like the request.
        case refused
        /// 429, or 403 by a rate limit, for longer than there was patience.
        case rateLimited
        /// 5xx to the last try.
        case serverFailed
        /// No answer: not resolved, not connected, TLS, time-out, broken off.
        case unreachable
        /// An answer that is not what the API's description says, such as a sign-in page.
        case malformed
        /// A redirect to nowhere, in circles or away from TLS.
        case misdirected
        /// The time for all reporting is used up.
        case budgetSpent
        /// The host failed too often in a row; it is left alone for the rest of this process.
        case circuitOpen
        /// There is no token for this API.
        case noCredentials
        case cancelled
    }

    package var code: Code
    /// `GitHub: POST /repos/o/r/statuses/…`
    package var what: String
    package var status: Int?
    /// The API's own words or the transport's, on one line and bounded.
    package var detail: String
    /// By which the API's makers find the request in their logs.
    package var requestID: String?
    /// Whether it may have been done all the same: the answer to a POST was lost.
    package var mayHaveBeenDone = false

    package init(
        _ code: Code, _ what: String, status: Int? = nil, detail: String = "", response: HTTPResponse? = nil
    ) {
        self.code = code
        self.what = what
        self.status = status
        self.detail = SafeText.line(detail, limit: 300)
        requestID = Self.requestIDHeaders.lazy.compactMap { response?[header: $0] }.first.map {
            SafeText.line($0, limit: 80)
        }
    }

    /// Headers in which the APIs tell a request's id.
    private static let requestIDHeaders = [
        "X-GitHub-Request-Id", "X-Request-Id", "X-Vss-E2EID", "X-Request-UUID", "ActivityId", "X-Amz-Request-Id",
        "X-Ms-Request-Id",
    ]

    package var description: String {
        var text = what
        if let status { text += ": \(status)" }
        if !detail.isEmpty { text += ": \(detail)" }
        if let requestID { text += " (request \(requestID))" }
        return text
    }
}
