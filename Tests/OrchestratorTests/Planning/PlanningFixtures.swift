import CICore
import Testing

@testable import Orchestrator

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Made-up suites and machines for planner tests; the same seed gives the same suite.
enum PlanningFixtures {
    static func node(slots: Int) -> NodeShape { NodeShape(hardware: "linux-x86_64-2cpu", slots: slots) }

    /// Durations in microseconds whose logarithm is normally distributed (median 1 s unless scaled).
    static func lognormal(_ count: Int, seed: UInt64, sigma: Double = 1.2, median: Double = 1_000_000) -> [Int64] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            max(1, Int64(median * exp(sigma * normal(&generator))))
        }
    }

    /// Irwin–Hall: twelve uniform numbers, close enough to a normal distribution.
    static func normal(_ generator: inout SeededGenerator) -> Double {
        (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &generator) }
    }

    /// Units named by their place, measured often.
    static func units(
        _ durations: [Int64], suite: SuiteName = "s", basis: Estimate.Basis = .history(samples: 5),
        granularity: Granularity = .test
    ) -> [EstimatedUnit] {
        durations.enumerated().map { index, duration in
            EstimatedUnit(
                id: UnitID(suite: suite, selector: "test_\(1_000_000 + index)"),
                estimate: Estimate(.microseconds(duration), basis: basis), granularity: granularity)
        }
    }

    static func request(
        _ durations: [Int64], nodes: Int = 1, slots: Int = 2, start: Duration = .zero,
        limits: BatchLimits = BatchLimits(), order: BatchOrder = .longestFirst
    ) -> PlanRequest {
        PlanRequest(
            suites: [.init(name: "s", startCost: start, limits: limits, units: units(durations))],
            nodes: (0..<nodes).map { _ in node(slots: slots) }, order: order)
    }

    /// Several suites of all kinds: bonds, serial units, limits.
    static func mixed(seed: UInt64) -> PlanRequest {
        var generator = SeededGenerator(seed: seed)
        let suites = (0..<Int.random(in: 1...4, using: &generator)).map { number in
            let name = SuiteName("suite-\(number)")
            var units = units(
                lognormal(Int.random(in: 1...80, using: &generator), seed: generator.next()), suite: name)
            for index in units.indices {
                if Int.random(in: 0..<4, using: &generator) == 0 { units[index].bond = "bond\(index % 5)" }
                units[index].isSerial = Int.random(in: 0..<15, using: &generator) == 0
            }
            let limits = BatchLimits(
                unitsPerBatch: Bool.random(using: &generator) ? Int.random(in: 1...9, using: &generator) : nil,
                slots: Int.random(in: 0..<3, using: &generator) == 0 ? Int.random(in: 1...3, using: &generator) : nil,
                isSerial: Int.random(in: 0..<6, using: &generator) == 0)
            let start = Duration.milliseconds(Int.random(in: 0...900, using: &generator))
            return PlanRequest.SuiteShare(name: name, startCost: start, limits: limits, units: units)
        }
        let nodes = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
            node(slots: Int.random(in: 1...4, using: &generator))
        }
        return PlanRequest(suites: suites, nodes: nodes)
    }
}

/// Plays a plan through with durations that differ from the estimates.
struct Simulation {
    /// What really happens, in microseconds.
    var real: [UnitID: Int64]
    var start: Int64

    /// When the last batch of the first node has ended, its slots taking batches in order.
    func wall(of plan: Plan) -> Int64 {
        guard let node = plan.nodes.first else { return 0 }
        var free = [Int64](repeating: 0, count: node.slots)
        for batch in node.batches {
            let slot = free.indices.min { (free[$0], $0) < (free[$1], $1) } ?? 0
            free[slot] += start + batch.units.reduce(0) { $0 + (real[$1] ?? 0) }
        }
        return free.max() ?? 0
    }
}
