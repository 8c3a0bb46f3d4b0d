import ArgumentParser
import CICore
import TestHistory

/// `dt-ci history show TEST`: the life of one test.
struct HistoryShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows what became of a test in its last runs.",
        discussion: "Example: dt-ci history show 'unit::tests/test_cart.py::test_add'")

    @Argument(help: "A test's id, or a part that only one test's id holds.")
    var test: String

    @Option(help: "At most so many runs; 0 shows all.")
    var limit = 20

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var place: HistoryPlace

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit cannot be negative") }
    }

    func run() async throws {
        let store = try place.openExisting()
        let id = try find(in: store)
        let results = try store.results(of: id, limit: limit == 0 ? .max : limit)
        guard !json else { return try write(id, results) }
        try HistoryOutput.write("\(SafeText.line(id.rawValue))\n")
        var table = HistoryTable([
            .init(title: "STARTED"), .init(title: "OUTCOME"), .init(title: "ATTEMPTS", isNumeric: true),
            .init(title: "TIME", isNumeric: true), .init(title: "HARDWARE"), .init(title: "COMMIT"),
            .init(title: "RUN"),
        ])
        for result in results {
            table.add(
                HistoryOutput.time(result.run.startedAt), result.isFlaky ? "flaky" : result.outcome.rawValue,
                "\(result.attempts)", DurationText.short(result.duration), result.hardware.rawValue,
                result.run.commit.map { String($0.prefix(10)) } ?? "-",
                result.run.id.rawValue + (result.run.isComplete ? "" : " (partial)"))
        }
        try HistoryOutput.write(table.text)
    }

    private func find(in store: any HistoryStore) throws -> TestID {
        let found = try store.tests(matching: test, limit: 11)
        if found.count == 1 { return found[0] }
        let shown = SafeText.line(test, limit: 200)
        guard !found.isEmpty else { throw ValidationError("no test's id holds \"\(shown)\"") }
        let names = found.prefix(10).map { "  " + SafeText.line($0.rawValue, limit: 200) }
        let rest = found.count > 10 ? ["  …"] : []
        throw ValidationError(
            (["several tests' ids hold \"\(shown)\"; give more of the one:"] + names + rest).joined(separator: "\n"))
    }

    private func write(_ id: TestID, _ results: [PastResult]) throws {
        try HistoryOutput.writeJSON("dt-ci/history-test/v1") { writer in
            writer.member("id", id.rawValue)
            writer.key("results")
            writer.array(results) { writer, result in result.write(to: &writer) }
        }
    }
}

extension PastResult {
    /// As an object; a line of the export is the same with its test.
    func write(to writer: inout JSONWriter, withTest: Bool = false) {
        writer.object { writer in
            if withTest {
                writer.member("test", test.rawValue)
            }
            writer.member("outcome", outcome.rawValue)
            writer.member("flaky", isFlaky)
            writer.member("attempts", attempts)
            writer.member("seconds", duration)
            writer.member("hardware", hardware.rawValue)
            writer.member("run", run.id.rawValue)
            writer.member("startedAt", HistoryOutput.time(run.startedAt))
            writer.member("commit", run.commit)
            writer.member("branch", run.branch)
            writer.member("complete", run.isComplete)
        }
    }
}
