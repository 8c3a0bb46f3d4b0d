import CICore

/// A plan as text for people.
package struct PlanTable: Sendable {
    private static let mostRows = 40
    private let plan: Plan

    package init(of plan: Plan) { self.plan = plan }

    /// The batches of a single node, or the nodes of a larger plan, and the totals; safe to show.
    package func lines() -> [String] {
        let rows = plan.nodes.count == 1 ? batchRows() : nodeRows()
        var lines = Self.aligned(Array(rows.prefix(Self.mostRows + 1)))
        if rows.count > Self.mostRows + 1 { lines.append("… and \(rows.count - Self.mostRows - 1) more") }
        lines.append("")
        lines.append(summary())
        lines.append("plan \(plan.id)")
        lines += UnsatisfiablePlan(of: plan)?.lines ?? []
        return lines.map { SafeText.line($0, limit: 1000) }
    }

    /// Makespan over lower bound, with three decimals.
    static func ratio(_ plan: Plan) -> String {
        guard plan.lowerBound > .zero else { return "1.000" }
        return DurationText.decimal(plan.makespan.seconds / plan.lowerBound.seconds, places: 3)
    }

    private func summary() -> String {
        let batches = plan.nodes.reduce(0) { $0 + $1.batches.count }
        let units = plan.nodes.reduce(0) { $0 + $1.batches.reduce(0) { $0 + $1.units.count } }
        let slots = plan.nodes.reduce(0) { $0 + $1.slots }
        return "\(Count.of(units, "unit")) in \(Count.of(batches, "batch", "batches")) on \(Count.of(slots, "slot"))"
            + (plan.nodes.count > 1 ? " of \(plan.nodes.count) nodes" : "")
            + ": \(DurationText.short(plan.makespan)) expected, lower bound \(DurationText.short(plan.lowerBound)) "
            + "(× \(Self.ratio(plan)))"
    }

    private func batchRows() -> [[String]] {
        let batches = plan.nodes.flatMap(\.batches)
        let waits = batches.contains { !$0.after.isEmpty }
        let header = ["batch", "suite", "units", "estimate"] + (waits ? ["after"] : []) + ["first unit"]
        return [header]
            + batches.map { batch in
                let after = batch.after.prefix(4).map(\.rawValue).joined(separator: " ")
                let rest = batch.after.count > 4 ? " … \(batch.after.count - 4) more" : ""
                return [
                    batch.id.rawValue, batch.suite.rawValue + (batch.isSerial ? " (alone)" : ""),
                    "\(batch.units.count)", DurationText.short(batch.estimate),
                ] + (waits ? [after + rest] : []) + [batch.units.first?.rawValue ?? ""]
            }
    }

    private func nodeRows() -> [[String]] {
        let header = ["node", "hardware", "slots", "batches", "units", "estimate"]
        return [header]
            + plan.nodes.map { node in
                [
                    "\(node.index)", node.hardware.rawValue, "\(node.slots)", "\(node.batches.count)",
                    "\(node.batches.reduce(0) { $0 + $1.units.count })", DurationText.short(node.estimate),
                ]
            }
    }

    /// Columns as wide as their widest cell; safe to show.
    static func aligned(_ rows: [[String]]) -> [String] {
        let safe = rows.map { row in row.map { SafeText.line($0, limit: 200) } }
        let columns = safe.first?.count ?? 0
        let widths = (0..<columns).map { column in safe.map { $0[column].count }.max() ?? 0 }
        return safe.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                if column < columns - 1 { line += String(repeating: " ", count: widths[column] - cell.count + 2) }
            }
            return line
        }
    }
}
