import ArgumentParser
import Artifacts
import CICore
import Orchestrator
import Reporting
import SystemPackage

import struct FoundationEssentials.Date

/// `dt-ci publish`: results to the forge and the CI service.
struct PublishCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Post results: verdict on the commit, pull request comment, annotations, job summary.",
        discussion: """
            Takes reports of any kind, and without any the results of the last run here. What cannot be posted is one \
            line with the permission to add, and no error unless --strict is given (exit code 4).

              dt-ci publish
              dt-ci publish 'build/**/TEST-*.xml' --publish-name unit --dry-run
            """)

    @Argument(help: "Report files, directories and globs; none = the results of the last run.")
    var files: [String] = []

    @Option(help: "Read this file instead of dt-ci.yml.", completion: .file(extensions: ["yml", "yaml"]))
    var config: String?

    @OptionGroup var publish: PublishOptions

    @Flag(help: "Show the exact requests, tokens masked, and send nothing.")
    var dryRun = false

    @Flag(name: .shortAndLong, help: "Only what could not be posted.")
    var quiet = false

    func run() async throws {
        let surroundings = Surroundings.live
        let configuration = try configuration(in: surroundings)
        var results = try await ReportedResults(surroundings: surroundings, place: configuration.storage.results)
            .read(files)
        let desk = await PublishDesk.open(
            configuration.reporting, in: surroundings, results: configuration.storage.results,
            start: Int(Date().timeIntervalSince1970),
            delivery: dryRun ? .rehearsal : .live)
        // Reports of other tools know nothing of earlier runs; what dt-ci ran has been compared.
        let isMere = results.verdict == nil
        if isMere, !dryRun, configuration.storage.baseline == .auto,
            case .baseline(let baseline) = await desk.publisher.remembered()
        {
            results.comparison = Comparison(of: results, with: baseline, isWhole: false)
        }
        let shared =
            files.isEmpty
            ? [LocalReport](in: configuration.storage.results, files: surroundings.files)
            : [LocalReport](
                try ReportPaths(files: surroundings.files).find(files).paths.map {
                    surroundings.workingDirectory.pushing(FilePath("\($0)"))
                }, files: surroundings.files)
        let lines = await desk.publisher.post(results, files: shared, isWhole: isMere)
        for line in PublishLine.joined(lines) where !quiet || line.isRefused {
            FileDescriptor.standardError.say("\(dryRun ? "would be " : "")\(line)\n")
        }
        let isIncomplete = lines.contains(where: \.isRefused)
        throw Finish(isIncomplete && configuration.reporting.publish.delivery.isStrict ? .infrastructure : .passed)
    }

    /// The file's settings with the options laid over; suites don't matter here.
    private func configuration(in surroundings: Surroundings) throws -> Configuration {
        let location = try ConfigurationLocation(named: config, in: surroundings)
        let loader = ConfigurationLoader(in: surroundings)
        return try loader.load(location, overrides: publish.overrides).configuration
    }
}
