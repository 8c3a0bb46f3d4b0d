package import CICore

/// Talks to one API with one token, with the manners of the exchange.
package struct APIClient: Sendable {
    /// As people call it, for messages.
    package let title: String
    /// Without a slash at the end: `https://api.github.com`.
    package let base: String
    /// Headers of every call: the token, `Accept`, the API's version.
    package let headers: [HTTPHeader]
    /// A proxy that all its calls must go through, such as the one that adds the credentials in Bitbucket Pipelines.
    let proxy: String?
    let exchange: Exchange

    package init(
        title: String, base: String, headers: [HTTPHeader], proxy: String? = nil, exchange: Exchange
    ) {
        self.title = title
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        self.headers = headers
        self.proxy = proxy
        self.exchange = exchange
    }

    /// Makes the call, again where that is safe and promising, and follows redirects of GET, leaving the token behind
    /// when the host changes.
    @discardableResult
    package func send(_ call: APICall) async throws(APIError) -> APIAnswer {
        try await answer(to: call, url: url(of: call))
    }

    /// Makes a call that is not idempotent. If an answer is lost, `done` looks whether it was done before it is tried
    /// again; what it finds is the answer.
    @discardableResult
    package func create<Made: Sendable>(
        _ call: APICall, read: @Sendable (APIAnswer) throws(APIError) -> Made,
        unless done: @Sendable () async throws(APIError) -> Made?
    ) async throws(APIError) -> Made {
        do {
            return try read(try await send(call))
        } catch {
            guard error.mayHaveBeenDone else { throw error }
            if let made = try await done() { return made }
            return try read(try await send(call))
        }
    }

    /// The elements of all pages of a list, at most `limit` of them.
    package func list(
        _ call: APICall, paging: Pagination, limit: Int = 10_000
    ) async throws(APIError) -> [JSONValue] {
        try await paging.elements(of: call, by: self, limit: limit)
    }

    func url(of call: APICall) -> String {
        let query = call.query.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
        return base + call.path.text + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    }
}

extension APIClient {
    /// One exchange with the manners of the exchange.
    func answer(to call: APICall, url: String) async throws(APIError) -> APIAnswer {
        let what = "\(title): \(call.method.rawValue) \(call.path.text)"
        let request = HTTPRequest(
            call.method, url, headers: headers + call.headers, body: call.body, timeout: exchange.manners.timeout,
            proxy: proxy)
        let response: HTTPResponse
        do {
            response = try await exchange.ports.http.send(request)
        } catch {
            var failure = APIError(
                error.code == .cancelled ? .cancelled : .unreachable, what, detail: error.description)
            failure.mayHaveBeenDone = error.mayHaveBeenDone
            throw failure
        }
        guard (200..<300).contains(response.status) || call.accepted.contains(response.status) else {
            throw APIError(status: response.status, what, response)
        }
        return APIAnswer(response: response, what: what)
    }
}

extension APIError {
    /// What a status that is no success means.
    init(status: Int, _ what: String, _ response: HTTPResponse) {
        let code: Code =
            switch status {
            case 401: .unauthorized
            case 403: .forbidden
            case 404, 410: .notFound
            case 409: .conflict
            case 429: .rateLimited
            case 300..<400: .misdirected
            case 500...: .serverFailed
            default: .refused
            }
        self.init(code, what, status: status, detail: Self.words(of: response), response: response)
    }

    /// The message within an error's body, whatever its shape.
    private static func words(of response: HTTPResponse) -> String {
        guard let body = response.body.withUnsafeBufferPointer({ JSONValue($0) }) else { return "" }
        for key in ["message", "error_description", "error", "error_message"] {
            guard let value = body[key] else { continue }
            if let text = value.string { return text }
            if let text = value["message"]?.string { return text }
        }
        // TeamCity answers with a list.
        return body["errors"]?.array.first?["message"]?.string ?? ""
    }
}
