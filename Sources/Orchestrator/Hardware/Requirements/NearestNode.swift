/// Which of several nodes comes closest to a requirement, and what it lacks.
package struct NearestNode: Sendable, Hashable {
    /// Its place among those given.
    package let index: Int
    /// Empty where the requirement is met.
    package let shortfalls: [Shortfall]

    /// The fewest things missing first, then the least of them, then the first; `nil` where there is no node.
    package init?(to requirement: Requirement, among offers: [HardwareOffer]) {
        let all = offers.map { requirement.shortfalls(on: $0) }
        let gaps = all.map { shortfalls in shortfalls.reduce(0) { $0 + $1.gap } }
        guard let best = all.indices.min(by: { (all[$0].count, gaps[$0]) < (all[$1].count, gaps[$1]) }) else {
            return nil
        }
        index = best
        shortfalls = all[best]
    }

    /// What it lacks, on one line.
    package var lacks: String { "lacks " + shortfalls.map(\.lack).joined(separator: ", ") }
}
