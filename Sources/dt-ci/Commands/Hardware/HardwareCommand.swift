import ArgumentParser
import CICore
import Orchestrator
import SystemPackage

/// `dt-ci hardware`: what this machine has, and whether it meets a requirement.
struct HardwareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hardware",
        abstract: "Say what this machine has and where each fact is from, and whether it meets a requirement.",
        discussion: """
            With --check the exit code is 0 if the requirement is met, 1 if it is not, and 2 if it cannot be read. What \
            drivers' tools said is kept for an hour, or ten minutes if one of them was broken.

              dt-ci hardware
              dt-ci hardware --check 'gpu>=1, vram>=16GB'
              dt-ci hardware find 'gpu>=1, arch=arm64'
            """,
        subcommands: [HardwareFind.self])

    @OptionGroup var labels: NodeLabelOptions

    @Option(help: ArgumentHelp("Whether the machine meets this requirement.", valueName: "requirement"))
    var check: String?

    @Flag(help: "Ask drivers' tools again, whatever is kept of their answers.")
    var refresh = false

    @Option(help: "Read this file instead of dt-ci.yml.", completion: .file(extensions: ["yml", "yaml"]))
    var config: String?

    @Flag(help: "Print JSON (dt-ci/hardware/v1; of `find` dt-ci/hardware-find/v1).")
    var json = false

    @Flag(name: .shortAndLong, help: "Print only the class of the hardware; nothing with --check.")
    var quiet = false

    func run() async throws {
        let surroundings = Surroundings.live
        let requirement = try check.map { try RequirementOption.requirement($0, of: "--check") }
        let detected = await surroundings.hardware(
            try labels.settings(config: config, in: surroundings), refreshing: refresh)
        if !quiet || requirement == nil { show(detected) }
        guard let requirement else { return }
        let shortfalls = requirement.shortfalls(on: HardwareOffer(detected.profile))
        if !quiet, !json {
            let text =
                shortfalls.isEmpty
                ? "meets \(requirement)"
                : "does not meet \(requirement): " + shortfalls.map(\.lack).joined(separator: ", ")
            FileDescriptor.standardOutput.say("\n\(SafeText.line(text, limit: 1000))\n")
        }
        if !shortfalls.isEmpty { throw CommandEnd(exitCode: 1) }
    }

    private func show(_ detected: DetectedHardware) {
        for warning in detected.warnings {
            FileDescriptor.standardError.say("warning: \(SafeText.line(warning))\n")
        }
        if json {
            var writer = JSONWriter()
            HardwareV1.write(detected, to: &writer)
            FileDescriptor.standardOutput.say(String(decoding: JSONText.indented(writer.bytes), as: UTF8.self))
        } else if quiet {
            FileDescriptor.standardOutput.say("\(detected.profile.hardwareClass)\n")
        } else {
            FileDescriptor.standardOutput.say(HardwareListing(detected.profile).text)
        }
    }
}

/// A profile as lines of a title, a fact and its source.
struct HardwareListing {
    private let profile: HardwareProfile

    init(_ profile: HardwareProfile) { self.profile = profile }

    /// Ends with a line feed.
    var text: String {
        let rows =
            profile.facts + [
                HardwareFact(
                    title: "class", text: profile.hardwareClass.rawValue, source: "what durations are kept by"),
                HardwareFact(
                    title: "print", text: String(profile.fingerprint.prefix(16)), source: "the same after every boot"),
            ]
        let titles = rows.map(\.title.count).max() ?? 0
        let texts = min(60, rows.map(\.text.count).max() ?? 0)
        return rows.map { row in
            let title = row.title + String(repeating: " ", count: titles - row.title.count)
            let gap = String(repeating: " ", count: max(0, texts - row.text.count))
            let source = row.source.isEmpty ? "" : "\(gap)  (\(row.source))"
            return "\(title)  \(row.text)\(source)\n"
        }.joined()
    }
}

/// Requirements on the command line.
enum RequirementOption {
    /// Reads one.
    ///
    /// - Throws: `ConfigurationError` that names where it was given.
    static func requirement(_ text: String, of source: String) throws(ConfigurationError) -> Requirement {
        do throws(RequirementError) {
            return try Requirement(text)
        } catch {
            throw ConfigurationError([
                .init(
                    source: source, problem: "\(error.place): \(error.problem)", expected: error.expected,
                    nearest: error.nearest)
            ])
        }
    }
}
