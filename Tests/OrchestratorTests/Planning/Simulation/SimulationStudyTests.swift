import CICore
import Testing

@testable import Orchestrator

/// What the ways of serving make of sixty draws; the figures are those of `dt-ci plan simulate`.
struct SimulationStudyTests {
    private static let maxParallel = SimulatedServing.queued(MaxParallelStrategy())

    private static func row(
        _ serving: SimulatedServing, tests: Int = 1000, nodes: Int = 16, scarce: (tests: Double, nodes: Int) = (0, 0),
        weather: SimulationScenario.Weather = .init(), deadline: Duration? = nil
    ) throws -> SimulationStudy.Row {
        let scenario = SimulationScenario(
            suite: .init(tests: tests, scarce: scarce.tests), fleet: .init(nodes: nodes, scarce: scarce.nodes),
            weather: weather, deadline: deadline)
        return try #require(SimulationStudy(scenario, servings: [serving], seeds: 60).rows().first)
    }

    @Test(arguments: [(1000, 16, 1.03), (2000, 64, 1.10)])
    func `a queue served longest first is near what nothing can beat`(tests: Int, nodes: Int, most: Double) throws {
        #expect(try Self.row(Self.maxParallel, tests: tests, nodes: nodes).mean <= most)
    }

    @Test(arguments: [(1000, 16, 1.02), (2000, 64, 1.20)])
    func `so is a static plan whose nodes take over what others have left`(
        tests: Int, nodes: Int, most: Double
    ) throws {
        #expect(try Self.row(.stolen, tests: tests, nodes: nodes).mean <= most)
    }

    @Test func `tests that only two of sixteen nodes can run cost no more than they must`() throws {
        #expect(try Self.row(Self.maxParallel, scarce: (0.1, 2)).mean <= 1.05)
    }

    @Test func `a queue beats a static plan, which beats a split by count`() throws {
        let means = try [Self.maxParallel, .planned, .counted].map { try Self.row($0).mean }
        #expect(means == means.sorted())
        #expect(means[0] * 1.3 < means[1])
    }

    @Test func `nodes that go away cost what they were doing, and everything ends`() throws {
        let calm = try Self.row(Self.maxParallel)
        let rough = try Self.row(Self.maxParallel, weather: .init(preemptions: 6))
        #expect(rough.wall > calm.wall)
        #expect(rough.mean < 1.6)
    }

    @Test func `what failed in the past first tells of a failure earliest`() throws {
        let weather = SimulationScenario.Weather(failures: 0.02)
        let historical = try #require(
            Self.row(.queued(HistoricalStrategy()), weather: weather).firstFailure)
        for strategy in SchedulingStrategies.all where strategy.name != "historical" {
            let other = try #require(Self.row(.queued(strategy), weather: weather).firstFailure)
            #expect(historical < other)
        }
    }

    @Test func `a deadline that is too short gets most verdicts when it is known`() throws {
        let deadline = Duration.seconds(300)
        let known = try #require(Self.row(.queued(DeadlineStrategy()), deadline: deadline).inTime)
        let unknown = try #require(Self.row(Self.maxParallel, deadline: deadline).inTime)
        #expect(known > unknown * 1.1)
    }

    @Test func `the same study gives the same figures`() {
        let scenario = SimulationScenario(weather: .init(failures: 0.05, preemptions: 4))
        #expect(
            SimulationStudy(scenario, seeds: 3).rows().map(\.mean)
                == SimulationStudy(scenario, seeds: 3).rows().map(\.mean))
    }

    @Test(arguments: 0..<30 as Range<UInt64>)
    func `no way of serving is better than the bound`(seed: UInt64) {
        for durations in SimulatedDurations.known + [.recorded([0.1, 5, 60])] {
            let scenario = SimulationScenario(
                suite: .init(tests: 200, durations: durations, start: .milliseconds(300), scarce: 0.1),
                fleet: .init(nodes: 5, slots: 2, scarce: 2), weather: .init(failures: 0.05))
            let world = SimulatedWorld(scenario, seed: seed)
            let bound = SimulatedBound(world).seconds
            for serving in SimulatedServing.all {
                let jobs: [SimulatedJob]
                if case .counted = serving {
                    jobs = SimulatedJob.counted(in: world)
                } else {
                    jobs = SimulatedJob.all(of: Planner.plan(world.request(sharing: .run)), in: world)
                }
                #expect(jobs.flatMap(\.tests).sorted() == Array(0..<200))
                var execution = SimulatedExecution(world, jobs, serving, seed: seed)
                #expect(execution.run().wall >= bound * 0.999_999)
            }
        }
    }
}
