import CICore

/// Where a plan is for and in which order it is to be served.
package struct PlanningTarget: Sendable, Hashable {
    /// At least one.
    package var nodes: [NodeShape]
    package var order: Order
    package var commit: String?
    /// At most so many listings at once when units are cut.
    package var listings: Int
    /// Whether it is asked how likely units are to fail.
    package var wantsRisks: Bool

    package init(
        nodes: [NodeShape], order: Order = .longestFirst, commit: String? = nil, listings: Int = 1,
        wantsRisks: Bool = false
    ) {
        self.wantsRisks = wantsRisks
        self.nodes = nodes
        self.order = order
        self.commit = commit
        self.listings = listings
    }

    /// As the configuration has it, the seed drawn.
    package enum Order: Sendable, Hashable {
        case longestFirst
        case listed
        case random(seed: UInt64)
        case failedFirst

        /// Draws the seed where none is given.
        package init(_ order: RunSettings.Order, drawing seed: () -> UInt64) {
            switch order {
            case .longestFirst: self = .longestFirst
            case .listed: self = .listed
            case .random(let given): self = .random(seed: given ?? seed())
            case .failedFirst: self = .failedFirst
            }
        }
    }

    var totalSlots: Int { nodes.reduce(0) { $0 + $1.slots } }

    /// Durations are keyed by one class of hardware: that of the first node.
    var hardware: HardwareClass { nodes.first?.hardware ?? HardwareClass("unknown") }
}
