/// The strategies that there are.
package enum SchedulingStrategies {
    /// In the order of the documentation, the default first.
    package static let all: [any SchedulingStrategy] = [
        MaxParallelStrategy(), SimpleStrategy(), HistoricalStrategy(), FairStrategy(), DeadlineStrategy(),
        AdaptiveStrategy(),
    ]

    /// `nil` for a word that is none of theirs.
    package static func named(_ name: String) -> (any SchedulingStrategy)? { all.first { $0.name == name } }
}
