import CICore
import Orchestrator
import SystemPackage

/// What `--dry-run` prints: every batch with the process that would be started for it.
struct DryRun {
    let planned: PlannedRun
    /// The directory that results would go to.
    let place: FilePath

    /// A block for each batch, in the order in which the slots would take them.
    func text() throws -> String {
        let units = planned.unitsByID()
        let suites = Dictionary(planned.suites.map { ($0.suite.name, $0) }) { first, _ in first }
        var lines = [
            "plan \(planned.plan.id.prefix(12)): \(counted(units.count, "unit")), "
                + "about \(DurationText.short(planned.plan.makespan))"
        ]
        for batch in planned.plan.nodes.flatMap(\.batches) {
            guard let suite = suites[batch.suite] else { continue }
            let members = batch.units.compactMap { units[$0] }
            let root = place.appending("runs").appending("RUN").appending("batches").appending(batch.id.rawValue)
            let invocation = try suite.runner.invocation(
                for: members, of: suite.suite, in: BatchPlace(root: root))
            lines.append("")
            lines.append(
                "batch \(batch.id), suite \(batch.suite), \(counted(members.count, "unit")), "
                    + "about \(DurationText.short(batch.estimate)), in \(suite.suite.workingDirectory)"
                    + (batch.after.isEmpty ? "" : ", after \(batch.after.map(\.rawValue).joined(separator: ", "))"))
            lines += invocation.environment.sorted { $0.key < $1.key }.map {
                "    \($0.key)=\(CommandLineText.shellShown($0.value))"
            }
            lines.append("    " + invocation.arguments.map(CommandLineText.shellShown).joined(separator: " "))
            lines += (invocation.standardInput.map { String(decoding: $0, as: UTF8.self) } ?? "")
                .split(separator: "\n").map { "    < \(SafeText.line(String($0)))" }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
