import CICore
import Testing

@testable import Orchestrator

struct PlanV1Tests {
    private static func bytes(of plan: Plan) -> [UInt8] {
        var writer = JSONWriter()
        PlanV1.write(plan, to: &writer)
        return writer.bytes
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `what is written is read back equal`(seed: UInt64) throws {
        let plan = Planner.plan(PlanningFixtures.mixed(seed: seed))
        #expect(try PlanV1.plan(from: Self.bytes(of: plan)) == plan)
    }

    @Test func `every field has its place`() throws {
        let plan = Plan(
            nodes: [
                PlannedNode(
                    index: 0, hardware: "h\u{1B}", slots: 3, estimate: .milliseconds(1_500),
                    batches: [
                        PlannedBatch(
                            id: "b0", suite: "s", units: ["s::a\"\n::set-env"], estimate: .milliseconds(1_500),
                            after: ["x"], isSerial: true)
                    ])
            ], makespan: .milliseconds(1_500), lowerBound: .seconds(1),
            unsatisfiable: [UnsatisfiableUnit(unit: "s::b", requirement: "gpu:1", reason: "no node has a GPU")],
            inputs: Plan.Inputs(commit: "c0ffee", inventory: nil, history: "h", configuration: "c"))
        let text = String(decoding: Self.bytes(of: plan), as: UTF8.self)
        #expect(
            text == """
                {"schema":"dt-ci/plan/v1","id":"\(plan.id)","nodes":[{"index":0,"hardware":"h\\u001b","slots":3,\
                "estimate":1.5,"batches":[{"id":"b0","suite":"s","units":["s::a\\"\\n::set-env"],"estimate":1.5,\
                "after":["x"],"serial":true}]}],"makespan":1.5,"lowerBound":1,"unsatisfiable":[{"unit":"s::b",\
                "requirement":"gpu:1","reason":"no node has a GPU"}],"inputs":{"commit":"c0ffee","inventory":null,\
                "history":"h","configuration":"c"}}
                """)
        #expect(try PlanV1.plan(from: Array(text.utf8)) == plan)
    }

    @Test func `unknown keys are ignored`() throws {
        let plan = Planner.plan(PlanningFixtures.request([1_000_000]))
        let text = String(decoding: Self.bytes(of: plan), as: UTF8.self)
        let extended = text.replacing("{\"index\"", with: "{\"later\":[1,{}],\"index\"")
        #expect(extended != text)
        #expect(try PlanV1.plan(from: Array(extended.utf8)) == plan)
    }

    @Test(
        arguments: [
            ("", .malformed), ("{", .malformed), ("[]", .malformed), ("{\"schema\":\"dt-ci/plan/v1\"}", .malformed),
            ("{}", .otherSchema), ("{\"schema\":\"dt-ci/results/v1\"}", .otherSchema),
            ("{\"schema\":\"dt-ci/plan/vx\"}", .otherSchema), ("{\"schema\":\"dt-ci/plan/v2\"}", .newerSchema),
            (
                "{\"schema\":\"dt-ci/plan/v1\",\"id\":\"0\",\"nodes\":[],\"makespan\":0,\"lowerBound\":0}", .changed
            ),
            (
                "{\"schema\":\"dt-ci/plan/v1\",\"id\":\"0\",\"nodes\":[],\"makespan\":-1,\"lowerBound\":0}", .malformed
            ),
            (
                "{\"schema\":\"dt-ci/plan/v1\",\"id\":\"0\",\"nodes\":[],\"makespan\":1e300,\"lowerBound\":0}",
                .malformed
            ),
            ("\u{0}\u{FF}nonsense", .malformed),
        ] as [(String, PlanFormatError.Code)])
    func `what is no plan of this version is refused with its reason`(text: String, code: PlanFormatError.Code) {
        #expect { try PlanV1.plan(from: Array(text.utf8)) } throws: { ($0 as? PlanFormatError)?.code == code }
    }

    @Test func `a plan with a changed unit is refused`() {
        let plan = Planner.plan(PlanningFixtures.request([1_000_000]))
        let text = String(decoding: Self.bytes(of: plan), as: UTF8.self).replacing("test_1000000", with: "test_2")
        #expect { try PlanV1.plan(from: Array(text.utf8)) } throws: { ($0 as? PlanFormatError)?.code == .changed }
    }

    @Test func `the id covers everything but the order within a batch`() {
        let plan = Planner.plan(PlanningFixtures.request([2_000_000, 1_000_000, 1_000_000], slots: 1))
        var batch = plan.nodes[0].batches[0]
        batch.units.reverse()
        #expect(Self.replacing(batch, in: plan).id == plan.id)
        batch.isSerial = true
        #expect(Self.replacing(batch, in: plan).id != plan.id)
    }

    private static func replacing(_ batch: PlannedBatch, in plan: Plan) -> Plan {
        var nodes = plan.nodes
        nodes[0].batches[0] = batch
        return Plan(nodes: nodes, makespan: plan.makespan, lowerBound: plan.lowerBound, inputs: plan.inputs)
    }
}
