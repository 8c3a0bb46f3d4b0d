import CICore
import Synchronization
import Testing

import struct FoundationEssentials.Date

@testable import CIProviders

/// Answers requests in the order of a script; one request too many is a failure of the test.
final class ScriptedHTTP: HTTPPort {
    private let state: Mutex<(steps: [Result<HTTPResponse, HTTPError>], requests: [HTTPRequest])>

    init(_ steps: [Result<HTTPResponse, HTTPError>]) { state = Mutex((steps, [])) }

    /// What was asked so far.
    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let step = state.withLock { state in
            state.requests.append(request)
            return state.steps.isEmpty ? nil : state.steps.removeFirst()
        }
        guard let step else {
            Issue.record("nobody planned \(request.method.rawValue) \(request.url)")
            throw HTTPError(code: .badURL, description: "not planned")
        }
        return try step.get()
    }
}

extension Result where Success == HTTPResponse, Failure == HTTPError {
    /// An answer.
    static func answer(_ status: Int, _ body: String = "", _ headers: [String: String] = [:]) -> Self {
        .success(
            HTTPResponse(
                status: status, headers: headers.sorted { $0.key < $1.key }.map { HTTPHeader($0, $1) },
                body: Array(body.utf8)))
    }

    /// No answer.
    static func lost(_ code: HTTPError.Code = .broken, mayHaveBeenDone: Bool = false) -> Self {
        .failure(HTTPError(code: code, mayHaveBeenDone: mayHaveBeenDone, description: "lost"))
    }
}

/// A clock on which time passes only by sleeping, and then at once.
final class InstantClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration = .zero

        func advanced(by duration: Duration) -> Self { Self(offset: offset + duration) }
        func duration(to other: Self) -> Duration { other.offset - offset }
        static func < (left: Self, right: Self) -> Bool { left.offset < right.offset }
    }

    private let state = Mutex<(now: Instant, sleeps: [Duration])>((Instant(), []))

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }
    /// How long was slept, one after the other.
    var sleeps: [Duration] { state.withLock { $0.sleeps } }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        state.withLock { state in
            state.sleeps.append(state.now.duration(to: deadline))
            state.now = max(state.now, deadline)
        }
    }
}

/// An exchange with a script, and a client on it.
struct ScriptedExchange {
    let http: ScriptedHTTP
    let clock = InstantClock()
    let exchange: Exchange
    let client: APIClient

    /// `chance` is what every random number is, as a part of its range.
    init(
        _ steps: [Result<HTTPResponse, HTTPError>], manners: Exchange.Manners = Exchange.Manners(), chance: Double = 1,
        headers: [HTTPHeader] = [HTTPHeader("Authorization", prefix: "Bearer ", secret: Secret("s3cr3t"))]
    ) {
        http = ScriptedHTTP(steps)
        let ports = Exchange.Ports(
            http: http, clock: clock,
            now: { [clock] in Date(timeIntervalSince1970: 1e9 + clock.now.offset / .seconds(1)) },
            random: { $0.lowerBound + ($0.upperBound - $0.lowerBound) * chance })
        exchange = Exchange(ports: ports, manners: manners)
        client = APIClient(title: "Test", base: "https://api.test/v1", headers: headers, exchange: exchange)
    }

    /// The error of a call; `nil` if it went well.
    func failure(of call: APICall) async -> APIError? {
        do {
            try await client.send(call)
            return nil
        } catch {
            return error
        }
    }
}
