import ArgumentParser
import CICore
import TestHistory

/// `dt-ci history flaky`: which tests can't be believed.
struct HistoryFlaky: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flaky", abstract: "Shows tests that both failed and passed on one commit, flakiest first.",
        discussion: "Example: dt-ci history flaky --suite unit")

    @OptionGroup var place: HistoryPlace
    @OptionGroup var selection: HistorySelection

    func run() async throws {
        let tests = try place.openExisting().flaky(selection.query)
        guard !selection.json else { return try write(tests) }
        guard !tests.isEmpty else { return try HistoryOutput.write("no flaky tests\n") }
        var table = HistoryTable([
            .init(title: "RATE", isNumeric: true), .init(title: "FLAKY", isNumeric: true),
            .init(title: "RUNS", isNumeric: true), .init(title: "LAST SEEN"), .init(title: "TEST"),
        ])
        for test in tests {
            table.add(
                DurationText.decimal(test.rate * 100, places: 1) + " %", "\(test.flakyRuns)", "\(test.runs)",
                HistoryOutput.time(test.lastSeen), test.test.rawValue)
        }
        try HistoryOutput.write(table.text)
    }

    private func write(_ tests: [FlakyTest]) throws {
        try HistoryOutput.writeJSON("dt-ci/history-flaky/v1", "tests", of: tests) { writer, test in
            writer.member("id", test.test.rawValue)
            writer.member("runs", test.runs)
            writer.member("flakyRuns", test.flakyRuns)
            writer.member("rate", test.rate)
            writer.member("lastSeen", HistoryOutput.time(test.lastSeen))
        }
    }
}
