/// What becomes of one request: an answer, and what is done to the connection.
struct Treatment {
    var answer: SimulatedAnswer
    /// Seconds to wait before it is sent.
    var delay = 0
    /// The connection ends instead of the answer.
    var isReset = false
    var fault: Fault.Kind?

    /// Asks the API, with the fault that is due.
    init(of request: SimulatedRequest, by api: SimulatedAPI, due: (fault: Fault, before: Int)?) {
        guard let due else {
            answer = api.answer(to: request)
            return
        }
        fault = due.fault.kind
        switch due.fault.kind {
        case .rateLimit: answer = api.refuse(.rateLimited, request)
        case .secondaryLimit: answer = api.refuse(.secondaryLimited, request)
        case .serverError:
            answer =
                due.before.isMultiple(of: 2)
                ? .html(502, "<html>502 Bad Gateway</html>") : api.refuse(.unavailable, request)
        case .forkToken: answer = api.refuse(.readOnly, request)
        case .tooLarge: answer = api.refuse(.tooLarge, request)
        case .html: answer = .html(200, Self.signInPage)
        case .slow:
            answer = api.answer(to: request)
            delay = 1
        case .truncated:
            answer = api.answer(to: request)
            answer.body = Array(answer.body.prefix(answer.body.count / 2))
        case .reset:
            answer = due.before.isMultiple(of: 2) ? .empty(0) : api.answer(to: request)
            isReset = true
        case .lostAnswer:
            answer = api.answer(to: request)
            isReset = true
        }
    }

    private static let signInPage = """
        <!DOCTYPE html><html><head><title>Sign in</title></head><body><form action="/login" method="post">\
        <input name="user"><input name="password" type="password"></form></body></html>
        """
}
