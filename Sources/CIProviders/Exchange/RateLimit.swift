import CICore

import struct FoundationEssentials.Date

/// A refusal because of too many requests: 429, or GitHub's 403 with the signs of one.
struct RateLimit: Sendable, Hashable {
    /// When the host listens again, as it says; `nil` where it does not say.
    private let end: End?

    private enum End: Sendable, Hashable {
        case after(Duration)
        case at(Date)
    }

    /// `nil` for every other answer.
    init?(_ response: HTTPResponse) {
        let isUsedUp = Self.number(response, ["X-RateLimit-Remaining", "RateLimit-Remaining"]) == 0
        switch response.status {
        case 429: break
        case 403 where isUsedUp || response[header: "Retry-After"] != nil || Self.speaksOfLimits(response): break
        default: return nil
        }
        if let asked = Self.parse(response[header: "Retry-After"]) {
            end = asked
        } else if response.status == 429 || isUsedUp, let reset = Self.reset(response) {
            end = reset
        } else {
            end = nil
        }
    }

    /// How long to wait, as the host says; `nil` where it does not say.
    func wait(now: Date) -> Duration? {
        switch end {
        case .after(let duration): duration
        case .at(let date): .seconds(date.timeIntervalSince(now))
        case nil: nil
        }
    }

    /// What `Retry-After` asks for, with any status.
    static func retryAfter(_ response: HTTPResponse, now: Date) -> Duration? {
        switch parse(response[header: "Retry-After"]) {
        case .after(let duration): duration
        case .at(let date): .seconds(max(0, date.timeIntervalSince(now)))
        case nil: nil
        }
    }

    /// RFC 9110, 10.2.3: seconds or a date.
    private static func parse(_ text: String?) -> End? {
        guard let text else { return nil }
        if let seconds = Double(text), seconds.isFinite { return .after(.seconds(min(max(0, seconds), 1e7))) }
        return HTTPDate.parse(text).map { .at($0) }
    }

    /// The draft's `RateLimit-Reset` counts seconds from now; GitHub's, GitLab's and Azure's headers are Unix time.
    private static func reset(_ response: HTTPResponse) -> End? {
        guard let value = number(response, ["X-RateLimit-Reset", "RateLimit-Reset"]), value >= 0 else { return nil }
        return value > 1e9 ? .at(Date(timeIntervalSince1970: value)) : .after(.seconds(min(value, 1e7)))
    }

    private static func number(_ response: HTTPResponse, _ names: [String]) -> Double? {
        names.lazy.compactMap { response[header: $0].flatMap(Double.init) }.first { $0.isFinite }
    }

    /// GitHub's secondary limits may come without any header.
    private static func speaksOfLimits(_ response: HTTPResponse) -> Bool {
        let words = ErrorWords.find(in: response).lowercased()
        return ["secondary rate limit", "rate limit exceeded", "abuse detection"].contains { words.contains($0) }
    }
}
