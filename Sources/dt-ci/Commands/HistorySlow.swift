import ArgumentParser
import CICore
import TestHistory

/// `dt-ci history slow`: where the time goes.
struct HistorySlow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "slow", abstract: "Shows the tests that take longest.",
        discussion: "Example: dt-ci history slow --limit 10")

    @OptionGroup var place: HistoryPlace
    @OptionGroup var selection: HistorySelection

    func run() async throws {
        let timings = try place.openExisting().timings(selection.query)
        guard !selection.json else { return try write(timings) }
        var table = HistoryTable([
            .init(title: "TYPICAL", isNumeric: true), .init(title: "P99", isNumeric: true),
            .init(title: "RUNS", isNumeric: true), .init(title: "HARDWARE"), .init(title: "TEST"),
        ])
        for timing in timings {
            table.add(
                DurationText.short(timing.learnt.typical), DurationText.short(timing.learnt.upper),
                "\(timing.learnt.samples)", timing.hardware.rawValue, timing.id.rawValue)
        }
        try HistoryOutput.write(table.text)
    }

    private func write(_ timings: [TestTiming]) throws {
        try HistoryOutput.writeJSON("dt-ci/history-slow/v1") { writer in
            writer.key("tests")
            writer.array(timings) { writer, timing in
                writer.object { writer in
                    writer.key("id")
                    writer.value(timing.id.rawValue)
                    writer.key("container")
                    writer.value(timing.container)
                    writer.key("hardware")
                    writer.value(timing.hardware.rawValue)
                    writer.key("seconds")
                    writer.value(timing.learnt.typical)
                    writer.key("p99")
                    writer.value(timing.learnt.upper)
                    writer.key("samples")
                    writer.value(timing.learnt.samples)
                    writer.key("seenAt")
                    writer.value(HistoryOutput.time(timing.seenAt))
                }
            }
        }
    }
}
