import CICore
import Testing

@testable import Orchestrator

struct BatchOrderTests {
    private let durations: [Int64] = (1...40).map { $0 * 50_000 }

    @Test func `the longest batch is served first as a rule`() {
        let plan = Planner.plan(PlanningFixtures.request(durations, slots: 2, limits: BatchLimits(unitsPerBatch: 4)))
        let estimates = plan.nodes[0].batches.map(\.estimate)
        #expect(estimates == estimates.sorted(by: >))
    }

    @Test func `listed batches are served by their first unit, and units keep the listing's order`() {
        let plan = Planner.plan(
            PlanningFixtures.request(durations, limits: BatchLimits(unitsPerBatch: 4), order: .listed))
        let batches = plan.nodes[0].batches.map(\.units)
        let firsts = batches.compactMap(\.first)
        #expect(firsts == firsts.sorted())
        #expect(batches.allSatisfy { $0 == $0.sorted() })
    }

    @Test func `a random order depends on the seed alone`() {
        let limits = BatchLimits(unitsPerBatch: 4)
        let plans = [1, 1, 2].map { (seed: UInt64) in
            Planner.plan(PlanningFixtures.request(durations, limits: limits, order: .random(seed: seed)))
        }
        #expect(plans[0] == plans[1])
        #expect(plans[0].nodes[0].batches.map(\.units) != plans[2].nodes[0].batches.map(\.units))
        #expect(
            Set(plans[0].nodes[0].batches.map { Set($0.units) }) == Set(plans[2].nodes[0].batches.map { Set($0.units) })
        )
    }

    @Test func `what failed last runs at the head of the first batches`() {
        let failed: Set<UnitID> = ["s::test_1000003", "s::test_1000020"]
        let request = PlanningFixtures.request(
            durations, slots: 2, limits: BatchLimits(unitsPerBatch: 5), order: .failedFirst(failed))
        let batches = Planner.plan(request).nodes[0].batches
        #expect(Set(batches.prefix(2).compactMap(\.units.first)) == failed)
    }
}
