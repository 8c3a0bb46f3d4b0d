import CICore

/// A request on its way, with what its caller wants of the answer.
struct Errand: Sendable {
    /// For errors.
    let what: String
    var request: HTTPRequest
    /// Statuses that are answers to the caller whatever they mean to others.
    let accepted: Set<Int>

    var host: String { WebAddress(request.url)?.origin ?? request.url }
}

extension Exchange {
    /// The answer to an errand after as many tries and redirects as it takes; an error's status is an answer too.
    func send(_ errand: Errand) async throws(APIError) -> HTTPResponse {
        ledger.enter()
        defer { ledger.leave() }
        let queue = ledger.queue(of: errand.host)
        let kind: HostQueue.Kind = errand.request.isRead ? .read : .write
        guard await queue.enter(kind) else { throw APIError(.cancelled, errand.what) }
        defer { queue.leave(kind) }
        return try await follow(errand)
    }

    /// Waits as one does before trying again what may not be done blindly: the caller looks first whether it was done.
    /// `false` if there is no time left for that.
    func pause(before number: Int, of errand: Errand) async throws(APIError) -> Bool {
        ledger.enter()
        defer { ledger.leave() }
        let delay = policy.delay(attempt(number - 1, mayBeRepeated: true))
        guard delay < ledger.timeLeft else { return false }
        try await sleep(delay, errand)
        return true
    }

    private func follow(_ errand: Errand) async throws(APIError) -> HTTPResponse {
        var errand = errand
        var visited: Set<String> = [errand.request.url]
        while true {
            let response = try await insist(errand)
            guard !errand.accepted.contains(response.status) else { return response }
            do throws(Redirect.Refusal) {
                guard let next = try Redirect.next(after: errand.request, response) else { return response }
                guard visited.insert(next.url).inserted else { throw Redirect.Refusal("it redirects in circles") }
                guard visited.count <= Redirect.limit + 1 else {
                    throw Redirect.Refusal("it redirects more than \(Redirect.limit) times")
                }
                errand.request = next
            } catch {
                throw APIError(
                    .misdirected, errand.what, status: response.status, detail: error.reason, response: response)
            }
        }
    }

    /// Tries until there is an answer to take or no use in trying.
    private func insist(_ errand: Errand) async throws(APIError) -> HTTPResponse {
        guard !ledger.isGivenUp(errand.host) else { throw .circuitOpen(errand.what, errand.host) }
        var number = 1
        while true {
            try await awaitPermission(errand)
            let outcome = await attempt(errand.request)
            let decision = decide(outcome, attempt(number, mayBeRepeated: errand.request.method.isIdempotent), errand)
            guard case .again(let pause, let isRateLimit) = decision else { return try finish(outcome, errand) }
            if isRateLimit { ledger.close(errand.host, for: pause) }
            guard pause < ledger.timeLeft else { return try finish(outcome, errand, lifts: isRateLimit ? pause : nil) }
            try await sleep(pause, errand)
            number += 1
        }
    }

    /// Lets a rate limit of the host pass, which may have been met by another call.
    private func awaitPermission(_ errand: Errand) async throws(APIError) {
        let wait = ledger.wait(for: errand.host)
        let left = ledger.timeLeft
        guard left > .zero else { throw .budgetSpent(errand.what) }
        guard wait > .zero else { return }
        guard wait < left else { throw .limited(errand.what, for: wait) }
        try await sleep(wait, errand)
    }

    private func decide(
        _ outcome: Result<HTTPResponse, HTTPError>, _ attempt: RetryPolicy.Attempt, _ errand: Errand
    ) -> RetryPolicy.Decision {
        switch outcome {
        case .success(let response):
            // Who asked for a 403 or a 503 gets it, unless it only says that there was too much at once.
            if errand.accepted.contains(response.status), RateLimit(response) == nil { return .take }
            return policy.decide(response, attempt)
        case .failure(let error): return policy.decide(error, attempt)
        }
    }

    private func attempt(_ request: HTTPRequest) async -> Result<HTTPResponse, HTTPError> {
        var request = request
        request.timeout = min(ledger.timeLeft, manners.timeout + .seconds(request.body.count >> 20))
        do throws(HTTPError) {
            return .success(try await ports.http.send(request))
        } catch {
            return .failure(error)
        }
    }

    private func attempt(_ number: Int, mayBeRepeated: Bool) -> RetryPolicy.Attempt {
        RetryPolicy.Attempt(
            number: number, mayBeRepeated: mayBeRepeated, chance: ports.random(0...1), now: ports.now())
    }

    /// The last try's outcome is the call's; `lifts` is set where a rate limit outlasts the budget.
    private func finish(
        _ outcome: Result<HTTPResponse, HTTPError>, _ errand: Errand, lifts: Duration? = nil
    ) throws(APIError) -> HTTPResponse {
        switch outcome {
        case .success(let response):
            ledger.note(errand.host, hasFailed: response.status >= 500 && !errand.accepted.contains(response.status))
            guard let lifts else { return response }
            throw .limited(errand.what, for: lifts, response)
        case .failure(let error):
            if error.code.isTheHosts { ledger.note(errand.host, hasFailed: true) }
            throw APIError(error, errand)
        }
    }

    private func sleep(_ duration: Duration, _ errand: Errand) async throws(APIError) {
        do {
            try await ports.clock.sleep(for: duration)
        } catch {
            throw APIError(.cancelled, errand.what)
        }
    }
}

extension HTTPRequest {
    fileprivate var isRead: Bool { method == .get || method == .head }
}

extension HTTPError.Code {
    /// Whether the host, or the way there, is to blame.
    fileprivate var isTheHosts: Bool {
        switch self {
        case .notResolved, .notConnected, .tls, .timedOut, .broken: true
        case .libraryMissing, .badURL, .cancelled, .bodyUnreadable: false
        }
    }
}

extension APIError {
    fileprivate init(_ error: HTTPError, _ errand: Errand) {
        self.init(
            error.code == .cancelled ? .cancelled : .unreachable, errand.what,
            detail: Masking.mask(error.description, errand.request.headers))
        mayHaveBeenDone = error.mayHaveBeenDone && !errand.request.method.isIdempotent
    }

    static func budgetSpent(_ what: String) -> Self {
        Self(.budgetSpent, what, detail: "the time for all reporting is used up")
    }

    fileprivate static func circuitOpen(_ what: String, _ host: String) -> Self {
        Self(.circuitOpen, what, detail: "\(host) failed several times in a row and is left alone")
    }

    fileprivate static func limited(_ what: String, for wait: Duration, _ response: HTTPResponse? = nil) -> Self {
        let words = response.map { ErrorWords.find(in: $0) } ?? ""
        let lifting = "its rate limit lifts in about \(DurationText.short(wait)), which is too long to wait"
        return Self(
            .rateLimited, what, status: response?.status,
            detail: words.isEmpty ? lifting : "\(lifting): \(SafeText.line(words, limit: 160))", response: response)
    }
}

/// Keeps secrets out of what servers and libraries say.
enum Masking {
    /// The text without any secret of the headers; a server may send back what it was sent.
    static func mask(_ text: String, _ headers: [HTTPHeader]) -> String {
        headers.reduce(text) { text, header in
            guard case .secret(_, let secret) = header.value, secret.reveal().utf8.count >= 4 else { return text }
            return text.replacing(secret.reveal(), with: secret.description)
        }
    }
}
