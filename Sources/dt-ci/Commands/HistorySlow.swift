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
        try HistoryOutput.writeJSON("dt-ci/history-slow/v1", "tests", of: timings) { writer, timing in
            writer.member("id", timing.id.rawValue)
            writer.member("container", timing.container)
            writer.member("hardware", timing.hardware.rawValue)
            writer.member("seconds", timing.learnt.typical)
            writer.member("p99", timing.learnt.upper)
            writer.member("samples", timing.learnt.samples)
            writer.member("seenAt", HistoryOutput.time(timing.seenAt))
        }
    }
}
