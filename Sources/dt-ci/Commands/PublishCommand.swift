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
        let results = try await results(in: configuration, surroundings)
        let desk = await PublishDesk.open(
            configuration.reporting, in: surroundings, results: configuration.storage.results,
            start: Int(Date().timeIntervalSince1970),
            delivery: dryRun ? .rehearsal : .live)
        let shared =
            files.isEmpty
            ? [LocalReport](in: configuration.storage.results, files: surroundings.files)
            : [LocalReport](
                try ReportPaths(files: surroundings.files).find(files).paths.map {
                    surroundings.workingDirectory.pushing(FilePath("\($0)"))
                }, files: surroundings.files)
        let lines = await desk.publisher.post(results, files: shared)
        for line in PublishLine.joined(lines) where !quiet || line.isRefused {
            FileDescriptor.standardError.say("\(dryRun ? "would be " : "")\(line)\n")
        }
        let isIncomplete = lines.contains(where: \.isRefused)
        throw Finish(isIncomplete && configuration.reporting.publish.delivery.isStrict ? .infrastructure : .passed)
    }

    /// The file's settings with the options laid over; suites don't matter here.
    private func configuration(in surroundings: Surroundings) throws -> Configuration {
        let location = try ConfigurationLocation(named: config, in: surroundings)
        let loader = ConfigurationLoader(files: surroundings.files, runners: TestRunners.all.map(\.id))
        return try loader.load(location, overrides: publish.overrides).configuration
    }

    private func results(in configuration: Configuration, _ surroundings: Surroundings) async throws -> RunResults {
        let named = files.isEmpty ? [configuration.storage.results.appending("results.json").string] : files
        let found = try ReportPaths(files: LocalFileSystem()).find(named)
        let set = ReportSet(
            reader: ReportReader(format: nil, temporaryDirectory: surroundings.temporaryDirectory), keepsTests: true,
            width: ThisMachine(files: surroundings.files).processors.processors)
        var reading = await set.read(found.paths)
        reading.results.warnings = found.missing + reading.results.warnings
        guard !found.paths.isEmpty, !reading.results.files.isEmpty || reading.results.totals.tests > 0 else {
            throw ReportFailure(
                files.isEmpty
                    ? "there are no results in \(configuration.storage.results); run `dt-ci run` first, or name reports"
                    : "no report could be read")
        }
        for warning in reading.results.warnings {
            FileDescriptor.standardError.say("warning: \(SafeText.line(warning))\n")
        }
        return reading.results
    }
}
