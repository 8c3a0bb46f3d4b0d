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
        discussion: "Example: dt-ci detect --json")

    @Flag(help: "Print JSON (dt-ci/context/v1).")
    var json = false

    @Flag(help: "Print only the service's id.")
    var quiet = false

    func run() async throws {
        let surroundings = Surroundings.live
        let detection = await Detector(
            environment: surroundings.environment, files: surroundings.files, processes: LocalProcesses(),
            workingDirectory: surroundings.workingDirectory
        ).detect()
        if detection.candidates.count > 1 {
            let names = detection.candidates.joined(separator: ", ")
            FileDescriptor.standardError.say("warning: the environment fits \(names); the first was taken\n")
        }
        let quietText = detection.context.service + "\n"
        FileDescriptor.standardOutput.say(json ? detection.json : quiet ? quietText : detection.text)
    }
}
