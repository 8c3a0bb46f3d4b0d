import ArgumentParser
import Artifacts
import CICore
import SystemPackage
import TestHistory

/// `dt-ci history export`: everything, for other tools.
struct HistoryExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Gives everything that is kept to other tools, oldest first.",
        discussion: """
            jsonl and csv print every result. json is one document, csv with --output a directory with a file for each of \
            the tables runs, nodes, tests, attempts, hardware, machines and artifacts; parquet-csv is the same for programs, typed by \
            the schema.sql beside it, which also holds views of flaky, slow and failing tests, by day and by owner. sqlite \
            is a copy of the database; duckdb is made by DuckDB's own program (pip install duckdb-cli).

              dt-ci history export --format csv > results.csv
              dt-ci history export --format duckdb --output history.duckdb
            """)

    /// How it is written.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case jsonl
        case json
        case csv
        case parquetCSV = "parquet-csv"
        case sqlite
        case duckdb

        /// Whether it cannot go to standard output.
        fileprivate var needsPath: Bool { self == .parquetCSV || self == .sqlite || self == .duckdb }
    }

    @Option(help: "\(Format.allCases.map(\.rawValue).joined(separator: ", ")).")
    var format = Format.jsonl

    @Option(
        name: .shortAndLong,
        help:
            "Write to this file, or for csv and parquet-csv to this directory, where files of the same names are replaced."
    )
    var output: String?

    @Option(help: "Only this suite; for jsonl, and for csv without --output.")
    var suite: String?

    @Option(help: "At most so many results; 0 prints all; for jsonl, and for csv without --output.")
    var limit = 0

    @OptionGroup var ownership: OwnerOptions
    @OptionGroup var place: HistoryPlace

    /// Whether results are listed, and not the tables given.
    private var isListing: Bool { format == .jsonl || format == .csv && output == nil }

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit cannot be negative") }
        guard output != nil || !format.needsPath else {
            throw ValidationError("--format \(format.rawValue) needs --output")
        }
        guard isListing || suite == nil && limit == 0 else {
            throw ValidationError("--suite and --limit are for lists of results: jsonl, or csv without --output")
        }
    }

    func run() async throws {
        let surroundings = Surroundings.live
        let project = try place.project(in: surroundings)
        let store = try project.url.openExisting()
        guard !isListing else { return try list(store) }
        let export = TableExport(
            store: store, owners: try ownership.find(of: project, in: surroundings)?.tests, surroundings: surroundings)
        guard let output else { return try export.writeDocument(HistoryOutput.write) }
        let path = surroundings.workingDirectory.pushing(FilePath(output)).lexicallyNormalized()
        guard path != project.url.path.lexicallyNormalized() else {
            throw ReportFailure("\(SafeText.line(output)) is the history itself")
        }
        switch format {
        case .json: try whole(path) { write in try export.writeDocument(write) }
        case .csv: try export.writeDirectory(path, .spreadsheet)
        case .parquetCSV: try export.writeDirectory(path, .typed)
        case .sqlite: try export.writeCopy(path)
        case .duckdb: try await export.writeDuckDB(path)
        case .jsonl: break
        }
    }

    private func list(_ store: any HistoryStore) throws {
        let query = HistoryQuery(suite: suite.map { SuiteName($0) }, limit: limit == 0 ? .max : limit)
        guard let output else { return try write(store, query, HistoryOutput.write) }
        let path = Surroundings.live.workingDirectory.pushing(FilePath(output))
        try whole(path) { write in try self.write(store, query, write) }
    }

    private func write(_ store: any HistoryStore, _ query: HistoryQuery, _ write: ([UInt8]) throws -> Void) throws {
        if format == .csv {
            try writeTable(of: store, query, write)
        } else {
            try writeLines(of: store, query, write)
        }
    }

    /// A file that is there when all of it is written.
    private func whole(_ path: FilePath, _ body: (([UInt8]) throws -> Void) throws -> Void) throws {
        try Surroundings.live.files.createDirectory(path.removingLastComponent())
        var file = try AtomicFile(path)
        try body { try file.append($0) }
        try file.commit()
    }

    private func writeLines(
        of store: any HistoryStore, _ query: HistoryQuery, _ write: ([UInt8]) throws -> Void
    ) throws {
        var writer = JSONWriter(capacity: Self.chunk * 2)
        writer.object { $0.member("schema", "dt-ci/history-export/v1") }
        writer.endLine()
        try store.forEachResult(query) { result in
            result.write(to: &writer, withTest: true)
            writer.endLine()
            if writer.bytes.count >= Self.chunk { try write(writer.drain()) }
        }
        try write(writer.bytes)
    }

    private func writeTable(
        of store: any HistoryStore, _ query: HistoryQuery, _ write: ([UInt8]) throws -> Void
    ) throws {
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
                try write(Array(text.utf8))
                text = ""
            }
        }
        try write(Array(text.utf8))
    }

    private static let chunk = 64 << 10
}

/// A field of RFC 4180.
enum CSVField {
    /// Quoted where it must be; what a spreadsheet would take for a formula is led in by an apostrophe (OWASP, "CSV
    /// injection"), since names of tests are anybody's.
    static func quoted(_ text: String) -> String {
        // Bytes, since a mark that follows makes another character of it.
        let isFormula = text.utf8.first.map { "=+-@\t\r\n".utf8.contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        guard safe.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return safe }
        return "\"" + safe.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
