import ArgumentParser
import CICore
import Orchestrator
import SystemPackage

/// `dt-ci init`: writes down what zero configuration would run.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write dt-ci.yml with the suites found in the tree.",
        discussion: "Example: dt-ci init")

    @Flag(help: "Replace a dt-ci.yml that is there.")
    var force = false

    @Flag(help: "Print the file instead of writing it.")
    var dryRun = false

    @Flag(help: "Say nothing when all is well.")
    var quiet = false

    func run() async throws {
        let surroundings = Surroundings.live
        let zero = ZeroConfiguration(
            in: SourceTree(scanning: surroundings.workingDirectory, with: surroundings.files))
        let draft = ConfigurationDraft(zero)
        if dryRun { return FileDescriptor.standardOutput.say(draft.text) }
        let file = surroundings.workingDirectory.appending(Configuration.fileName)
        guard force || !surroundings.files.exists(file) else {
            throw ConfigurationError([
                .init(source: Configuration.fileName, problem: "it is there already", expected: "--force to replace it")
            ])
        }
        try surroundings.files.write(Array(draft.text.utf8), to: file)
        guard !quiet else { return }
        let sentences = zero.assumptions.isEmpty ? ["no test runner was recognised"] : zero.assumptions
        FileDescriptor.standardOutput.say((["wrote \(Configuration.fileName)"] + sentences).map { $0 + "\n" }.joined())
    }
}
