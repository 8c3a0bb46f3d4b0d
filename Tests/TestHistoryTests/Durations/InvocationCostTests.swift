import CICore
import TestHistory
import Testing

@Suite struct InvocationCostTests {
    private func batch(units: Int, cost: Double, tests: Double = 3) -> HistoricalRun.BatchTiming {
        HistoricalRun.BatchTiming(suite: "unit", units: units, wall: .seconds(tests + cost), tests: .seconds(tests))
    }

    @Test func `too few batches teach nothing`() {
        #expect(InvocationCost(learningFrom: [batch(units: 1, cost: 2), batch(units: 1, cost: 2)]) == nil)
    }

    @Test func `three batches give their median`() {
        let cost = InvocationCost(learningFrom: [2, 3, 900].map { batch(units: $0, cost: Double($0)) })
        #expect(cost == InvocationCost(fixed: .seconds(3), samples: 3))
    }

    @Test func `enough batches tell the start from the cost of a unit, a quarter of outliers notwithstanding`() throws {
        var batches = (1...12).map { batch(units: $0, cost: 0.5 + 0.25 * Double($0)) }
        batches[1] = batch(units: 2, cost: 60)
        batches[5] = batch(units: 6, cost: 0)
        batches[10] = batch(units: 11, cost: 90)
        let cost = try #require(InvocationCost(learningFrom: batches))
        #expect((.milliseconds(350) ... .milliseconds(650)).contains(cost.fixed))
        #expect((.milliseconds(200) ... .milliseconds(300)).contains(cost.perUnit))
    }

    @Test func `tests that overlap within a batch never make a negative cost`() {
        let batches = (1...10).map { batch(units: $0, cost: -Double($0), tests: 20) }
        #expect(InvocationCost(learningFrom: batches) == InvocationCost(fixed: .zero, samples: 10))
    }
}
