/// The strategies that there are.
package enum SchedulingStrategies {
    /// In the order of the documentation, the default first.
    package static let all: [any SchedulingStrategy] = [
        MaxParallelStrategy(), SimpleStrategy(), HistoricalStrategy(), FairStrategy(), DeadlineStrategy(),
        AdaptiveStrategy(),
    ]

    /// The word for the one that suits the run.
    package static let automatic = "auto"

    /// The strategy that a word means; `auto` is the default, or what makes the most of the time until a deadline.
    package static func meant(by name: String, hasDeadline: Bool) -> any SchedulingStrategy {
        named(name) ?? (hasDeadline ? AdaptiveStrategy() : MaxParallelStrategy())
    }

    /// `nil` for a word that is none of theirs.
    package static func named(_ name: String) -> (any SchedulingStrategy)? { all.first { $0.name == name } }
}
