import ArgumentParser

/// The command line as a whole.
struct DTCI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dt-ci", abstract: "Runs tests.", version: "0.1.0")
}
