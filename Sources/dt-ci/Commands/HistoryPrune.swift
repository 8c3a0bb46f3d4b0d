import ArgumentParser
import CICore
import TestHistory

/// `dt-ci history prune`: forgets what is old.
struct HistoryPrune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Forgets old results and gives the space back.",
        discussion:
            "Runs bound the history by themselves; this bounds it tighter. Example: dt-ci history prune --keep 20")

    @Option(help: "Results to keep of each test on each class of hardware.")
    var keep = HistoryPolicy().resultsPerTest

    @Option(help: "Runs to keep.")
    var runs = HistoryPolicy().runs

    @OptionGroup var place: HistoryPlace

    func validate() throws {
        guard keep > 0, runs > 0 else { throw ValidationError("--keep and --runs must be at least 1") }
    }

    func run() async throws {
        let forgotten = try place.openExisting().prune(HistoryPolicy(resultsPerTest: keep, runs: runs))
        try HistoryOutput.write("\(forgotten) results forgotten\n")
    }
}
