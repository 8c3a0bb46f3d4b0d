import ArgumentParser
import CICore
import Orchestrator
import SystemPackage
import TestHistory

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `dt-ci history`: what earlier runs have taught.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Shows, fills, prunes and exports what earlier runs have taught.",
        discussion: "Example: dt-ci history import --suite unit build/test-results/*.xml",
        subcommands: [
            HistoryImport.self, HistoryDurations.self, HistoryFlaky.self, HistorySlow.self, HistoryShow.self,
            HistoryPrune.self, HistoryExport.self,
        ])
}

/// Where the history is; every subcommand takes it.
struct HistoryPlace: ParsableArguments {
    @Option(
        name: .customLong("history"),
        help: ArgumentHelp(
            "The store (default: $DTCI_HISTORY, else sqlite:.dt-ci/history.db in the project).", valueName: "url"))
    var url: String?

    /// The nearest directory upwards that holds a `dt-ci.yml`, else the working directory.
    var root: FilePath {
        let files = LocalFileSystem()
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let working = getcwd(&buffer, buffer.count).map { FilePath(String(cString: $0)) } ?? "."
        var directory = working
        while !files.exists(directory.appending(Configuration.fileName)) {
            let parent = directory.removingLastComponent()
            guard !parent.isEmpty, parent != directory else { return working }
            directory = parent
        }
        return directory
    }

    /// The store, created where nothing is.
    func open() throws(HistoryError) -> any HistoryStore { try location().open() }

    /// The store as it is; nothing is created.
    func openExisting() throws(HistoryError) -> any HistoryStore { try location().openExisting() }

    private func location() throws(HistoryError) -> HistoryURL {
        let variable = getenv("DTCI_HISTORY").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        return try HistoryURL(url ?? variable ?? "sqlite:.dt-ci/history.db", root: root)
    }
}

/// What an answer is limited to and how it is shown.
struct HistorySelection: ParsableArguments {
    @Option(help: "Only this suite.")
    var suite: String?

    @Option(help: ArgumentHelp("Only this class of hardware.", valueName: "class"))
    var hardware: String?

    @Option(help: "At most so many lines; 0 shows all.")
    var limit = 20

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit cannot be negative") }
    }

    /// For the store.
    var query: HistoryQuery {
        HistoryQuery(
            suite: suite.map { SuiteName($0) }, hardware: hardware.map { HardwareClass($0) },
            limit: limit == 0 ? .max : limit)
    }
}
