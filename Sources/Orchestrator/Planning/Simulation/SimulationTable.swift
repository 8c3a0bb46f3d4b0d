package import CICore

/// A study as text and JSON.
package struct SimulationTable: Sendable {
    /// The `schema` of the document.
    package static let schema = "dt-ci/simulation/v1"

    private let scenario: SimulationScenario
    private let rows: [SimulationStudy.Row]
    private let draws: Int

    package init(_ rows: [SimulationStudy.Row], of scenario: SimulationScenario, draws: Int) {
        self.rows = rows
        self.scenario = scenario
        self.draws = draws
    }

    /// What was simulated, a line for each way of serving, and what the columns are.
    package func lines() -> [String] {
        let hasFailures = rows.contains { $0.firstFailure != nil }
        let hasDeadline = rows.contains { $0.inTime != nil }
        var header = ["", "mean", "worst", "wall"]
        if hasFailures { header.append("first failure") }
        if hasDeadline { header.append("in time") }
        let cells = rows.map { row in
            var cells = [row.title, Self.ratio(row.mean), Self.ratio(row.worst), DurationText.short(row.wall)]
            if hasFailures { cells.append(row.firstFailure.map(DurationText.short) ?? "") }
            if hasDeadline { cells.append(row.inTime.map { DurationText.decimal($0 * 100, places: 1) + " %" } ?? "") }
            return cells
        }
        return [heading(), ""] + PlanTable.aligned([header] + cells)
            + ["", "mean, worst: wall time × what nothing can beat, over \(Count.of(draws, "draw"))"]
    }

    private func heading() -> String {
        let suite = scenario.suite
        let fleet = scenario.fleet
        let weather = scenario.weather
        var parts = [
            "\(Count.of(suite.tests, "test")) (\(suite.durations.name)) on \(Count.of(fleet.nodes, "node"))"
                + (fleet.slots == 1 ? "" : " of \(fleet.slots) slots")
        ]
        if suite.scarce > 0 {
            parts.append("\(Self.percent(suite.scarce)) of them only on \(Count.of(fleet.scarce, "node"))")
        }
        if suite.start > .zero { parts.append("\(DurationText.short(suite.start)) for each batch") }
        parts.append("durations off by σ = \(Self.number(weather.noise))")
        parts.append("nodes join over \(DurationText.short(weather.skew))")
        parts.append("their speeds differ by σ = \(Self.number(weather.speeds))")
        if weather.failures > 0 { parts.append("\(Self.percent(weather.failures)) fail") }
        if weather.preemptions > 0 {
            parts.append("a node goes away \(Self.number(weather.preemptions)) times an hour")
        }
        if let deadline = scenario.deadline { parts.append("deadline \(DurationText.short(deadline))") }
        return parts.joined(separator: ", ")
    }

    private static func ratio(_ value: Double) -> String { "× " + DurationText.decimal(value, places: 3) }
    private static func percent(_ share: Double) -> String { number(share * 100) + " %" }

    private static func number(_ value: Double) -> String {
        value == value.rounded() ? DurationText.decimal(value, places: 0) : DurationText.decimal(value, places: 2)
    }

    /// The whole document as an object.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("schema", Self.schema)
            writer.member("tests", scenario.suite.tests)
            writer.member("durations", scenario.suite.durations.name)
            writer.member("nodes", scenario.fleet.nodes)
            writer.member("slots", scenario.fleet.slots)
            writer.member("draws", draws)
            writer.key("rows")
            writer.array(rows) { writer, row in
                writer.object { writer in
                    writer.member("serving", row.title)
                    writer.member("mean", row.mean)
                    writer.member("worst", row.worst)
                    writer.member("wall", row.wall)
                    writer.member("firstFailure", row.firstFailure)
                    writer.member("inTime", row.inTime)
                }
            }
        }
    }
}
