package import CICore

/// The `dt-ci/plan/v1` document.
///
/// A batch has the key `serial` only where it is true: it came after the first readers, which ignore it.
package enum PlanV1 {
    /// The `schema` of the documents written here.
    package static let schema = "dt-ci/plan/v1"

    /// The whole document as an object; how long planning took is told under `timing` and is no part of the plan.
    package static func write(_ plan: Plan, planning: Duration? = nil, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("schema")
            writer.value(schema)
            writeFields(of: plan, to: &writer)
            guard let planning else { return }
            writer.key("timing")
            writer.object { writer in
                writer.key("planning")
                writer.value(planning)
            }
        }
    }

    private static func writeFields(of plan: Plan, to writer: inout JSONWriter) {
        writer.key("id")
        writer.value(plan.id)
        writer.key("nodes")
        writer.array(plan.nodes) { writer, node in write(node, to: &writer) }
        writer.key("makespan")
        writer.value(plan.makespan)
        writer.key("lowerBound")
        writer.value(plan.lowerBound)
        writer.key("unsatisfiable")
        writer.array(plan.unsatisfiable) { writer, unit in write(unit, to: &writer) }
        writer.key("inputs")
        write(plan.inputs, to: &writer)
    }

    private static func write(_ node: PlannedNode, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("index")
            writer.value(node.index)
            writer.key("hardware")
            writer.value(node.hardware.rawValue)
            writer.key("slots")
            writer.value(node.slots)
            writer.key("estimate")
            writer.value(node.estimate)
            writer.key("batches")
            writer.array(node.batches) { writer, batch in write(batch, to: &writer) }
        }
    }

    private static func write(_ batch: PlannedBatch, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("id")
            writer.value(batch.id.rawValue)
            writer.key("suite")
            writer.value(batch.suite.rawValue)
            writer.key("units")
            writer.array(batch.units) { writer, unit in writer.value(unit.rawValue) }
            writer.key("estimate")
            writer.value(batch.estimate)
            writer.key("after")
            writer.array(batch.after) { writer, id in writer.value(id.rawValue) }
            if batch.isSerial {
                writer.key("serial")
                writer.value(true)
            }
        }
    }

    private static func write(_ unit: UnsatisfiableUnit, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("unit")
            writer.value(unit.unit.rawValue)
            writer.key("requirement")
            writer.value(unit.requirement)
            writer.key("reason")
            writer.value(unit.reason)
        }
    }

    private static func write(_ inputs: Plan.Inputs, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("commit")
            writer.value(inputs.commit)
            writer.key("inventory")
            writer.value(inputs.inventory)
            writer.key("history")
            writer.value(inputs.history)
            writer.key("configuration")
            writer.value(inputs.configuration)
        }
    }
}
