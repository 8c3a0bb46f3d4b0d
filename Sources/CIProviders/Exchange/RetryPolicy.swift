import CICore

import struct FoundationEssentials.Date

/// Decides what to do after a try: take its answer, try again and when, or give up.
///
/// A refusal by a rate limit was surely not done, so every call is tried again after it. What broke on the way, and a
/// server's own failure, may have been done: then only a call that may be repeated is.
struct RetryPolicy: Sendable, Hashable {
    /// Tries of one call, the first included.
    let tries: Int
    /// The longest wait before the second try; it doubles from try to try.
    var firstDelay: Duration = .milliseconds(500)
    /// The longest wait that is not asked for by the server.
    var longestDelay: Duration = .seconds(8)
    /// What GitHub asks for after a secondary limit that names no time; it doubles from try to try.
    var secondaryDelay: Duration = .seconds(60)

    /// One try and what is known when it is over.
    struct Attempt {
        /// The first is 1.
        let number: Int
        /// Whether doing it twice comes to the same as doing it once.
        let mayBeRepeated: Bool
        /// Of 0 to 1: where within a range to wait.
        let chance: Double
        let now: Date
    }

    /// What to do.
    enum Decision: Sendable, Hashable {
        /// It is an answer, good or bad.
        case take
        /// Again after this time; `isRateLimit` says that the whole host wants to be left alone so long.
        case again(after: Duration, isRateLimit: Bool)
    }

    /// After an answer.
    func decide(_ response: HTTPResponse, _ attempt: Attempt) -> Decision {
        if let limit = RateLimit(response) {
            let wait = limit.wait(now: attempt.now) ?? secondaryDelay * doubled(attempt.number)
            // All jobs of a build are told the same moment; a second apart they do not meet again.
            let pause = max(.zero, wait) + .seconds(attempt.chance)
            return attempt.number < tries ? .again(after: pause, isRateLimit: true) : .take
        }
        guard response.status >= 500, Self.passing.contains(response.status), attempt.mayBeRepeated else {
            return .take
        }
        let asked = RateLimit.retryAfter(response, now: attempt.now)
        return attempt.number < tries ? .again(after: max(asked ?? .zero, delay(attempt)), isRateLimit: false) : .take
    }

    /// After a try without an answer.
    func decide(_ error: HTTPError, _ attempt: Attempt) -> Decision {
        switch error.code {
        case .notResolved, .notConnected, .timedOut, .broken:
            guard attempt.number < tries, attempt.mayBeRepeated || !error.mayHaveBeenDone else { return .take }
            return .again(after: delay(attempt), isRateLimit: false)
        case .libraryMissing, .badURL, .tls, .cancelled, .bodyUnreadable: return .take
        }
    }

    /// Full jitter: anything from nothing to the limit, which spreads retries best
    /// (AWS Architecture Blog, "Exponential Backoff And Jitter").
    func delay(_ attempt: Attempt) -> Duration {
        min(longestDelay, firstDelay * doubled(attempt.number)) * attempt.chance
    }

    private func doubled(_ number: Int) -> Int { 1 << min(16, max(0, number - 1)) }

    /// Server errors that may pass; 501 and 505 do not.
    private static let passing: Set<Int> = [500, 502, 503, 504, 507, 520, 521, 522, 523, 524, 529]
}

extension Duration {
    /// A part of it.
    fileprivate static func * (whole: Duration, part: Double) -> Duration { .seconds(whole / .seconds(1) * part) }
}
