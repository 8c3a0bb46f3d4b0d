import ArgumentParser
import CICore
import TestHistory

/// `dt-ci history export`: everything, for other tools.
struct HistoryExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Prints every result that is kept, oldest first.",
        discussion:
            "JSON lines begin with a line that holds the schema. Example: dt-ci history export --format csv > h.csv")

    /// How it is written.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case jsonl
        case csv
    }

    @Option(help: "jsonl or csv.")
    var format = Format.jsonl

    @Option(help: "Only this suite.")
    var suite: String?

    @Option(help: "At most so many results; 0 prints all.")
    var limit = 0

    @OptionGroup var place: HistoryPlace

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit cannot be negative") }
    }

    func run() async throws {
        let query = HistoryQuery(suite: suite.map { SuiteName($0) }, limit: limit == 0 ? .max : limit)
        let store = try place.openExisting()
        switch format {
        case .jsonl: try writeLines(of: store, query)
        case .csv: try writeTable(of: store, query)
        }
    }

    private func writeLines(of store: any HistoryStore, _ query: HistoryQuery) throws {
        try HistoryOutput.writeJSON("dt-ci/history-export/v1") { _ in }
        var writer = JSONWriter(capacity: Self.chunk * 2)
        try store.forEachResult(query) { result in
            result.write(to: &writer, withTest: true)
            writer.endLine()
            if writer.bytes.count >= Self.chunk { try HistoryOutput.write(writer.drain()) }
        }
        try HistoryOutput.write(writer.bytes)
    }

    private func writeTable(of store: any HistoryStore, _ query: HistoryQuery) throws {
        var text = "test,outcome,flaky,attempts,seconds,hardware,run,startedAt,commit,branch,complete\r\n"
        try store.forEachResult(query) { result in
            text +=
                [
                    result.test.rawValue, result.outcome.rawValue, "\(result.isFlaky)", "\(result.attempts)",
                    DurationText.decimal(result.duration.seconds, places: 6), result.hardware.rawValue,
                    result.run.id.rawValue, HistoryOutput.time(result.run.startedAt), result.run.commit ?? "",
                    result.run.branch ?? "", "\(result.run.isComplete)",
                ].map(CSVField.quoted).joined(separator: ",") + "\r\n"
            if text.utf8.count >= Self.chunk {
                try HistoryOutput.write(text)
                text = ""
            }
        }
        try HistoryOutput.write(text)
    }

    private static let chunk = 64 << 10
}

/// A field of RFC 4180.
enum CSVField {
    /// Quoted where it must be; what a spreadsheet would take for a formula is led in by an apostrophe (OWASP, "CSV
    /// injection"), since names of tests are anybody's.
    static func quoted(_ text: String) -> String {
        let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        guard safe.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return safe }
        return "\"" + safe.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
