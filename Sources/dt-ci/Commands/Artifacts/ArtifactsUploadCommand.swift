import ArgumentParser
import Artifacts
import CICore
import Orchestrator
import SystemPackage

/// `dt-ci artifacts upload`: brings artifacts to where people and later jobs find them.
struct ArtifactsUploadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upload", abstract: "Upload artifacts to the first place that takes them.",
        discussion: """
            Places are tried in order; what none takes stays in the store, and --resume goes on from there without \
            sending again what is checked at a place. A place is \(PlaceName.forms).

              dt-ci artifacts upload screenshots --place auto --place s3://ci-files/$CI_PIPELINE_ID
              dt-ci artifacts upload --resume
            """)

    @Argument(help: "Names of artifacts; none = all, with --resume all that no place has.")
    var artifacts: [String] = []

    @Option(
        help: ArgumentHelp("Where to; may be repeated (default: what dt-ci.yml says, else auto).", valueName: "place"))
    var place: [String] = []

    @Flag(help: "Go on with what an earlier upload did not finish.")
    var resume = false

    @Flag(
        inversion: .prefixedNo,
        help: "Keep back what holds the value of a secret variable, as it is, as Base64 or escaped (default: yes).")
    var denySecrets: Bool?

    @Option(help: "How long all may take, such as 10m.")
    var within = "10m"

    @Option(help: "Read this file instead of dt-ci.yml.", completion: .file(extensions: ["yml", "yaml"]))
    var config: String?

    @OptionGroup var storePlace: ArtifactStorePlace

    @Flag(help: "Print JSON (dt-ci/artifacts-upload/v1).")
    var json = false

    @Flag(name: .shortAndLong, help: "Only what is at no place.")
    var quiet = false

    func validate() throws {
        guard DurationText.parse(within) != nil else {
            throw ValidationError("--within is \(within); expected a time such as 10m.")
        }
    }

    func run() async throws {
        let surroundings = Surroundings.live
        let reporting = try reporting(in: surroundings)
        let store = storePlace.open(in: surroundings)
        let desk = await PlaceDesk(
            in: surroundings, forge: reporting.forge, budget: DurationText.parse(within) ?? .seconds(600),
            console: json ? .standardError : .standardOutput)
        let places = try desk.places(place.isEmpty ? reporting.artifacts.places : place)
        let upload = ArtifactUpload(
            store: store, places: places, surroundings: surroundings,
            deniesSecrets: denySecrets ?? reporting.artifacts.deniesSecrets)
        let shown = ArtifactNotes.shown(store.root, in: surroundings)
        let (isQuiet, isJSON) = (quiet, json)
        let outcomes = await upload.run(try names(in: upload)) { outcome in
            if let line = outcome.unseenLine, !isQuiet { FileDescriptor.standardError.say(line + "\n") }
            guard !isJSON, !isQuiet || !outcome.isPlaced else { return }
            FileDescriptor.standardOutput.say(outcome.line(store: shown) + "\n")
        }
        if json { try write(outcomes) }
        if outcomes.isEmpty, !json, !quiet {
            FileDescriptor.standardOutput.say(resume ? "nothing is left to upload\n" : "\(shown) has no artifacts\n")
        }
        throw Finish(
            outcomes.allSatisfy { $0.isPlaced || places.isEmpty && $0.state == .kept } ? .passed : .infrastructure)
    }

    private func names(in upload: ArtifactUpload) throws -> [ArtifactName] {
        guard artifacts.isEmpty else { return try artifacts.map { name throws(StoreError) in try ArtifactName(name) } }
        let (found, damaged) = try upload.store.artifacts()
        for error in damaged { try HistoryOutput.note("warning: \(error)") }
        return resume ? upload.pending(among: found) : found.map(\.name)
    }

    private func reporting(in surroundings: Surroundings) throws -> Configuration.Reporting {
        let location = try ConfigurationLocation(named: config, in: surroundings)
        let loader = ConfigurationLoader(in: surroundings)
        return try loader.load(location, overrides: []).configuration.reporting
    }

    private func write(_ outcomes: [UploadOutcome]) throws {
        try HistoryOutput.writeJSON("dt-ci/artifacts-upload/v1") { json in
            json.key("artifacts")
            json.array { list in
                for outcome in outcomes { list.object { outcome.write(to: &$0) } }
            }
        }
    }
}
