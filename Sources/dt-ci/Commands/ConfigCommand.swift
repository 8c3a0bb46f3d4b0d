import ArgumentParser
import CICore
import Orchestrator
import SystemPackage

/// `dt-ci config …`: everything about the configuration file.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check, show and describe the configuration.",
        discussion: "Example: dt-ci config check",
        subcommands: [Check.self, Show.self, Schema.self])
}

extension ConfigCommand {
    /// `dt-ci config check`
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read the configuration and name its suites, or every mistake in it.",
            discussion: "Example: dt-ci config check --config ci/dt-ci.yml")

        @OptionGroup var options: ConfigurationOptions

        @Flag(help: "Say nothing when all is well.")
        var quiet = false

        func run() async throws {
            let loaded = try options.load(in: .live)
            let configuration = loaded.configuration
            let quarantine = try Quarantine(file: configuration.storage.quarantine, files: Surroundings.live.files)
            guard !quiet else { return }
            FileDescriptor.standardOutput.say(ConfigurationSummary(configuration, quarantine: quarantine).text)
        }
    }

    /// `dt-ci config show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show every effective value and where it came from.",
            discussion: "Example: dt-ci config show --slots 4 --json")

        @OptionGroup var options: ConfigurationOptions

        @Flag(help: "Print JSON (dt-ci/configuration/v1).")
        var json = false

        func run() async throws {
            let loaded = try options.load(in: .live)
            let listing = SettingsListing(loaded)
            FileDescriptor.standardOutput.say(json ? listing.json : listing.text)
        }
    }

    /// `dt-ci config schema`
    struct Schema: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the JSON Schema of dt-ci.yml, for editors.",
            discussion: "Example: dt-ci config schema > dt-ci.schema.json")

        func run() async throws {
            let schema = ConfigurationSchema.json(runners: TestRunners.all.map(\.id))
            FileDescriptor.standardOutput.say(String(decoding: schema, as: UTF8.self))
        }
    }
}
