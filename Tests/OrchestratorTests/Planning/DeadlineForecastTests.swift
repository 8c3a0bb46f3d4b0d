import CICore
import Testing

@testable import Orchestrator

struct DeadlineForecastTests {
    private static let plan = Planner.plan(
        PlanningFixtures.request([120, 30, 30, 20].map { $0 * 1_000_000 }, nodes: 1, slots: 2))

    @Test func `a deadline that will be met is said to be`() {
        let forecast = DeadlineForecast(of: Self.plan, deadline: .seconds(180))
        #expect(forecast.isFeasible)
        #expect(forecast.sentence == "the deadline of 3 m 00 s will be met: 2 m 00 s expected")
    }

    @Test func `one that will be missed is told with what speaks against it`() {
        let forecast = DeadlineForecast(of: Self.plan, deadline: .seconds(60))
        #expect(!forecast.isFeasible)
        #expect(
            forecast.sentence
                == """
                the deadline of 1 m 00 s will be missed: 2 m 00 s expected on 2 slots; 1 m 20 s of work will be left then; \
                s::test_1000000 alone takes 2 m 00 s
                """)
    }
}
