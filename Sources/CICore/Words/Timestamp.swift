package import FoundationEssentials

/// Times as documents have them: ISO 8601, UTC, whole seconds.
package enum Timestamp {
    package static func text(_ date: Date) -> String { date.formatted(.iso8601) }

    /// The day alone: `2026-02-28`.
    package static func day(_ date: Date) -> String { String(text(date).prefix(10)) }

    /// `nil` for what is no such time.
    package static func date(_ text: String?) -> Date? {
        // The reason why it is none is of no use to anybody.
        text.flatMap { try? Date($0, strategy: .iso8601) }
    }
}
