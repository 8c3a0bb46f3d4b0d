import CICore

/// Many draws of one scenario, served in several ways.
package struct SimulationStudy: Sendable {
    private let scenario: SimulationScenario
    private let servings: [SimulatedServing]
    private let seeds: Range<UInt64>

    package init(_ scenario: SimulationScenario, servings: [SimulatedServing] = SimulatedServing.all, seeds: Int = 60) {
        self.scenario = scenario
        self.servings = servings
        self.seeds = 0..<UInt64(max(seeds, 1))
    }

    /// One way of serving over all draws.
    package struct Row: Sendable, Hashable {
        package var title: String
        /// Wall time over the lower bound of the same draw.
        package var mean = 0.0
        package var worst = 0.0
        /// Means over the draws.
        package var wall: Duration = .zero
        /// Over the draws in which something failed; `nil` if nothing ever did.
        package var firstFailure: Duration?
        /// The share of the tests with a verdict before the deadline; `nil` without one.
        package var inTime: Double?
    }

    /// A row for each way, in their order.
    package func rows() -> [Row] {
        var sums = servings.map { Sum(title: $0.title) }
        for seed in seeds {
            let world = SimulatedWorld(scenario, seed: seed)
            let bound = SimulatedBound(world).seconds
            let own = SimulatedJob.all(of: Planner.plan(world.request(sharing: .node)), in: world)
            let shared = SharedPlans(world)
            for (index, serving) in servings.enumerated() {
                let jobs =
                    switch serving {
                    case .counted: SimulatedJob.counted(in: world)
                    case .planned: own
                    case .stolen: shared.jobs(in: .longestFirst)
                    case .queued(let strategy): shared.jobs(in: strategy.order)
                    }
                var execution = SimulatedExecution(world, jobs, serving, seed: seed)
                sums[index].add(execution.run(), bound: bound)
            }
        }
        return sums.map { $0.row(tests: scenario.deadline == nil ? nil : scenario.suite.tests) }
    }

    /// The plans of one world for all orders that strategies ask for.
    private final class SharedPlans {
        private let world: SimulatedWorld
        private var known: [RunSettings.Order: [SimulatedJob]] = [:]

        init(_ world: SimulatedWorld) { self.world = world }

        func jobs(in order: RunSettings.Order) -> [SimulatedJob] {
            if let jobs = known[order] { return jobs }
            let jobs = SimulatedJob.all(of: Planner.plan(world.request(sharing: .run, order: order)), in: world)
            known[order] = jobs
            return jobs
        }
    }

    private struct Sum {
        var title: String
        var ratios: [Double] = []
        var walls: [Double] = []
        var failures: [Double] = []
        var inTime = 0

        mutating func add(_ outcome: SimulatedExecution.Outcome, bound: Double) {
            ratios.append(bound > 0 ? outcome.wall / bound : 1)
            walls.append(outcome.wall)
            if let failure = outcome.firstFailure { failures.append(failure) }
            inTime += outcome.inTime
        }

        func row(tests: Int?) -> Row {
            Row(
                title: title, mean: Self.mean(ratios), worst: ratios.max() ?? 0, wall: .seconds(Self.mean(walls)),
                firstFailure: failures.isEmpty ? nil : .seconds(Self.mean(failures)),
                inTime: tests.map { Double(inTime) / Double(max($0 * ratios.count, 1)) })
        }

        private static func mean(_ values: [Double]) -> Double {
            values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
        }
    }
}
