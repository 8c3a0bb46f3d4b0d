import ArgumentParser
import CICore
import Simulator
import SystemPackage

/// `dt-ci simulate`: a CI service and its forge on loopback, and a step run against them.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Act as a CI service and its forge on loopback and run a step against it.",
        discussion: """
            The command runs in this directory, with the variables and files that a job of the service would have; \
            addresses and tokens of all APIs are the simulation's, nothing leaves this machine. Afterwards comes what a \
            person would see: comments, statuses, annotations, files, log folds. The exit code is the command's own.

            Modes: quick runs the first three units of each suite and tries nothing again, standard runs what the \
            configuration says, full runs all of it to the end, without fail-fast and the run's time limit. \
            They reach dt-ci run as DTCI_SAMPLE, DTCI_RETRIES, DTCI_FAIL_FAST and DTCI_TIMEOUT.

            Faults are KIND[=COUNT][:PATTERN]: COUNT calls are hit, or all; PATTERN is matched with METHOD /api/path, \
            * being anything. Kinds: \(Fault.Kind.allCases.map(\.rawValue).joined(separator: ", ")).

            Example: dt-ci simulate github-actions --event pull_request --fault reset=1:POST*comments* -- dt-ci run
            """)

    @Argument(help: "The CI service: \(SimulatedService.all.map(\.id).joined(separator: ", ")).")
    var service: String

    @Option(help: "What set the build off: \(EventArgument.allValueStrings.joined(separator: ", ")).")
    var event = EventArgument(.push)

    @Option(help: "The forge that holds the code; by default the service's own, or GitHub.")
    var forge: String?

    @Option(help: ArgumentHelp("What goes wrong; may be repeated.", valueName: "kind[=count][:pattern]"))
    var fault: [FaultArgument] = []

    @Option(help: "How much of the suites is run: quick, standard or full.")
    var mode = SimulationMode.standard

    @Option(help: "Which of how many parallel jobs this is, counted from 0, such as 0/4.")
    var node: SimulatedNode?

    @Option(help: "Write what a person would see as a page to this file.", completion: .file(extensions: ["html"]))
    var html: String?

    @Option(help: "Keep every request with its answer as a file in this directory.", completion: .directory)
    var record: String?

    @Flag(help: "Print what a person would see as JSON; the command's output goes to standard error.")
    var json = false

    @Argument(parsing: .postTerminator, help: "After --: the command and its arguments; dt-ci is this program itself.")
    var command: [String] = []

    func validate() throws {
        let named = try simulated()
        guard named.events.contains(event.event) else {
            let words = named.events.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("\(named.title) has no event \(event.event.rawValue); expected \(words).")
        }
        if let forge, !named.forges.contains(forge) {
            let words = named.forges.joined(separator: ", ")
            throw ValidationError("\(named.title) builds no code of \"\(forge)\"; expected \(words).")
        }
        guard !command.isEmpty else {
            throw ValidationError("no command; expected one after --, such as -- dt-ci run.")
        }
    }

    func run() async throws {
        let surroundings = Surroundings.live
        let named = try simulated()
        var scenario = Scenario(service: named.id, forge: forge ?? named.forges.first ?? "github", event: event.event)
        scenario.tokens.isReadOnly = event.event == .fork
        if let node { scenario.build.node = node.node }
        let path = { (text: String) in surroundings.workingDirectory.pushing(FilePath(text)) }
        let words = command.first == "dt-ci" ? [OwnExecutable.path] + command.dropFirst() : command
        let session = SimulateSession(
            service: named, scenario: scenario, faults: fault.map(\.fault), command: words,
            variables: mode.variables, surroundings: surroundings,
            display: .init(isJSON: json, html: html.map(path), record: record.map(path)))
        throw CommandEnd(exitCode: try await session.run())
    }

    private func simulated() throws -> SimulatedService {
        if let named = SimulatedService.all.first(where: { $0.id == service }) { return named }
        let words = SimulatedService.all.map(\.id).joined(separator: ", ")
        throw ValidationError("no CI service \"\(service)\"; expected \(words).")
    }
}

/// The end of a command that ran another one, whose exit code it hands on.
struct CommandEnd: Error {
    let exitCode: Int32
}
