import ArgumentParser
import CICore
import Orchestrator
import Reporting
import SystemPackage

/// `dt-ci doctor`: whether a run would work here, and what to mend.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say whether a run would work here, where its reports would go, and what to mend.",
        discussion: """
            Looks at the build, the tokens and what the APIs say of them, the network, the runners of the suites and the \
            stores. Nothing is posted, and no test is run; tokens are named by their variables and never shown.

            The exit code is 0 where dt-ci run would work, with less than it could perhaps; 2 where the configuration is \
            to be mended, 3 where a suite's runner is missing, 4 where results can be written nowhere.

            Example: dt-ci doctor --quiet
            """)

    @OptionGroup var settings: ConfigurationOptions

    @Flag(help: "Leave out everything that leaves this machine.")
    var offline = false

    @Option(help: "For all answers together, such as 15s; what takes longer is a finding.")
    var within = "15s"

    @Flag(help: "Print JSON (dt-ci/doctor/v1).")
    var json = false

    @Flag(name: .shortAndLong, help: "Only what is to be mended.")
    var quiet = false

    func validate() throws {
        guard let limit = DurationText.parse(within), limit >= .seconds(1), limit <= .seconds(600) else {
            throw ValidationError("--within is \"\(within)\"; expected a duration from 1s to 10m.")
        }
    }

    func run() async throws {
        let surroundings = Surroundings.live
        var loaded: Result<Configuration, ConfigurationError>
        do {
            loaded = .success(try settings.load(in: surroundings).configuration)
        } catch let error as ConfigurationError {
            loaded = .failure(error)
        }
        let session = DoctorSession(
            surroundings: surroundings, configuration: loaded, isOffline: offline,
            patience: DurationText.parse(within) ?? .seconds(15))
        let checkup = await session.checkup()
        let text = CheckupText(checkup, isColored: surroundings.isOutputColored, isQuiet: quiet).text
        FileDescriptor.standardOutput.say(json ? CheckupV1.json(checkup) : text)
        throw Finish(checkup.exitCode)
    }
}
