import CICore

/// The machines that a run may be split over, in the order in which they are taken.
package struct NodeFleet: Sendable, Hashable {
    private let settings: FanOutSettings
    /// What `auto` means for hardware and slots.
    private let standard: NodeShape

    package init(_ settings: FanOutSettings, standard: NodeShape) {
        self.settings = settings
        self.standard = standard
    }

    /// One machine of it.
    package struct Node: Sendable, Hashable {
        package let shape: NodeShape
        /// The CI service's words for it.
        package let labels: [String]
        /// Before its first test.
        package let startCost: Duration
        /// For a minute.
        package let price: Double?
    }

    /// How many there are; `nil` = enough.
    package var mostNodes: Int? {
        let counts = settings.classes.compactMap(\.mostNodes)
        guard !counts.isEmpty, counts.count == settings.classes.count else { return nil }
        return counts.reduce(0, +)
    }

    /// The first machines; more than there are, are of the last class.
    package func nodes(_ count: Int) -> [Node] {
        var nodes: [Node] = []
        for kind in settings.classes where nodes.count < count {
            let share = min(kind.mostNodes ?? count, count - nodes.count)
            nodes += Array(repeating: node(of: kind), count: share)
        }
        let last = settings.classes.last ?? NodeClass()
        return nodes + Array(repeating: node(of: last), count: count - nodes.count)
    }

    /// Their shapes alone.
    package func shapes(_ count: Int) -> [NodeShape] { nodes(count).map(\.shape) }

    private func node(of kind: NodeClass) -> Node {
        var shape = standard
        shape.slots = kind.slots ?? shape.slots
        if let hardware = kind.hardware, hardware != standard.hardware {
            // Nobody here knows what those machines have: whoever names them knows that they will do.
            shape = NodeShape(hardware: hardware, slots: shape.slots)
        }
        return Node(
            shape: shape, labels: kind.labels, startCost: kind.startCost ?? settings.startCost, price: kind.price)
    }

    /// What a plan comes to on its machines, with their starts.
    package func forecast(of plan: Plan) -> FanOutForecast {
        let nodes = zip(nodes(plan.nodes.count), plan.nodes)
        let wall = nodes.map { $0.startCost + $1.estimate }.max() ?? .zero
        let prices = nodes.compactMap { node, planned in
            node.price.map { $0 * ((node.startCost + planned.estimate) / .seconds(60)) }
        }
        return FanOutForecast(
            nodes: plan.nodes.count, wall: wall,
            machineTime: nodes.reduce(.zero) { $0 + $1.0.startCost + $1.1.estimate },
            price: prices.count == plan.nodes.count ? prices.reduce(0, +) : nil,
            isPossible: plan.unsatisfiable.isEmpty)
    }
}

/// What a run over so many nodes is expected to come to.
package struct FanOutForecast: Sendable, Hashable {
    package let nodes: Int
    /// From the start of the nodes to the end of the last.
    package let wall: Duration
    /// Of all nodes together.
    package let machineTime: Duration
    /// `nil` where a node's class has no price.
    package let price: Double?
    /// Whether every unit has a node that can run it.
    package let isPossible: Bool
}
