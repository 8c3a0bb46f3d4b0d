import CICore
import Testing

import struct FoundationEssentials.Date

@testable import CIProviders

struct RetryPolicyTests {
    @Test(
        arguments: [
            (200, true, .take), (404, true, .take), (500, true, .again(after: .milliseconds(500), isRateLimit: false)),
            (500, false, .take), (501, true, .take), (503, true, .again(after: .milliseconds(500), isRateLimit: false)),
            (505, true, .take), (429, false, .again(after: .seconds(61), isRateLimit: true)),
        ] as [(Int, Bool, RetryPolicy.Decision)])
    func `a server's failure is tried again where that does no harm, a limit always`(
        status: Int, mayBeRepeated: Bool, decision: RetryPolicy.Decision
    ) {
        #expect(policy.decide(HTTPResponse(status: status), attempt(1, mayBeRepeated)) == decision)
    }

    @Test(
        arguments: [
            (.notConnected, false, false, true), (.notResolved, false, false, true), (.broken, true, true, true),
            (.broken, true, false, false), (.timedOut, true, true, true), (.timedOut, true, false, false),
            (.tls, false, true, false), (.badURL, false, true, false), (.libraryMissing, false, true, false),
            (.cancelled, true, true, false), (.bodyUnreadable, false, true, false),
        ] as [(HTTPError.Code, Bool, Bool, Bool)])
    func `a lost answer is asked for again where that does no harm`(
        code: HTTPError.Code, mayHaveBeenDone: Bool, mayBeRepeated: Bool, isTriedAgain: Bool
    ) {
        let error = HTTPError(code: code, mayHaveBeenDone: mayHaveBeenDone, description: "")
        let decision = policy.decide(error, attempt(1, mayBeRepeated))
        #expect((decision != .take) == isTriedAgain)
        #expect(policy.decide(error, attempt(4, mayBeRepeated)) == .take)
    }

    @Test func `waits double, are spread over their whole range and have an end`() {
        let longest = (1...10).map { policy.delay(attempt($0, true)) / .milliseconds(1) }
        #expect(longest == [500, 1000, 2000, 4000, 8000, 8000, 8000, 8000, 8000, 8000])
        #expect(policy.delay(attempt(3, true, chance: 0)) == .zero)
        #expect(policy.delay(attempt(3, true, chance: 0.25)) == .milliseconds(500))
        #expect(policy.delay(attempt(5000, true)) == .seconds(8))
    }

    @Test(
        arguments: [
            // What comes with the answer, and the wait that it asks for, without the second by which jobs are spread.
            (429, ["Retry-After": "7"], "", 7), (429, ["retry-after": "Sun, 09 Sep 2001 01:47:10 GMT"], "", 30),
            (429, ["Retry-After": "Sun, 09 Sep 2001 01:40:00 GMT"], "", 0), (429, ["Retry-After": "-5"], "", 0),
            (429, ["Retry-After": "soon"], "", 60), (429, ["RateLimit-Reset": "12"], "", 12),
            (429, ["RateLimit-Reset": "1000000020"], "", 20), (429, ["X-RateLimit-Reset": "1000000005"], "", 5),
            (429, ["Retry-After": "3", "X-RateLimit-Reset": "1000000005"], "", 3),
            (403, ["X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1000000040"], "", 40),
            (403, ["Retry-After": "9", "X-RateLimit-Remaining": "55"], "", 9),
            (
                403, ["X-RateLimit-Remaining": "55", "X-RateLimit-Reset": "1000000040"],
                #"{"message":"You have exceeded a secondary rate limit."}"#, 60
            ),
            (403, [:], #"{"message":"You have triggered an abuse detection mechanism."}"#, 60),
            (429, ["Retry-After": "nan"], "", 60), (429, ["Retry-After": "1e300"], "", 10_000_000),
        ] as [(Int, [String: String], String, Int)])
    func `a limit is waited for as the host says`(
        status: Int, headers: [String: String], body: String, seconds: Int
    ) throws {
        let response = try Result.answer(status, body, headers).get()
        let decision = policy.decide(response, attempt(1, false, chance: 0))
        #expect(decision == .again(after: .seconds(seconds), isRateLimit: true))
    }

    @Test(
        arguments: [
            (403, [:], ""),
            (403, ["X-RateLimit-Remaining": "10"], #"{"message":"Resource not accessible by integration"}"#),
            (401, ["Retry-After": "5"], ""), (404, ["X-RateLimit-Remaining": "0"], ""),
            (200, ["RateLimit-Remaining": "0"], ""),
        ] as [(Int, [String: String], String)])
    func `what only looks like a limit is none`(status: Int, headers: [String: String], body: String) throws {
        #expect(RateLimit(try Result.answer(status, body, headers).get()) == nil)
    }

    @Test func `a secondary limit without a time is waited for longer each time`() throws {
        let response = try Result.answer(403, #"{"message":"secondary rate limit"}"#).get()
        #expect(
            policy.decide(response, attempt(2, false, chance: 0)) == .again(after: .seconds(120), isRateLimit: true))
    }

    @Test func `an overloaded server's wish counts where it is longer than our own wait`() throws {
        let response = try Result.answer(503, "", ["Retry-After": "20"]).get()
        #expect(policy.decide(response, attempt(1, true)) == .again(after: .seconds(20), isRateLimit: false))
    }

    private let policy = RetryPolicy(tries: 4)

    private func attempt(_ number: Int, _ mayBeRepeated: Bool, chance: Double = 1) -> RetryPolicy.Attempt {
        .init(number: number, mayBeRepeated: mayBeRepeated, chance: chance, now: Date(timeIntervalSince1970: 1e9))
    }
}
