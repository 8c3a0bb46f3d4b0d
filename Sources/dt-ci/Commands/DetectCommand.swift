import ArgumentParser
import CICore
import CIProviders
import Orchestrator
import SystemPackage

/// `dt-ci detect`: what this build is, and how that was found out.
struct DetectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect",
        abstract: "Say which CI service and build this is, and which variable decided each fact.",
        discussion: """
            Where the environment fits several services, --service chooses; DTCI_BUILD_* variables overrule single \
            facts. The command reference lists them.

            Example: dt-ci detect --json
            """)

    @Flag(help: "Print JSON (dt-ci/context/v1).")
    var json = false

    @Flag(help: "Print only the service's id.")
    var quiet = false

    @Option(help: "The CI service's id, where the environment fits several or none.")
    var service: String?

    func run() async throws {
        var surroundings = Surroundings.live
        if let service {
            guard CIServices.named(service) != nil || service == "local" else {
                let ids = CIServices.all.map(\.id).joined(separator: ", ")
                throw ValidationError("\"\(service)\" is no CI service; expected one of \(ids), local.")
            }
            surroundings.environment["DTCI_SERVICE"] = service
        }
        let detection = await Detector(
            environment: surroundings.environment, files: surroundings.files, processes: LocalProcesses(),
            workingDirectory: surroundings.workingDirectory
        ).detect()
        for warning in detection.warnings {
            FileDescriptor.standardError.say("warning: \(warning)\n")
        }
        let quietText = detection.context.service + "\n"
        FileDescriptor.standardOutput.say(json ? detection.json : quiet ? quietText : detection.text)
    }
}
