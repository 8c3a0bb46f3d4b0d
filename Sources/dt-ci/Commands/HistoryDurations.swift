import ArgumentParser
import CICore
import TestHistory

/// `dt-ci history durations`: what the next plan will expect.
struct HistoryDurations: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "durations", abstract: "Shows how long each file, class or package is expected to take.",
        discussion: "Example: dt-ci history durations --suite unit --limit 10")

    @OptionGroup var place: HistoryPlace
    @OptionGroup var selection: HistorySelection

    func run() async throws {
        var query = selection.query
        query.limit = .max
        let timings = try place.openExisting().timings(query)
        let groups = Dictionary(grouping: timings) { Group(suite: $0.suite, hardware: $0.hardware) }
        let rows = groups.flatMap { group, timings in Self.rows(of: group, timings) }.sorted()
        let shown = rows.prefix(selection.query.limit)
        guard !selection.json else { return try write(shown) }
        var table = HistoryTable([
            .init(title: "EXPECTED", isNumeric: true), .init(title: "AT MOST", isNumeric: true),
            .init(title: "TESTS", isNumeric: true), .init(title: "RUNS", isNumeric: true), .init(title: "HARDWARE"),
            .init(title: "SUITE"), .init(title: "FILE"),
        ])
        for row in shown {
            table.add(
                DurationText.short(row.expected), DurationText.short(row.limit), "\(row.tests)", "\(row.samples)",
                row.group.hardware.rawValue, row.group.suite.rawValue, row.container)
        }
        try HistoryOutput.write(table.text)
        if shown.count < rows.count { try HistoryOutput.note("\(rows.count - shown.count) more; --limit 0 shows all") }
    }

    private func write(_ rows: ArraySlice<Row>) throws {
        try HistoryOutput.writeJSON("dt-ci/history-durations/v1", "durations", of: rows) { writer, row in
            writer.member("suite", row.group.suite.rawValue)
            writer.member("hardware", row.group.hardware.rawValue)
            writer.member("container", row.container)
            writer.member("seconds", row.expected)
            writer.member("limit", row.limit)
            writer.member("tests", row.tests)
            writer.member("samples", row.samples)
        }
    }

    private static func rows(of group: Group, _ timings: [TestTiming]) -> [Row] {
        let model = DurationModel(suite: group.suite, timings: timings)
        return Dictionary(grouping: timings, by: \.container).map { container, tests in
            let estimate = model.estimate(container: container, default: .zero)
            let samples = tests.map(\.learnt.samples).min() ?? 0
            return Row(
                group: group, container: container, expected: estimate.duration,
                limit: model.upperBound(container: container) ?? estimate.duration, tests: tests.count, samples: samples
            )
        }
    }

    private struct Group: Hashable {
        var suite: SuiteName
        var hardware: HardwareClass
    }

    private struct Row: Comparable {
        var group: Group
        var container: String
        var expected: Duration
        var limit: Duration
        var tests: Int
        var samples: Int

        /// Longest first, then by name.
        static func < (left: Row, right: Row) -> Bool {
            if left.expected != right.expected { return left.expected > right.expected }
            return (left.group.suite, left.container, left.group.hardware)
                < (right.group.suite, right.container, right.group.hardware)
        }
    }
}
