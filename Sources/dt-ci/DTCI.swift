import ArgumentParser

@main
struct DTCI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "dt-ci", abstract: "Runs tests.", version: "0.1.0")
}
