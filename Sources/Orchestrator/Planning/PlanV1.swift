package import CICore

/// The `dt-ci/plan/v1` document.
///
/// A batch has the key `serial` only where it is true, `requires` only where it needs a certain node and `exclusive` only
/// where it claims something, and a plan that was saved for other machines has `details`: all came after the first
/// readers, which ignore them.
package enum PlanV1 {
    /// The `schema` of the documents written here.
    package static let schema = "dt-ci/plan/v1"

    /// The whole document as an object; how long planning took is told under `timing` and is no part of the plan.
    package static func write(
        _ plan: Plan, details: PlanDocument.Details? = nil, planning: Duration? = nil, to writer: inout JSONWriter
    ) {
        writer.object { writer in
            writer.member("schema", schema)
            writeFields(of: plan, to: &writer)
            if let details { write(details, to: &writer) }
            guard let planning else { return }
            writer.key("timing")
            writer.object { writer in
                writer.member("planning", planning)
            }
        }
    }

    /// Sorted, so that machines with the same plan write the same bytes.
    private static func write(_ details: PlanDocument.Details, to writer: inout JSONWriter) {
        writer.key("details")
        writer.object { writer in
            writer.key("cuts")
            writer.object { writer in
                for (unit, pieces) in details.cuts.sorted(by: { $0.key < $1.key }) {
                    writer.key(dynamic: unit.rawValue)
                    writer.array(pieces) { $0.value($1.rawValue) }
                }
            }
            writer.key("tests")
            writer.object { writer in
                for (unit, tests) in details.tests.sorted(by: { $0.key < $1.key }) {
                    writer.key(dynamic: unit.rawValue)
                    writer.array(tests) { $0.value($1) }
                }
            }
        }
    }

    private static func writeFields(of plan: Plan, to writer: inout JSONWriter) {
        writer.member("id", plan.id)
        writer.key("nodes")
        writer.array(plan.nodes) { writer, node in write(node, to: &writer) }
        writer.member("makespan", plan.makespan)
        writer.member("lowerBound", plan.lowerBound)
        writer.key("unsatisfiable")
        writer.array(plan.unsatisfiable) { writer, unit in write(unit, to: &writer) }
        writer.key("inputs")
        write(plan.inputs, to: &writer)
    }

    private static func write(_ node: PlannedNode, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("index", node.index)
            writer.member("hardware", node.hardware.rawValue)
            writer.member("slots", node.slots)
            writer.member("estimate", node.estimate)
            writer.key("batches")
            writer.array(node.batches) { writer, batch in write(batch, to: &writer) }
        }
    }

    private static func write(_ batch: PlannedBatch, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", batch.id.rawValue)
            writer.member("suite", batch.suite.rawValue)
            writer.key("units")
            writer.array(batch.units) { writer, unit in writer.value(unit.rawValue) }
            writer.member("estimate", batch.estimate)
            writer.key("after")
            writer.array(batch.after) { writer, id in writer.value(id.rawValue) }
            if batch.isSerial {
                writer.member("serial", true)
            }
            if !batch.exclusive.isEmpty {
                writer.key("exclusive")
                writer.array(batch.exclusive) { writer, claim in
                    writer.object { writer in
                        writer.member("name", claim.name)
                        writer.member("count", claim.count)
                        writer.member("of", claim.capacity)
                    }
                }
            }
            if let requirement = batch.requirement {
                writer.member("requires", requirement)
            }
        }
    }

    private static func write(_ unit: UnsatisfiableUnit, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("unit", unit.unit.rawValue)
            writer.member("requirement", unit.requirement)
            writer.member("reason", unit.reason)
        }
    }

    private static func write(_ inputs: Plan.Inputs, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("commit", inputs.commit)
            writer.member("inventory", inputs.inventory)
            writer.member("history", inputs.history)
            writer.member("configuration", inputs.configuration)
        }
    }
}
