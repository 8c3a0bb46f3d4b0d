import CICore

/// The time that no way of serving a simulated world can beat, whatever it knows beforehand. Seconds.
///
/// The greatest of: all work poured like a fluid over nodes from when they join, at their speed and behind one start a
/// slot; the same for what only the scarce nodes can run; and the longest test on the node that ends it soonest.
struct SimulatedBound {
    let seconds: Double

    init(_ world: SimulatedWorld) {
        let scarce = world.nodes.filter(\.isScarce)
        let work = Self.work(world.tests)
        let scarceWork = Self.work(world.tests.filter(\.isScarce))
        seconds =
            [
                Self.fluid(work, over: world.nodes, world), Self.fluid(scarceWork, over: scarce, world),
                Self.longest(world.tests.filter { !$0.isScarce }, over: world.nodes, world),
                Self.longest(world.tests.filter(\.isScarce), over: scarce, world),
            ].max() ?? 0
    }

    /// With the second attempts.
    private static func work(_ tests: [SimulatedWorld.Test]) -> Double {
        tests.reduce(0) { $0 + $1.real * ($1.fails ? 2 : 1) }
    }

    private static func fluid(_ work: Double, over nodes: [SimulatedWorld.Node], _ world: SimulatedWorld) -> Double {
        guard work > 0 else { return 0 }
        let slots = Double(world.scenario.fleet.slots)
        let taps = nodes.map {
            (opens: $0.start + world.scenario.suite.start.seconds / $0.speed, flow: slots * $0.speed)
        }
        .sorted { $0.opens < $1.opens }
        var rest = work
        var flow = 0.0
        for (index, tap) in taps.enumerated() {
            flow += tap.flow
            let next = index + 1 < taps.count ? taps[index + 1].opens : .infinity
            if rest <= flow * (next - tap.opens) { return tap.opens + rest / flow }
            rest -= flow * (next - tap.opens)
        }
        return 0
    }

    private static func longest(
        _ tests: [SimulatedWorld.Test], over nodes: [SimulatedWorld.Node], _ world: SimulatedWorld
    ) -> Double {
        guard let longest = tests.map({ $0.real * ($0.fails ? 2 : 1) }).max() else { return 0 }
        let start = world.scenario.suite.start.seconds
        return nodes.map { $0.start + (start + longest) / $0.speed }.min() ?? 0
    }
}
