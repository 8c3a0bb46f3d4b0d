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
        abstract: "Draw badges of the last run's results, of a coverage report, or with words of your own.",
        discussion: """
            The SVG goes to standard output, or to --output. --json writes the document that shields.io's endpoint badge \
            reads instead; --from draws such a document, or a file of them, one a line. Without anything to say it \
            draws and publishes the badges of `badge:` in dt-ci.yml, as every run does at its end.

              dt-ci badge tests --output tests.svg
              dt-ci badge coverage --coverage build/coverage.xml --style for-the-badge
              dt-ci badge status --place branch
              dt-ci badge --label docs --message latest --color blue
              dt-ci badge --from badges.jsonl --output badges/
              dt-ci badge --all
            """)

    @Argument(help: "What to say of the results: \(BadgeFact.allCases.map(\.rawValue).joined(separator: ", ")).")
    var fact: BadgeFact?

    @Option(help: "Reports to take the results from; may be repeated; none = the results of the last run.")
    var report: [String] = []

    @Option(help: "A coverage report: Cobertura, JaCoCo, LCOV, llvm-cov's JSON or Go's profile.", completion: .file())
    var coverage: String?

    @Option(
        help: """
            Draw the endpoint badge in this JSON file, or those of a .jsonl or .ndjson file, one a line, each of which may \
            name its `file`.
            """, completion: .file())
    var from: String?

    @Flag(help: "Draw all badges of `badge:` in dt-ci.yml and put them where it says.")
    var all = false

    @Option(help: "Read this file instead of dt-ci.yml.", completion: .file(extensions: ["yml", "yaml"]))
    var config: String?

    @OptionGroup(title: "The badge") var look: BadgeOptions

    @Flag(help: "Write endpoint JSON (schemaVersion 1) instead of SVG.")
    var json = false

    @Option(
        name: .shortAndLong,
        help: """
            Write to this file, in one step, instead of standard output; with several badges a directory, or - for one SVG \
            a line.
            """)
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
        let sources = [all, fact != nil, from != nil, look.message != nil && fact == nil && !isBatch].count { $0 }
        guard sources <= 1 else { throw ValidationError("a fact, --message, --from and --all exclude each other") }
        guard fact == .coverage || coverage == nil else { throw ValidationError("--coverage is for `badge coverage`") }
        guard fact != .coverage || coverage != nil else {
            throw ValidationError("`badge coverage` needs the report: --coverage FILE")
        }
        guard !isBatch || (!json && place.isEmpty) else {
            throw ValidationError("--json and --place are for one badge, not for a file of them")
        }
        guard !isWholeSet || !(json || look.isGiven || output == "-") else {
            throw ValidationError(
                all
                    ? "how the badges of --all look stands in dt-ci.yml"
                    : "what to say is missing: a fact such as `tests`, or --message, or --from")
        }
    }

    private var isBatch: Bool { from.map { $0.hasSuffix(".jsonl") || $0.hasSuffix(".ndjson") } ?? false }

    /// Whether the badges are those of the configuration.
    private var isWholeSet: Bool { fact == nil && from == nil && look.message == nil }

    func run() async throws {
        let surroundings = Surroundings.live
        if isBatch { return try await drawBatch(in: surroundings) }
        if isWholeSet { return try await drawSet(in: surroundings) }
        let artist = BadgeArtist(files: surroundings.files, directory: surroundings.workingDirectory)
        let work = try artist.draw(try await endpoint(in: surroundings), look.given)
        let bytes = json ? work.json : work.badge.svg()
        if let output, output != "-" {
            var file = try AtomicFile(FilePath(output))
            try file.append(bytes)
            try file.commit()
        } else if place.isEmpty || output == "-" {
            try FileDescriptor.standardOutput.writeAll(bytes)
        }
        if !place.isEmpty { try await put(bytes, in: surroundings) }
    }

    /// Draws a badge a line.
    private func drawBatch(in surroundings: Surroundings) async throws {
        guard let from else { return }
        let artist = BadgeArtist(files: surroundings.files, directory: surroundings.workingDirectory)
        let press = BadgePress(
            .init(look: look.given, label: look.label, message: look.message, logo: try artist.logo(of: look.given))
        ) { svg, width throws(BadgeEndpointError) in
            do {
                return try BadgeArtist.picture(of: svg, width: width, named: "logoSvg")
            } catch {
                throw BadgeEndpointError(description: "\(error)")
            }
        }
        let batch = BadgeBatch(
            name: from, file: surroundings.workingDirectory.pushing(FilePath(from)), press: press,
            processors: ThisMachine(files: surroundings.files).processors.processors)
        guard let output, output != "-" else {
            _ = try await batch.draw(to: .stream(.standardOutput))
            return
        }
        let directory = surroundings.workingDirectory.pushing(FilePath(output))
        try surroundings.files.createDirectory(directory)
        let count = try await batch.draw(to: .directory(directory, surroundings.files))
        FileDescriptor.standardError.say("\(RunSentence.count(count, "badge")) written to \(SafeText.line(output))\n")
    }

    /// Draws the badges of the configuration and puts them where it says.
    private func drawSet(in surroundings: Surroundings) async throws {
        let configuration = try configuration(in: surroundings)
        var settings = configuration.reporting.badges
        guard !settings.badges.isEmpty else {
            throw ValidationError(
                all
                    ? "dt-ci.yml has no badges: add `badge:` with `badges:`"
                    : "what to say is missing: a fact such as `tests`, or --message, or --from, or `badge:` in dt-ci.yml"
            )
        }
        if let output { settings.directory = surroundings.workingDirectory.pushing(FilePath(output)) }
        let results = try await ReportedResults(surroundings: surroundings, place: configuration.storage.results)
            .read(report)
        let outcome = BadgeSet(settings: settings, root: configuration.root, files: surroundings.files).write(results)
        for badge in outcome.badges { FileDescriptor.standardError.say("\(SafeText.line(badge.path))\n") }
        for line in outcome.trouble { FileDescriptor.standardError.say("warning: \(SafeText.line(line))\n") }
        var lines: [PublishLine] = []
        if !settings.places.isEmpty || !place.isEmpty {
            let publication = await publication(settings, configuration, in: surroundings)
            lines =
                place.isEmpty
                ? await publication.put(outcome.badges) : await publication.put(outcome.badges, at: place)
        }
        say(lines)
        guard outcome.trouble.isEmpty else { throw Finish(.usage) }
        try end(lines, configuration)
    }

    private func publication(
        _ settings: BadgeSettings, _ configuration: Configuration, in surroundings: Surroundings
    ) async -> BadgePublication {
        let desk = await PublishDesk.open(
            configuration.reporting, in: surroundings, results: configuration.storage.results,
            start: Int(Date().timeIntervalSince1970), delivery: dryRun ? .rehearsal : .live)
        return BadgePublication(
            settings: settings, desk: desk, root: configuration.root, environment: surroundings.environment)
    }

    private func put(_ bytes: [UInt8], in surroundings: Surroundings) async throws {
        let configuration = try configuration(in: surroundings)
        let publication = await publication(configuration.reporting.badges, configuration, in: surroundings)
        let path = surroundings.workingDirectory.pushing(
            FilePath(output ?? "\(fact?.rawValue ?? "badge").\(json ? "json" : "svg")"))
        let badge = LocalReport(
            path: path.string,
            shared: SharedFile(
                name: path.lastComponent?.string ?? "badge.svg", content: .bytes(bytes),
                mediaType: json ? "application/json" : "image/svg+xml"))
        let lines = await publication.put([badge], at: place)
        say(lines)
        try end(lines, configuration)
    }

    private func say(_ lines: [PublishLine]) {
        for line in PublishLine.joined(lines) {
            FileDescriptor.standardError.say("\(dryRun ? "would be " : "")\(line)\n")
        }
    }

    /// What cannot be put somewhere is a line and no error, unless the configuration is strict.
    private func end(_ lines: [PublishLine], _ configuration: Configuration) throws {
        guard lines.contains(where: \.isRefused), configuration.reporting.publish.delivery.isStrict else { return }
        throw Finish(.infrastructure)
    }

    private func configuration(in surroundings: Surroundings) throws -> Configuration {
        let loader = ConfigurationLoader(in: surroundings)
        return try loader.load(try ConfigurationLocation(named: config, in: surroundings), overrides: []).configuration
    }

    private func endpoint(in surroundings: Surroundings) async throws -> BadgeEndpoint {
        if let from {
            var endpoint = try Self.read(from, surroundings)
            endpoint.label = look.label ?? endpoint.label
            endpoint.message = look.message ?? endpoint.message
            return endpoint
        }
        guard let fact else { return BadgeEndpoint(label: look.label ?? "", message: look.message ?? "") }
        let statement: (message: String, color: String)
        if let coverage {
            statement = try BadgeFact.statement(coverageIn: FilePath(coverage))
        } else {
            let own = try configuration(in: surroundings).storage.results
            let found = try await ReportedResults(surroundings: surroundings, place: own).read(report)
            statement = fact.statement(of: found) ?? (message: "unknown", color: "lightgrey")
        }
        return BadgeEndpoint(
            label: look.label ?? fact.label, message: look.message ?? statement.message, color: statement.color)
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
