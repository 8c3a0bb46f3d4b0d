import CICore
import Testing

@testable import Orchestrator

struct PlanTableTests {
    private static func planned(_ request: PlanRequest) -> PlannedRun {
        PreparedRun(
            request: request,
            cuts: [UnitCut(unit: "s::big", estimate: Estimate(.seconds(9), basis: .declared), reason: .scarce)]
        ).planned()
    }

    @Test func `the batches of one node are listed with the totals`() {
        let run = Self.planned(
            PlanningFixtures.request([3, 2, 2, 1].map { $0 * 1_000_000 }, start: .milliseconds(300)))
        #expect(
            PlanTable(of: run.plan).lines() == [
                "batch  suite  units  estimate  first unit",
                "b0     s      2      4.30 s    s::test_1000000",
                "b1     s      2      4.30 s    s::test_1000001",
                "",
                "4 units in 2 batches on 2 slots: 4.30 s expected, lower bound 4.30 s (× 1.000)",
                "plan \(run.plan.id)",
            ])
    }

    @Test func `several nodes get a line each`() {
        let run = Self.planned(PlanningFixtures.request([3_000_000, 1_000_000], nodes: 2, slots: 1))
        #expect(
            PlanTable(of: run.plan).lines().prefix(3) == [
                "node  hardware           slots  batches  units  estimate",
                "0     linux-x86_64-2cpu  1      1        1      3.00 s",
                "1     linux-x86_64-2cpu  1      1        1      1.00 s",
            ])
    }

    @Test func `a long plan is cut, and names are made safe`() {
        var request = PlanningFixtures.request(
            [Int64](repeating: 1_000, count: 90), limits: BatchLimits(unitsPerBatch: 1))
        request.suites[0].units[0].id = "s::a\u{1B}[31m\n::set-env"
        let lines = PlanTable(of: Planner.plan(request)).lines()
        #expect(lines.contains("… and 50 more"))
        #expect(lines.allSatisfy { !$0.contains("\u{1B}") && !$0.contains("\n") })
    }

    @Test func `the explanation gives every number and its reason`() {
        let run = Self.planned(
            PlanningFixtures.request([3, 2, 2, 1].map { $0 * 1_000_000 }, start: .milliseconds(300)))
        #expect(
            PlanExplanation(of: run).lines() == [
                "work: 4 units, 8.00 s expected, 4.00 s for each of 2 slots",
                "longest unit: s::test_1000000, 3.00 s (median of 5 runs)",
                "start cost: 0.30 s for each batch of s (given)",
                "estimates: 4 from history, 0 as the runner says, 0 from their directory's 75th percentile, "
                    + "0 from the runner's default (files by their size)",
                "not split: s::big is one of fewer units than slots, but the runner cannot cut it",
                "batches: 2 from 4.30 s down to 4.30 s, none runs alone",
                "makespan: 4.30 s, 1.000 × the lower bound of 4.30 s, which is all work spread over all slots, "
                    + "behind one start",
            ])
    }

    @Test func `an empty plan is told as such`() {
        let run = Self.planned(PlanningFixtures.request([]))
        #expect(PlanTable(of: run.plan).lines().contains { $0.hasPrefix("0 units in 0 batches") })
        #expect(!PlanExplanation(of: run).lines().isEmpty)
    }
}
