import CICore
import Testing

@testable import Orchestrator

struct DependentPlannerTests {
    private typealias Make = DependencyFixtures

    /// Where each unit is: node, place in the node, batch.
    private struct Place {
        var node: Int
        var turn: Int
        var batch: PlannedBatch
    }

    private static func places(_ plan: Plan) -> [UnitID: Place] {
        var places: [UnitID: Place] = [:]
        for (node, planned) in plan.nodes.enumerated() {
            for (turn, batch) in planned.batches.enumerated() {
                for unit in batch.units { places[unit] = Place(node: node, turn: turn, batch: batch) }
            }
        }
        return places
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `every unit is in one batch, behind those of the units that it waits for, on their node`(seed: UInt64) throws {
        let request = try Make.random(seed: seed)
        let plan = Planner.plan(request)
        let units = plan.nodes.flatMap(\.batches).flatMap(\.units)
        #expect(units.count == Set(units).count)
        #expect(Set(units) == Set(request.suites.flatMap(\.units).map(\.id)))
        let places = Self.places(plan)
        for gate in request.dependencies.gates {
            for waiting in gate.waiting {
                let later = try #require(places[request.dependencies.vertices[Int(waiting)].unit])
                for input in gate.inputs {
                    let earlier = try #require(places[request.dependencies.vertices[Int(input)].unit])
                    #expect(later.node == earlier.node)
                    #expect(later.turn > earlier.turn)
                    #expect(later.batch.after.contains(earlier.batch.id))
                }
            }
        }
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `no plan beats its lower bound, and the same request gives the same plan`(seed: UInt64) throws {
        let request = try Make.random(seed: seed)
        let plan = Planner.plan(request)
        #expect(plan.makespan >= plan.lowerBound)
        #expect(plan == Planner.plan(request))
        let critical = DependencyOrder(of: request).longest
        #expect(plan.lowerBound >= critical)
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `bonds stay whole, and what claims the same stays on one node`(seed: UInt64) throws {
        let request = try Make.random(seed: seed)
        let plan = Planner.plan(request)
        for share in request.suites {
            let bonds = Dictionary(grouping: share.units.filter { $0.bond != nil }) { $0.bond }
            for (_, units) in bonds {
                let ids = Set(units.map(\.id))
                #expect(plan.nodes.flatMap(\.batches).count { !ids.isDisjoint(with: $0.units) } == 1)
            }
        }
        let claiming = plan.nodes.enumerated().flatMap { index, node in
            node.batches.flatMap { batch in batch.exclusive.map { ($0.name, index) } }
        }
        for (_, nodes) in Dictionary(grouping: claiming, by: \.0) { #expect(Set(nodes.map(\.1)).count == 1) }
        let claims = Dictionary(
            uniqueKeysWithValues: request.suites.flatMap { share in
                share.units.indices.map { (share.units[$0].id, share.claims[Int32($0)] ?? []) }
            })
        for batch in plan.nodes.flatMap(\.batches) {
            for unit in batch.units {
                let isCovered = (claims[unit] ?? []).allSatisfy { claim in
                    batch.exclusive.contains { $0.name == claim.name && $0.count >= claim.count }
                }
                #expect(isCovered)
            }
        }
    }

    @Test(arguments: [BatchOrder.listed, .random(seed: 7), .failedFirst(["s::t3"])])
    func `also in another order nothing comes before what it waits for`(order: BatchOrder) throws {
        for seed in 0..<20 as Range<UInt64> {
            var request = try Make.random(seed: seed)
            request.order = order
            for node in Planner.plan(request).nodes {
                var seen: Set<BatchID> = []
                for batch in node.batches {
                    #expect(batch.after.allSatisfy(seen.contains))
                    seen.insert(batch.id)
                }
            }
        }
    }

    @Test func `a setup comes first, its suite fills the slots, and free work fills the gaps`() throws {
        let names = (0..<40).map { "t\($0)" }
        let request = try Make.request(
            [
                Make.source("setup", ["start"]), Make.source("api", names, .init(setup: ["setup"])),
                Make.source("free", names),
            ], seconds: { $0 == "setup::start" ? 20 : 1 })
        let plan = Planner.plan(request)
        #expect(plan.nodes[0].batches.first?.suite == "setup")
        // 20 s of setup beside 20 s of free work, then the rest on both slots.
        #expect(plan.lowerBound == .seconds(50))
        #expect(plan.makespan <= .seconds(52))
    }

    @Test func `the longest way is not held up by its neighbours`() throws {
        let chain = (0..<10).map { "c\($0)" }
        let rules = zip(chain.dropFirst(), chain).map { Make.rule($0, after: "s::\($1)") }
        let others = (0..<200).map { "o\($0)" }
        let pairs = stride(from: 1, to: 200, by: 2).map { Make.rule("o\($0)", after: "s::o\($0 - 1)") }
        let request = try Make.request(
            [Make.source("s", chain + others, .init(rules: rules + pairs))],
            seconds: { $0.rawValue.hasPrefix("s::c") ? 10 : 1 }, slots: 4)
        let plan = Planner.plan(request)
        #expect(plan.lowerBound == .seconds(100))
        #expect(plan.makespan <= .seconds(104))
    }

    @Test func `batches of a semaphore with one place are never two at once`() throws {
        var source = Make.source("s", (0..<20).map { "t\($0)" })
        for index in source.units.indices {
            source.units[index].constraints.exclusive = [.init(name: "db", count: 1, capacity: 1)]
        }
        let plan = Planner.plan(try Make.request([source], slots: 4))
        #expect(plan.makespan == .seconds(20))
        #expect(plan.lowerBound == .seconds(20))
        let two = source.units.indices.map { index in
            var unit = source.units[index]
            unit.constraints.exclusive = [.init(name: "db", count: 1, capacity: 2)]
            return unit
        }
        source.units = two
        #expect(Planner.plan(try Make.request([source], slots: 4)).makespan == .seconds(10))
    }

    @Test func `a plan with claims reads back as it was written`() throws {
        for seed in 0..<10 as Range<UInt64> {
            let plan = Planner.plan(try Make.random(seed: seed))
            var writer = JSONWriter()
            PlanV1.write(plan, to: &writer)
            #expect(try PlanV1.plan(from: writer.bytes) == plan)
        }
    }

    @Test func `many small knots spread over nodes`() throws {
        let names = (0..<2_000).map { "t\($0)" }
        let rules = stride(from: 1, to: 2_000, by: 2).map { Make.rule("t\($0)", after: "s::t\($0 - 1)") }
        let plan = Planner.plan(
            try Make.request([Make.source("s", names, .init(rules: rules))], nodes: 8, slots: 1))
        #expect(plan.makespan.seconds <= 1.01 * plan.lowerBound.seconds)
    }
}
