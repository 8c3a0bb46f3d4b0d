import CICore
import Testing

@testable import Orchestrator

/// Plans against the durations that really happen.
struct PlanSimulationTests {
    private static let start: Int64 = 300_000

    @Test(arguments: [2, 4, 16], [1, 2, 3, 4, 5] as [UInt64])
    func `a warm plan of a lognormal suite ends within 1.05 of what is possible`(slots: Int, seed: UInt64) {
        let estimates = PlanningFixtures.lognormal(slots * 300, seed: seed, median: 200_000)
        let plan = Planner.plan(
            PlanningFixtures.request(estimates, slots: slots, start: .microseconds(Self.start)))
        var generator = SeededGenerator(seed: seed &+ 100)
        let real = estimates.map { estimate in
            max(1, Int64(Double(estimate) * (1 + 0.1 * PlanningFixtures.normal(&generator))))
        }
        let wall = Self.wall(of: plan, real: real)
        let possible = max(real.reduce(0, +) / Int64(slots), real.max() ?? 0) + Self.start
        #expect(Double(wall) <= 1.05 * Double(possible))
    }

    @Test(arguments: [2, 4], [1, 2, 3, 4, 5] as [UInt64])
    func `a cold plan of a lognormal suite ends within 1.3 of what is possible`(slots: Int, seed: UInt64) {
        let real = PlanningFixtures.lognormal(slots * 100, seed: seed, median: 50_000)
        let plan = Self.cold(count: real.count, guess: 100_000, slots: slots)
        let possible = max(real.reduce(0, +) / Int64(slots), real.max() ?? 0) + Self.start
        #expect(Double(Self.wall(of: plan, real: real)) <= 1.3 * Double(possible) + 2 * Double(Self.start))
    }

    /// Four hundred tests of 10 ms and four long ones, as the benchmark has them.
    struct LongPoles: CustomTestStringConvertible {
        /// Where the long ones are.
        var testDescription: String
        /// In microseconds.
        var real: [Int64]
    }

    private static let longPoles: [LongPoles] = {
        let short = [Int64](repeating: 10_000, count: 100)
        let long: [Int64] = [3_000_000, 2_000_000, 2_000_000, 1_000_000]
        return [
            .init(testDescription: "at the end", real: short + short + short + short + long),
            .init(testDescription: "at the beginning", real: long + short + short + short + short),
            .init(testDescription: "apart", real: zip(long, [short, short, short, short]).flatMap { [$0] + $1 }),
        ]
    }()

    @Test(arguments: longPoles)
    func `long poles that are known cost one start a slot`(poles: LongPoles) {
        let real = poles.real
        let plan = Planner.plan(PlanningFixtures.request(real, slots: 2, start: .microseconds(Self.start)))
        #expect(plan.nodes[0].batches.count <= 4)
        #expect(Self.wall(of: plan, real: real) <= 6_000_000 + 2 * Self.start)
    }

    @Test(arguments: longPoles, [10_000, 30_000, 100_000] as [Int64])
    func `long poles that nobody knows of cost 1.7 s at most`(poles: LongPoles, guess: Int64) {
        let plan = Self.cold(count: poles.real.count, guess: guess, slots: 2)
        #expect(Self.wall(of: plan, real: poles.real) <= 7_700_000)
    }

    private static func cold(count: Int, guess: Int64, slots: Int) -> Plan {
        let units = PlanningFixtures.units([Int64](repeating: guess, count: count), basis: .runnerDefault)
        return Planner.plan(
            PlanRequest(
                suites: [.init(name: "s", startCost: .microseconds(start), units: units)],
                nodes: [PlanningFixtures.node(slots: slots)]))
    }

    private static func wall(of plan: Plan, real: [Int64]) -> Int64 {
        let names = PlanningFixtures.units(real).map(\.id)
        return Simulation(real: Dictionary(uniqueKeysWithValues: zip(names, real)), start: start).wall(of: plan)
    }
}
