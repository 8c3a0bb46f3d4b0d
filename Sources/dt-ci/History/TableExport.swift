import Artifacts
import CICore
import Orchestrator
import SystemPackage
import TestHistory

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes the tables of a history where other tools read them; every file appears whole or not at all.
struct TableExport {
    let store: any HistoryStore
    /// `nil` = nobody says whose tests they are.
    let owners: TestOwners?
    let surroundings: Surroundings

    private static let chunk = 256 << 10

    /// One document with all tables.
    func writeDocument(_ write: ([UInt8]) throws -> Void) throws {
        var bytes = Array("{\"schema\":\"dt-ci/history-tables/v1\"".utf8)
        var left = ExportTable.allCases[...]
        var open: ExportTable?
        /// Ends the table before and begins those up to this one.
        func begin(_ table: ExportTable) {
            while open != table, let next = left.popFirst() {
                bytes += Array("\(open == nil ? "" : "]"),\"\(next.rawValue)\":[".utf8)
                open = next
            }
        }
        try rows { table, cells in
            if open == table { bytes.append(UInt8(ascii: ",")) } else { begin(table) }
            var row = JSONWriter(capacity: 512)
            row.row(cells, of: table)
            bytes += row.bytes
            guard bytes.count >= Self.chunk else { return }
            try write(bytes)
            bytes.removeAll(keepingCapacity: true)
        }
        if let last = ExportTable.allCases.last { begin(last) }
        try write(bytes + Array("]}\n".utf8))
    }

    /// A directory with a CSV for each table, and for programs the script that types them.
    func writeDirectory(_ directory: FilePath, _ dialect: TableText.Dialect) throws {
        try staged(beside: directory) { stage in
            try writeFiles(to: stage, dialect)
            try surroundings.files.createDirectory(directory)
            for name in try surroundings.files.entries(of: stage).map(\.name) {
                try Self.move(stage.appending(name), to: directory.appending(name))
            }
        }
    }

    /// A copy of the database itself.
    func writeCopy(_ file: FilePath) throws {
        try staged(beside: file) { stage in
            try store.copy(to: stage.appending("copy.db"))
            try Self.move(stage.appending("copy.db"), to: file)
        }
    }

    /// A DuckDB database with typed tables and views, made by DuckDB's own program.
    func writeDuckDB(_ file: FilePath) async throws {
        let program = try duckDB()
        let stage = Self.stage(beside: file)
        try surroundings.files.createDirectory(stage)
        defer {
            // Only what was made here; a leftover hides itself.
            try? surroundings.files.remove(stage)
        }
        try writeFiles(to: stage, .typed)
        let command = ProcessCommand(
            [program.string, "-no-init", "-batch", "-bail", "history.duckdb", "-f", "schema.sql"],
            environment: surroundings.environment, workingDirectory: stage)
        let result = try await LocalProcesses().capture(command, limit: 64 << 10, timeout: .seconds(3600))
        guard result.exit.isSuccess else {
            let words = String(decoding: result.standardError + result.standardOutput, as: UTF8.self)
            throw ReportFailure(
                "duckdb could not load the tables (\(result.exit)): \(SafeText.block(words, limit: 2000))")
        }
        try Self.move(stage.appending("history.duckdb"), to: file)
    }

    private func duckDB() throws -> FilePath {
        guard let program = LocalProcesses().locate("duckdb", path: surroundings.environment["PATH"] ?? "") else {
            throw ReportFailure(
                "there is no duckdb in PATH: install it with `pip install duckdb-cli` or from https://duckdb.org, or take "
                    + "--format parquet-csv, whose schema.sql loads the same tables anywhere")
        }
        return program
    }

    private func writeFiles(to stage: FilePath, _ dialect: TableText.Dialect) throws {
        let text = TableText(dialect: dialect)
        for table in ExportTable.allCases {
            try surroundings.files.write(text.head(of: table), to: stage.appending("\(table.rawValue).csv"))
        }
        var open: (table: ExportTable, file: FileDescriptor)?
        // What is not closed here ends with the process; every write was checked already.
        defer { try? open?.file.close() }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.chunk * 2)
        try rows { table, cells in
            if open?.table != table {
                try open?.file.writeAll(bytes)
                bytes.removeAll(keepingCapacity: true)
                try open?.file.close()
                open = nil
                let path = stage.appending("\(table.rawValue).csv")
                open = (table, try FileDescriptor.open(path, .writeOnly, options: [.append, .closeOnExec]))
            }
            text.append(cells, of: table, to: &bytes)
            guard bytes.count >= Self.chunk else { return }
            try open?.file.writeAll(bytes)
            bytes.removeAll(keepingCapacity: true)
        }
        try open?.file.writeAll(bytes)
        guard dialect == .typed else { return }
        try surroundings.files.write(Array(ExportScript.text.utf8), to: stage.appending("schema.sql"))
    }

    /// Every row of every table, with what is known of owners.
    private func rows(_ body: (ExportTable, [ExportCell]) throws -> Void) throws {
        try store.export(ExportTable.allCases) { table, cells in
            guard table == .tests else { return try body(table, cells) }
            var names: [String] = []
            if let owners, case .text(let suite) = cells[1], case .text(let container) = cells[3] {
                names = owners.owners(ofSuite: SuiteName(suite), container: container)
            }
            try body(table, cells + [names.isEmpty ? .null : .text(names.joined(separator: " "))])
        }
    }

    /// On the same file system as the goal, so that what is whole can be put in its place.
    private static func stage(beside path: FilePath) -> FilePath {
        let name = path.lastComponent?.string ?? "export"
        return path.removingLastComponent().appending(".\(name).\(getpid()).tmp")
    }

    private func staged(beside path: FilePath, _ body: (FilePath) throws -> Void) throws {
        let stage = Self.stage(beside: path)
        try surroundings.files.createDirectory(stage)
        defer {
            // Only what was made here; a leftover hides itself.
            try? surroundings.files.remove(stage)
        }
        try body(stage)
    }

    private static func move(_ from: FilePath, to path: FilePath) throws(FileError) {
        guard rename(from.string, path.string) == 0 else {
            throw FileError(path: path, operation: "write", errno: Errno(rawValue: errno))
        }
    }
}
