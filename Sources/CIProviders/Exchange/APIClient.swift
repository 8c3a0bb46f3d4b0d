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
        var number = 1
        while true {
            do throws(APIError) {
                return try read(try await send(call))
            } catch {
                guard error.mayHaveBeenDone, number < exchange.manners.tries else { throw error }
                number += 1
                guard try await exchange.pause(before: number, of: errand(call, url: url(of: call))) else {
                    throw error
                }
                if let made = try await done() { return made }
            }
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
        let errand = errand(call, url: url)
        let response = try await exchange.send(errand)
        let isAccepted = call.accepted.contains(response.status)
        guard isAccepted || (200..<300).contains(response.status) else { throw APIError(response, errand) }
        // Azure DevOps answers a token that it does not like with 203 and its sign-in page.
        guard isAccepted || response.status != 203 || !WebPage.isOne(response) else {
            throw APIError(
                .unauthorized, errand.what, status: 203, detail: "the answer is a sign-in page: the token is not valid",
                response: response)
        }
        return APIAnswer(response: response, what: errand.what)
    }

    /// The error that an answer is which the call accepted at first.
    func refusal(_ answer: APIAnswer, of call: APICall) -> APIError {
        APIError(answer.response, errand(call, url: url(of: call)))
    }

    private func errand(_ call: APICall, url: String) -> Errand {
        let request = HTTPRequest(
            call.method, url, headers: headers + call.headers, body: call.body, timeout: exchange.manners.timeout,
            answerLimit: call.answerLimit, proxy: proxy)
        return Errand(
            what: "\(title): \(call.method.rawValue) \(call.path.text)", request: request, accepted: call.accepted)
    }
}

extension APIError {
    /// What a status that is no success means.
    init(_ response: HTTPResponse, _ errand: Errand) {
        let code: Code =
            switch response.status {
            case _ where RateLimit(response) != nil: .rateLimited
            case 401: .unauthorized
            case 403: .forbidden
            case 404, 410: .notFound
            case 409: .conflict
            case 300..<400: .misdirected
            case 500...: .serverFailed
            default: .refused
            }
        self.init(
            code, errand.what, status: response.status,
            detail: Masking.mask(ErrorWords.find(in: response), errand.request.headers), response: response)
        // A gateway that gave up tells nothing of what was done behind it.
        mayHaveBeenDone = response.status >= 500 && response.status != 501 && !errand.request.method.isIdempotent
    }
}
