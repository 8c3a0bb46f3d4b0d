import CICore
import Testing

@testable import Orchestrator

struct PlannerTests {
    @Test(arguments: 0..<60 as Range<UInt64>)
    func `every unit is in exactly one batch, of its own suite`(seed: UInt64) {
        let request = PlanningFixtures.mixed(seed: seed)
        let batches = Planner.plan(request).nodes.flatMap(\.batches)
        let planned = batches.flatMap(\.units)
        #expect(planned.count == Set(planned).count)
        #expect(Set(planned) == Set(request.suites.flatMap(\.units).map(\.id)))
        #expect(Set(batches.map(\.id)).count == batches.count)
        for batch in batches {
            #expect(!batch.units.isEmpty)
            #expect(batch.units.allSatisfy { $0.rawValue.hasPrefix("\(batch.suite)::") })
        }
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `bonds stay whole and other batches keep to the bound on units`(seed: UInt64) {
        let request = PlanningFixtures.mixed(seed: seed)
        let batches = Planner.plan(request).nodes.flatMap(\.batches)
        for suite in request.suites {
            let bonds = Dictionary(grouping: suite.units.filter { $0.bond != nil }) { $0.bond }
            for (_, units) in bonds {
                let holding = batches.filter { batch in units.contains { batch.units.contains($0.id) } }
                #expect(holding.count == 1)
            }
            guard let bound = suite.limits.unitsPerBatch else { continue }
            let bonded = Set(suite.units.filter { $0.bond != nil }.map(\.id))
            for batch in batches where batch.suite == suite.name && batch.units.count > bound {
                #expect(batch.units.allSatisfy(bonded.contains), "only one bond may be larger than the bound")
            }
        }
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `units that run alone are in serial batches, which come last`(seed: UInt64) {
        let request = PlanningFixtures.mixed(seed: seed)
        let plan = Planner.plan(request)
        let alone = Set(
            request.suites.flatMap { suite in suite.units.filter { suite.limits.isSerial || $0.isSerial }.map(\.id) })
        for batch in plan.nodes.flatMap(\.batches) where batch.units.contains(where: alone.contains) {
            #expect(batch.isSerial)
        }
        for node in plan.nodes {
            #expect(node.batches.map { $0.isSerial ? 1 : 0 } == node.batches.map { $0.isSerial ? 1 : 0 }.sorted())
        }
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `a suite's limit holds over all nodes`(seed: UInt64) {
        let request = PlanningFixtures.mixed(seed: seed)
        let plan = Planner.plan(request)
        guard plan.nodes.count > 1 else { return }
        for suite in request.suites {
            guard let limit = suite.limits.slots else { continue }
            let chains = plan.nodes.flatMap(\.batches).filter {
                $0.suite == suite.name && !$0.isSerial && $0.after.isEmpty
            }
            #expect(chains.count <= limit)
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `the order of the input changes neither the split nor its id`(seed: UInt64) {
        let request = PlanningFixtures.mixed(seed: seed)
        var shuffled = request
        var generator = SeededGenerator(seed: seed)
        for index in shuffled.suites.indices { shuffled.suites[index].units.shuffle(using: &generator) }
        let plan = Planner.plan(request)
        let other = Planner.plan(shuffled)
        #expect(Planner.plan(request) == plan)
        #expect(Self.split(other) == Self.split(plan))
        #expect(other.id == plan.id)
    }

    /// The batches of each node as sets, whatever their names.
    private static func split(_ plan: Plan) -> [Set<Set<UnitID>>] {
        plan.nodes.map { Set($0.batches.map { Set($0.units) }) }
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `no plan is better than its lower bound`(seed: UInt64) {
        let plan = Planner.plan(PlanningFixtures.mixed(seed: seed))
        #expect(plan.makespan >= plan.lowerBound)
        #expect(plan.makespan == plan.nodes.map(\.estimate).max())
    }

    @Test(arguments: [(2_000, 8, 1), (2_000, 4, 4), (20_000, 50, 1), (20_000, 16, 4)])
    func `a static plan of a lognormal suite is within 1.002 of the lower bound`(
        count: Int, nodes: Int, slots: Int
    ) {
        for seed in 1...3 as ClosedRange<UInt64> {
            let durations = PlanningFixtures.lognormal(count, seed: seed)
            let plan = Planner.plan(PlanningFixtures.request(durations, nodes: nodes, slots: slots))
            #expect(plan.makespan.seconds <= 1.002 * plan.lowerBound.seconds)
        }
    }

    @Test(arguments: [([1, 1, 0], 2), ([10, 1, 1], 3), ([5, 5, 5, 5], 4), ([1], 1)] as [([Int64], Int)])
    func `no node is left empty while there are units for all`(seconds: [Int64], nodes: Int) {
        let plan = Planner.plan(PlanningFixtures.request(seconds.map { $0 * 1_000_000 }, nodes: nodes, slots: 1))
        #expect(plan.nodes.allSatisfy { !$0.batches.isEmpty })
        #expect(plan.nodes.allSatisfy { $0.estimate > .zero })
    }

    @Test func `nodes beyond the number of units are empty, and nothing is planned twice`() {
        let plan = Planner.plan(PlanningFixtures.request([3_000_000, 1_000_000], nodes: 4, slots: 1))
        #expect(plan.nodes.map { $0.batches.count } == [1, 1, 0, 0])
        #expect(plan.nodes.map(\.index) == [0, 1, 2, 3])
    }

    @Test func `without units there is an empty plan`() {
        let plan = Planner.plan(PlanningFixtures.request([], nodes: 2))
        #expect(plan.nodes.allSatisfy { $0.batches.isEmpty })
        #expect(plan.makespan == .zero)
        #expect(plan.lowerBound == .zero)
    }

    @Test func `a small plan is exactly the expected one`() {
        let plan = Planner.plan(
            PlanningFixtures.request(
                [3, 2, 2, 1].map { $0 * 1_000_000 }, slots: 2, start: .milliseconds(300)))
        #expect(
            plan.nodes[0].batches == [
                PlannedBatch(
                    id: "b0", suite: "s", units: ["s::test_1000000", "s::test_1000003"], estimate: .milliseconds(4300)),
                PlannedBatch(
                    id: "b1", suite: "s", units: ["s::test_1000001", "s::test_1000002"], estimate: .milliseconds(4300)),
            ])
        #expect(plan.makespan == .milliseconds(4300))
        #expect(plan.lowerBound == .milliseconds(4300))
        #expect(plan.id == "8c9180b8a2ef08b26d0a477d1221acb8b9f0caf46a0e0bb3572d056ff067cf96")
    }

    @Test func `suites share slots so that few starts are paid`() {
        let suites = (0..<6).map { number in
            let name = SuiteName("suite-\(number)")
            return PlanRequest.SuiteShare(
                name: name, startCost: .seconds(1),
                units: PlanningFixtures.units([Int64](repeating: 100_000, count: 60), suite: name))
        }
        let plan = Planner.plan(
            PlanRequest(suites: suites, nodes: [NodeShape](repeating: PlanningFixtures.node(slots: 1), count: 4)))
        #expect(plan.nodes.flatMap(\.batches).count <= 4 + 6)
        #expect(plan.makespan.seconds <= 1.15 * plan.lowerBound.seconds)
    }
}
