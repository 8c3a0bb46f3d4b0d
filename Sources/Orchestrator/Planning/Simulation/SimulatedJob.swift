import CICore

/// A batch of a simulated run. Seconds.
struct SimulatedJob {
    /// Places of the tests in the world, in the order in which they run.
    var tests: [Int]
    /// What strategies know of it.
    var facts: WaitingBatch
    /// On a node of the speed 1, with the start.
    var real: Double
    var isScarce: Bool
    /// The node that it was planned for.
    var home: Int
    /// Whether its tests failed before.
    var isRetry = false

    init(_ tests: [Int], home: Int, in world: SimulatedWorld) {
        self.tests = tests
        self.home = home
        let start = world.scenario.suite.start.seconds
        facts = WaitingBatch(
            place: tests.min() ?? 0, estimate: start + tests.reduce(0) { $0 + world.tests[$1].estimate },
            risk: 1 - tests.reduce(1) { $0 * (1 - world.tests[$1].risk) },
            party: "suite-\(world.suite(of: tests.min() ?? 0))")
        real = start + tests.reduce(0) { $0 + world.tests[$1].real }
        isScarce = tests.contains { world.tests[$0].isScarce }
    }

    /// Seconds from the start to the end of its first test that fails, on a node of the speed 1; `nil` if none does.
    func firstFailure(in world: SimulatedWorld) -> Double? {
        guard !isRetry, let place = tests.firstIndex(where: { world.tests[$0].fails }) else { return nil }
        return world.scenario.suite.start.seconds + tests[...place].reduce(0) { $0 + world.tests[$1].real }
    }

    /// The batches of a plan of the world.
    static func all(of plan: Plan, in world: SimulatedWorld) -> [SimulatedJob] {
        plan.nodes.flatMap { node in
            node.batches.map { SimulatedJob($0.units.map(SimulatedWorld.place), home: node.index, in: world) }
        }
    }

    /// As many tests for each node, as listed, by those who know no durations; what is scarce over scarce nodes.
    static func counted(in world: SimulatedWorld) -> [SimulatedJob] {
        let able = world.nodes.indices.filter { world.nodes[$0].isScarce }
        return split(world.tests.indices.filter { !world.tests[$0].isScarce }, over: Array(world.nodes.indices), world)
            + split(world.tests.indices.filter { world.tests[$0].isScarce }, over: able, world)
    }

    private static func split(_ tests: [Int], over nodes: [Int], _ world: SimulatedWorld) -> [SimulatedJob] {
        guard !nodes.isEmpty, !tests.isEmpty else { return [] }
        return nodes.enumerated().flatMap { turn, node in
            let share = tests[tests.count * turn / nodes.count..<tests.count * (turn + 1) / nodes.count]
            let slots = min(world.scenario.fleet.slots, share.count)
            return (0..<slots).map { slot in
                let first = share.startIndex + share.count * slot / slots
                let end = share.startIndex + share.count * (slot + 1) / slots
                return SimulatedJob(Array(share[first..<end]), home: node, in: world)
            }
        }
    }
}
