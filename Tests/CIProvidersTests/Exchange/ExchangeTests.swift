import CICore
import Testing

@testable import CIProviders

/// What a client does with the answers of a host, by the script.
@Suite(.timeLimit(.minutes(1)))
struct ExchangeTests {
    @Test func `a passing failure is tried again with growing waits`() async throws {
        let exchange = ScriptedExchange([.answer(502), .lost(), .answer(503), .answer(200, "{}")])
        try await exchange.client.send(APICall(.put, "/a"))
        #expect(exchange.clock.sleeps == [.milliseconds(500), .seconds(1), .seconds(2)])
        #expect(exchange.http.requests.map(\.url) == [String](repeating: "https://api.test/v1/a", count: 4))
    }

    @Test func `after the last try the failure is the answer, with the request's id`() async throws {
        let exchange = ScriptedExchange(
            [.answer(500), .answer(500), .answer(500), .answer(500, #"{"message":"oh"}"#, ["X-Request-Id": "r1"])])
        let error = try #require(await exchange.failure(of: APICall(.get, "/a")))
        #expect(error.code == .serverFailed)
        #expect(error.description == "Test: GET /a: 500: oh (request r1)")
    }

    @Test(arguments: [Result<HTTPResponse, HTTPError>.lost(mayHaveBeenDone: true), .answer(502), .answer(504)])
    func `a lost answer to a POST is not asked for again, but said`(outcome: Result<HTTPResponse, HTTPError>)
        async throws
    {
        let exchange = ScriptedExchange([outcome])
        let error = try #require(await exchange.failure(of: APICall(.post, "/a")))
        #expect(error.mayHaveBeenDone)
        #expect(exchange.http.requests.count == 1)
    }

    @Test func `a POST that surely did not arrive is tried again`() async throws {
        let exchange = ScriptedExchange([.lost(.notConnected), .answer(429, "", ["Retry-After": "2"]), .answer(201)])
        try await exchange.client.send(APICall(.post, "/a"))
        #expect(exchange.clock.sleeps == [.milliseconds(500), .seconds(3)])
    }

    @Test func `creating looks whether it was done before it does it again`() async throws {
        let found = ScriptedExchange([.lost(mayHaveBeenDone: true), .answer(200, #"{"id":7}"#)])
        let made = try await found.client.create(
            APICall(.post, "/a"), read: { (answer) throws(APIError) in try answer.json()["id"]?.int },
            unless: { () async throws(APIError) in try await found.client.send(APICall(.get, "/a/7")).json()["id"]?.int
            })
        #expect(made == 7)
        #expect(found.http.requests.map(\.method) == [.post, .get])

        let missing = ScriptedExchange([.answer(502), .lost(mayHaveBeenDone: true), .answer(201, #"{"id":8}"#)])
        let again = try await missing.client.create(
            APICall(.post, "/a"), read: { (answer) throws(APIError) in try answer.json()["id"]?.int }, unless: { nil })
        #expect(again == 8)
        #expect(missing.clock.sleeps == [.milliseconds(500), .seconds(1)])
    }

    @Test func `creating ends after as many tries as all calls have`() async throws {
        let exchange = ScriptedExchange([.answer(502), .answer(502), .answer(502), .answer(502)])
        await #expect(throws: APIError.self) {
            try await exchange.client.create(APICall(.post, "/a"), read: { $0.status }, unless: { nil })
        }
    }

    @Test func `creating without time to look says that it may have been done`() async throws {
        var manners = Exchange.Manners()
        manners.budget = .milliseconds(400)
        let exchange = ScriptedExchange([.lost(mayHaveBeenDone: true)], manners: manners)
        let error = await #expect(throws: APIError.self) {
            try await exchange.client.create(APICall(.post, "/a"), read: { $0.status }, unless: { nil })
        }
        #expect(error?.code == .unreachable)
        #expect(error?.mayHaveBeenDone == true)
    }

    @Test func `a limit beyond the budget is an error at once, and for the whole host`() async throws {
        let exchange = ScriptedExchange([.answer(403, #"{"message":"You have exceeded a secondary rate limit"}"#)])
        let first = try #require(await exchange.failure(of: APICall(.post, "/a")))
        #expect(first.code == .rateLimited)
        #expect(first.detail.contains("1 m 01 s"))
        #expect(first.detail.contains("secondary rate limit"))
        #expect(!first.mayHaveBeenDone)
        let second = try #require(await exchange.failure(of: APICall(.get, "/b")))
        #expect(second.code == .rateLimited)
        #expect(exchange.http.requests.count == 1)
        #expect(exchange.clock.sleeps == [])
    }

    @Test func `the last refusal by a limit is a rate limit, no missing permission`() async throws {
        let limit = Result<HTTPResponse, HTTPError>.answer(403, "", ["Retry-After": "1"])
        let exchange = ScriptedExchange([limit, limit, limit, limit])
        #expect(await exchange.failure(of: APICall(.get, "/a"))?.code == .rateLimited)
        #expect(await ScriptedExchange([.answer(403)]).failure(of: APICall(.get, "/a"))?.code == .forbidden)
    }

    @Test func `all calls share one budget`() async throws {
        var manners = Exchange.Manners()
        manners.budget = .seconds(10)
        let limit = Result<HTTPResponse, HTTPError>.answer(429, "", ["Retry-After": "3"])
        let exchange = ScriptedExchange([limit, .answer(200), limit, .answer(200), limit], manners: manners)
        for _ in 0..<2 { try await exchange.client.send(APICall(.get, "/a")) }
        // 8 of 10 seconds are gone: each wait was 3 and the one that spreads jobs.
        #expect(await exchange.failure(of: APICall(.get, "/a"))?.code == .rateLimited)
        #expect(exchange.http.requests.map(\.timeout).last == .seconds(2))
    }

    @Test func `without time nothing is sent`() async throws {
        var manners = Exchange.Manners()
        manners.budget = .zero
        let exchange = ScriptedExchange([], manners: manners)
        #expect(await exchange.failure(of: APICall(.get, "/a"))?.code == .budgetSpent)
    }

    @Test func `a host that fails again and again is left alone, others are not`() async throws {
        var manners = Exchange.Manners()
        manners.tries = 1
        let exchange = ScriptedExchange(
            [.answer(500), .lost(.timedOut), .answer(404), .answer(500), .lost(), .answer(500), .lost(.tls)],
            manners: manners)
        for _ in 0..<7 { #expect(await exchange.failure(of: APICall(.get, "/a"))?.code != .circuitOpen) }
        let error = try #require(await exchange.failure(of: APICall(.get, "/a")))
        #expect(error.code == .circuitOpen)
        #expect(error.detail.contains("https://api.test"))
    }

    @Test func `a status that the caller asked for is taken as it is`() async throws {
        let exchange = ScriptedExchange([.answer(503), .answer(302, "", ["Location": "/x"]), .answer(403)])
        for status in [503, 302, 403] {
            #expect(try await exchange.client.send(APICall(.get, "/a", accepting: [503, 302, 403])).status == status)
        }
    }

    @Test func `a body gets time for its size`() async throws {
        let exchange = ScriptedExchange([.answer(200)])
        try await exchange.client.send(APICall(.put, "/a", body: HTTPBody([UInt8](repeating: 0, count: 5 << 20))))
        #expect(exchange.http.requests.first?.timeout == .seconds(15))
    }

    @Test func `redirects are followed without the token, to an end`() async throws {
        let exchange = ScriptedExchange([
            .answer(302, "", ["Location": "/v1/b"]), .answer(301, "", ["Location": "https://store.test/c"]),
            .answer(200, "[1]"),
        ])
        let answer = try await exchange.client.send(APICall(.get, "/a"))
        #expect(try answer.json().array.count == 1)
        #expect(
            exchange.http.requests.map(\.url) == [
                "https://api.test/v1/a", "https://api.test/v1/b", "https://store.test/c",
            ])
        #expect(exchange.http.requests.map(\.headers.count) == [1, 1, 0])
    }

    @Test(arguments: [
        ["/v1/a"], ["/v1/b", "/v1/a"], ["/1", "/2", "/3", "/4", "/5", "/6"], ["http://api.test/"], [""],
    ])
    func `a redirect in circles, to nowhere or away from TLS is an error`(locations: [String]) async throws {
        let exchange = ScriptedExchange(locations.map { .answer(302, "", ["Location": $0]) })
        let error = try #require(await exchange.failure(of: APICall(.get, "/a")))
        #expect(error.code == .misdirected)
        #expect(error.detail.hasPrefix("it redirects"))
    }

    @Test(arguments: [
        (
            "<!DOCTYPE html><title>Sign in</title>",
            #"a web page ("Sign in"), not JSON: is a sign-in or a proxy in the way?"#
        ),
        (#"{"a": [1, 2"#, "is not JSON or breaks off after 11 bytes"), ("", "is empty where JSON was expected"),
        ("yes", "is not JSON"),
    ])
    func `an answer that is no JSON says what it is`(body: String, words: String) async throws {
        let answer = try await ScriptedExchange([.answer(200, body)]).client.send(APICall(.get, "/a"))
        let error = try #require(throws: APIError.self) { try answer.json() }
        #expect(error.code == .malformed)
        #expect(error.detail.hasSuffix(words), "\(error)")
    }

    @Test func `an answer past its limit is no JSON, though its start may be`() async throws {
        let response = HTTPResponse(status: 200, body: Array("1".utf8), isTruncated: true)
        let answer = try await ScriptedExchange([.success(response)]).client.send(APICall(.get, "/a"))
        let error = try #require(throws: APIError.self) { try answer.json() }
        #expect(error.detail == "the answer is longer than 1 bytes")
    }

    @Test func `a sign-in page with 203 is a token that is not valid`() async throws {
        let exchange = ScriptedExchange([.answer(203, "<html>", ["Content-Type": "text/html; charset=utf-8"])])
        #expect(await exchange.failure(of: APICall(.post, "/a"))?.code == .unauthorized)
    }

    @Test func `a server that sends the token back does not get it shown`() async throws {
        let exchange = ScriptedExchange([.answer(401, #"{"message":"bad token s3cr3t\u001b[31m"}"#)])
        let error = try #require(await exchange.failure(of: APICall(.get, "/a")))
        #expect(error.code == .unauthorized)
        #expect(error.detail == "bad token •••")
    }

    @Test(
        arguments: [
            (400, .refused), (401, .unauthorized), (403, .forbidden), (404, .notFound), (409, .conflict),
            (410, .notFound),
            (413, .refused), (422, .refused), (304, .misdirected),
        ] as [(Int, APIError.Code)])
    func `a refusal is called what it is and not repeated`(status: Int, code: APIError.Code) async throws {
        let exchange = ScriptedExchange([.answer(status)])
        let error = try #require(await exchange.failure(of: APICall(.post, "/a")))
        #expect(error.code == code)
        #expect(!error.mayHaveBeenDone)
    }

    @Test func `a cancelled task is told so`() async throws {
        let exchange = ScriptedExchange([.answer(500)])
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await exchange.failure(of: APICall(.get, "/a"))
        }
        #expect(await task.value?.code == .cancelled || exchange.http.requests.isEmpty)
    }
}
