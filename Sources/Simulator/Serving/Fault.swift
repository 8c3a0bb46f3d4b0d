import CICore

/// Something that goes wrong on purpose.
package struct Fault: Sendable, Hashable {
    /// What goes wrong.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Too many requests in an hour, as the API says it.
        case rateLimit = "rate-limit"
        /// Too many requests at once, as the API says it.
        case secondaryLimit = "secondary-limit"
        /// 502 and 503 in turn.
        case serverError = "server-error"
        /// The answer comes a second late.
        case slow
        /// The connection is reset: before the work in the first call, after it in the second, and so on.
        case reset
        /// The connection is reset after the work: its answer is lost.
        case lostAnswer = "lost-answer"
        /// Writes are refused as to a fork's token.
        case forkToken = "fork-token"
        /// Half of the answer, with a length that says it were all.
        case truncated
        /// Writes are refused as too large.
        case tooLarge = "too-large"
        /// A sign-in page instead of an answer.
        case html
    }

    package var kind: Kind
    /// How many calls it hits, the first ones; `nil` for all.
    package var count: Int?
    /// Of `METHOD /api/path`, with `*` for anything; empty for every call.
    package var pattern: String

    package init(_ kind: Kind, count: Int?, pattern: String = "") {
        self.kind = kind
        self.count = count
        self.pattern = pattern
    }

    /// Reads `KIND`, `KIND=COUNT` or either with `:PATTERN`; a count of `all` hits every call. `nil` for anything else.
    package init?(_ text: String) {
        let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let words = halves[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let kind = Kind(rawValue: String(words[0])) else { return nil }
        self.kind = kind
        pattern = halves.count > 1 ? String(halves[1]) : ""
        if words.count == 1 {
            count = kind.usualCount
        } else if words[1] == "all" {
            count = nil
        } else {
            guard let number = Int(words[1]), number > 0 else { return nil }
            count = number
        }
    }

    func isFor(_ line: String, isWriting: Bool) -> Bool {
        guard isWriting || !kind.isForWritesOnly else { return false }
        return pattern.isEmpty || Wildcard.matches(line, pattern)
    }
}

extension Fault.Kind {
    /// How many calls are hit where nobody says; `nil` for all.
    package var usualCount: Int? {
        switch self {
        case .forkToken, .tooLarge: nil
        case .serverError, .reset: 2
        case .slow: 3
        case .rateLimit, .secondaryLimit, .lostAnswer, .truncated, .html: 1
        }
    }

    fileprivate var isForWritesOnly: Bool { self == .forkToken || self == .tooLarge || self == .lostAnswer }
}

/// Patterns with `*` for any number of characters.
enum Wildcard {
    /// Whether the whole text fits the pattern; linear but for the stars.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        let text = Array(text.utf8)
        let pattern = Array(pattern.utf8)
        var (at, rest, star, mark) = (0, 0, -1, 0)
        while at < text.count {
            if rest < pattern.count, pattern[rest] == UInt8(ascii: "*") {
                (star, mark) = (rest, at)
                rest += 1
            } else if rest < pattern.count, pattern[rest] == text[at] {
                at += 1
                rest += 1
            } else if star >= 0 {
                mark += 1
                (at, rest) = (mark, star + 1)
            } else {
                return false
            }
        }
        return pattern[rest...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
