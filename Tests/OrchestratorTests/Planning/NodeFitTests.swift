import CICore
import Testing

@testable import Orchestrator

/// Units that only some nodes can run.
struct NodeFitTests {
    /// Mixed suites, of which a part asks for what two, one or none of the nodes have.
    private static func request(seed: UInt64) -> PlanRequest {
        var request = PlanningFixtures.mixed(seed: seed)
        while request.nodes.count < 3 { request.nodes.append(PlanningFixtures.node(slots: 2)) }
        request.fits = [
            NodeFit(requirement: "gpu>=1", nodes: [1, 2]), NodeFit(requirement: "vram>=80GB", nodes: [2]),
            NodeFit(requirement: "npu>=1", nodes: [], lack: "the nearest, node 1, has no NPU"),
        ]
        var generator = SeededGenerator(seed: seed)
        for suite in request.suites.indices {
            for unit in request.suites[suite].units.indices where Int.random(in: 0..<3, using: &generator) == 0 {
                request.suites[suite].units[unit].fit = Int.random(in: 0..<3, using: &generator)
            }
        }
        return request
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `every unit is planned once on a node that can run it, or named`(seed: UInt64) throws {
        let request = Self.request(seed: seed)
        let plan = Planner.plan(request)
        let planned = plan.nodes.flatMap(\.batches).flatMap(\.units)
        #expect(
            (planned + plan.unsatisfiable.map(\.unit)).sorted() == request.suites.flatMap(\.units).map(\.id).sorted())
        let units = Dictionary(
            uniqueKeysWithValues: request.suites.flatMap(\.units).map { ($0.id, $0) })
        for node in plan.nodes {
            for batch in node.batches {
                for id in batch.units {
                    guard let fit = units[id]?.fit else { continue }
                    #expect(request.fits[fit].nodes.contains(node.index))
                    #expect(batch.requirement?.contains(request.fits[fit].requirement) == true)
                }
            }
        }
        #expect(plan.makespan >= plan.lowerBound)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `what nobody can run is left out with the reason`(seed: UInt64) {
        let plan = Planner.plan(Self.request(seed: seed))
        #expect(plan.unsatisfiable.contains { $0.requirement == "npu>=1" })
        for unit in plan.unsatisfiable where unit.requirement == "npu>=1" {
            #expect(unit.reason == "the nearest, node 1, has no NPU")
        }
    }

    @Test func `units of one bond ask for all that any of them asks for`() {
        var units = PlanningFixtures.units([1_000_000, 1_000_000, 1_000_000])
        for index in units.indices { units[index].bond = "module" }
        units[0].fit = 0
        units[1].fit = 1
        let plan = Planner.plan(
            PlanRequest(
                suites: [.init(name: "s", startCost: .zero, units: units)],
                nodes: [NodeShape](repeating: PlanningFixtures.node(slots: 1), count: 3),
                fits: [
                    NodeFit(requirement: "gpu>=1", nodes: [0, 1]), NodeFit(requirement: "os=linux", nodes: [1, 2]),
                ]))
        #expect(plan.nodes.map { $0.batches.count } == [0, 1, 0])
        #expect(plan.nodes[1].batches.first?.requirement == "gpu>=1, os=linux")
    }

    @Test func `work for few nodes goes there first, and the rest evens out`() {
        let gpu = SuiteName("gpu")
        var scarce = PlanningFixtures.units(PlanningFixtures.lognormal(100, seed: 1), suite: gpu)
        for index in scarce.indices { scarce[index].fit = 0 }
        let plan = Planner.plan(
            PlanRequest(
                suites: [
                    .init(
                        name: "cpu", startCost: .zero,
                        units: PlanningFixtures.units(PlanningFixtures.lognormal(900, seed: 2), suite: "cpu")),
                    .init(name: gpu, startCost: .zero, units: scarce),
                ],
                nodes: [NodeShape](repeating: PlanningFixtures.node(slots: 1), count: 16),
                fits: [NodeFit(requirement: "gpu>=1", nodes: [3, 7])]))
        #expect(plan.makespan.seconds <= 1.01 * plan.lowerBound.seconds)
    }

    @Test func `what only some nodes have bounds the plan`() {
        var units = PlanningFixtures.units([Int64](repeating: 1_000_000, count: 8))
        for index in 0..<6 { units[index].fit = 0 }
        let plan = Planner.plan(
            PlanRequest(
                suites: [.init(name: "s", startCost: .zero, units: units)],
                nodes: [NodeShape](repeating: PlanningFixtures.node(slots: 1), count: 4),
                fits: [NodeFit(requirement: "gpu>=1", nodes: [0])]))
        #expect(plan.lowerBound == .seconds(6))
        #expect(plan.makespan == .seconds(6))
    }

    @Test func `a plan tells what its batches need and reads it back`() throws {
        let plan = Planner.plan(Self.request(seed: 3))
        var writer = JSONWriter()
        PlanV1.write(plan, to: &writer)
        #expect(try PlanV1.document(from: writer.drain()).plan == plan)
    }
}
