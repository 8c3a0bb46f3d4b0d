import ArgumentParser
import Artifacts
import CICore
import CIProviders
import Orchestrator
import Reporting
import SystemPackage

import struct FoundationEssentials.Date

/// `dt-ci badge`: one badge as SVG or as JSON.
struct BadgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "badge",
        abstract: "Draw a badge of the last run's results, of a coverage report, or with words of your own.",
        discussion: """
            The SVG goes to standard output, or to --output. --json writes the document that shields.io's endpoint badge \
            reads instead; --from draws such a document.

              dt-ci badge tests --output tests.svg
              dt-ci badge coverage --coverage build/coverage.xml --style for-the-badge
              dt-ci badge status --place branch
              dt-ci badge --label docs --message latest --color blue
            """)

    @Argument(help: "What to say of the results: \(BadgeFact.allCases.map(\.rawValue).joined(separator: ", ")).")
    var fact: BadgeFact?

    @Option(help: "Reports to take the results from; may be repeated; none = the results of the last run.")
    var report: [String] = []

    @Option(help: "A coverage report: Cobertura, JaCoCo, LCOV, llvm-cov's JSON or Go's profile.", completion: .file())
    var coverage: String?

    @Option(help: "Draw the endpoint badge in this JSON file.", completion: .file())
    var from: String?

    @Option(help: "Read this file instead of dt-ci.yml.", completion: .file(extensions: ["yml", "yaml"]))
    var config: String?

    @OptionGroup(title: "The badge") var look: BadgeOptions

    @Flag(help: "Write endpoint JSON (schemaVersion 1) instead of SVG.")
    var json = false

    @Option(name: .shortAndLong, help: "Write to this file, in one step, instead of standard output.")
    var output: String?

    @Option(
        help: """
            Put the SVG where others can fetch it; may be repeated: \
            \(BadgePlace.allCases.map(\.rawValue).joined(separator: ", ")).
            """)
    var place: [BadgePlace] = []

    @Flag(help: "With --place: show the exact requests, tokens masked, and send nothing.")
    var dryRun = false

    func validate() throws {
        let sources = [fact != nil, from != nil, look.message != nil && fact == nil].count { $0 }
        guard sources == 1 else {
            throw ValidationError(
                sources == 0
                    ? "what to say is missing: a fact such as `tests`, or --message, or --from"
                    : "a fact, --message and --from exclude each other")
        }
        guard fact == .coverage || coverage == nil else { throw ValidationError("--coverage is for `badge coverage`") }
        guard fact != .coverage || coverage != nil else {
            throw ValidationError("`badge coverage` needs the report: --coverage FILE")
        }
    }

    func run() async throws {
        let surroundings = Surroundings.live
        let drawn = try look.drawable(
            look.applied(to: try await endpoint(in: surroundings)), files: surroundings.files,
            in: surroundings.workingDirectory)
        let bytes = json ? drawn.json : drawn.badge.svg()
        if let output {
            var file = try AtomicFile(FilePath(output))
            try file.append(bytes)
            try file.commit()
        } else if place.isEmpty {
            try FileDescriptor.standardOutput.writeAll(bytes)
        }
        if !place.isEmpty { try await put(bytes, in: surroundings) }
    }

    /// What cannot be put somewhere is a line and no error, unless the configuration is strict.
    private func put(_ bytes: [UInt8], in surroundings: Surroundings) async throws {
        let configuration = try configuration(in: surroundings)
        let desk = await PublishDesk.open(
            configuration.reporting, in: surroundings, results: configuration.storage.results,
            start: Int(Date().timeIntervalSince1970), delivery: dryRun ? .rehearsal : .live)
        let path = surroundings.workingDirectory.pushing(
            FilePath(output ?? "\(fact?.rawValue ?? "badge").\(json ? "json" : "svg")"))
        let badge = LocalReport(
            path: path.string,
            shared: SharedFile(
                name: path.lastComponent?.string ?? "badge.svg", content: .bytes(bytes),
                mediaType: json ? "application/json" : "image/svg+xml"))
        var lines: [PublishLine] = []
        for one in place { lines += await one.put(badge, by: desk.publisher) }
        for line in PublishLine.joined(lines) {
            FileDescriptor.standardError.say("\(dryRun ? "would be " : "")\(line)\n")
        }
        guard lines.contains(where: \.isRefused), configuration.reporting.publish.delivery.isStrict else { return }
        throw Finish(.infrastructure)
    }

    private func configuration(in surroundings: Surroundings) throws -> Configuration {
        let loader = ConfigurationLoader(files: surroundings.files, runners: TestRunners.all.map(\.id))
        return try loader.load(try ConfigurationLocation(named: config, in: surroundings), overrides: []).configuration
    }

    private func endpoint(in surroundings: Surroundings) async throws -> BadgeEndpoint {
        if let from { return try Self.read(from, surroundings) }
        guard let fact else { return BadgeEndpoint(label: look.label ?? "", message: look.message ?? "") }
        let statement: (message: String, color: String)
        if let coverage {
            statement = try Self.statement(ofCoverage: coverage)
        } else {
            let own = try configuration(in: surroundings).storage.results
            let found = try await ReportedResults(surroundings: surroundings, place: own).read(report)
            statement = fact.statement(of: found) ?? (message: "unknown", color: "lightgrey")
        }
        return BadgeEndpoint(label: fact.label, message: statement.message, color: statement.color)
    }

    private static func statement(ofCoverage path: String) throws -> (message: String, color: String) {
        do {
            return BadgeFact.statement(coverage: try Coverage(reading: FilePath(path)).share ?? 0)
        } catch {
            throw ReportFailure("\(SafeText.line(path)): \(error)")
        }
    }

    private static func read(_ path: String, _ surroundings: Surroundings) throws -> BadgeEndpoint {
        let bytes = try surroundings.files.given(path, in: surroundings.workingDirectory, limit: 256 << 10)
        do {
            return try BadgeEndpoint(reading: bytes)
        } catch {
            throw ReportFailure("\(SafeText.line(path)) is no endpoint badge: \(error)")
        }
    }
}

extension BadgeFact: ExpressibleByArgument {}
extension BadgePlace: ExpressibleByArgument {}
extension BadgeStyle: ExpressibleByArgument {}
