import ArgumentParser
import CICore
import Orchestrator
import SystemPackage
import TestHistory

/// `dt-ci history`: what earlier runs have taught.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Shows, fills, prunes and exports what earlier runs have taught.",
        discussion: "Example: dt-ci history import --suite unit build/test-results/*.xml",
        subcommands: [
            HistoryImport.self, HistoryDurations.self, HistoryFlaky.self, HistorySlow.self, HistoryShow.self,
            HistoryOwners.self, HistoryPrune.self, HistoryExport.self,
        ])
}

/// Where the history is; every subcommand takes it.
struct HistoryPlace: ParsableArguments {
    @Option(help: "Where durations and outcomes of past runs are kept, as a URL (default: sqlite:.dt-ci/history.db).")
    var history: String?

    @Option(help: "Read this file instead of dt-ci.yml.", completion: .file(extensions: ["yml", "yaml"]))
    var config: String?

    /// The project that the history belongs to.
    func project(in surroundings: Surroundings = .live) throws -> HistoryProject {
        let location = try ConfigurationLocation(named: config, in: surroundings)
        let overrides = history.map { Override(.root, "history", $0, origin: EnvironmentOptions.origin(of: "history")) }
        guard location.file != nil else {
            let url = try HistoryURL(history ?? "sqlite:.dt-ci/history.db", root: location.root)
            return HistoryProject(root: location.root, url: url, suites: [])
        }
        let loader = ConfigurationLoader(in: surroundings)
        let configuration = try loader.load(location, overrides: overrides.map { [$0] } ?? []).configuration
        let url = try HistoryURL(configuration.storage.history, root: configuration.root)
        return HistoryProject(root: configuration.root, url: url, suites: configuration.suites)
    }

    /// The store as it is; nothing is created.
    func openExisting() throws -> any HistoryStore { try project().url.openExisting() }
}

/// What the configuration says that matters to the history.
struct HistoryProject {
    let root: FilePath
    let url: HistoryURL
    /// Those of the file; where there is none, tests are imported for suites that are yet to be proposed.
    let suites: [Suite]
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
