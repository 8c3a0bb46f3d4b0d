import Artifacts
import CICore
import SystemPackage

/// A test tool that a Node project brings along: what Jest, Vitest, Playwright and Cypress have in common.
struct NodeTool: Sendable {
    /// What `npx` starts it as.
    let name: String
    /// The package that holds it.
    let package: String

    init(_ name: String, package: String? = nil) {
        self.name = name
        self.package = package ?? name
    }

    /// For profiles.
    var installation: RunnerProfile.Tool {
        RunnerProfile.Tool(executable: "npx", debianPackages: ["npm"], hint: "npm install --save-dev \(package)")
    }

    /// Starts what the project has installed; nothing is downloaded.
    func command(of suite: Suite) -> RunnerCommand {
        RunnerCommand(suite, tool: installation, executable: ["npx", "--no-install", name])
    }

    /// Asks what the project has installed; without it npx would look for it in the registry for minutes.
    func question(about suite: Suite) -> ToolQuestion {
        RunnerCommand(suite, tool: installation, executable: ["npx", "--offline", "--no-install", name])
            .question(absence: "\(package) is not installed in the project")
    }

    /// The process of a batch, with a reporter of ours that tells the results.
    ///
    /// - Parameters:
    ///   - runs: the arguments of each start.
    ///   - options: in front of them at every start.
    ///   - suite: whose command is started.
    ///   - reporter: a file of `events`.
    ///   - events: where the results go.
    /// - Returns: one start, or a shell that makes one after another.
    func invocation(
        _ runs: [[String]], options: [String], of suite: Suite, reporter: SideFile, events: EventReporting
    ) -> Invocation {
        let successive = SuccessiveRuns(command: command(of: suite).arguments(options), runs: runs)
        return Invocation(
            successive.arguments, environment: events.environment, standardInput: successive.standardInput,
            sideFiles: [reporter], reports: [events.report])
    }

    /// What the end of a tool means that ends with 1 for failed tests and for all that kept it from running any.
    ///
    /// - Parameters:
    ///   - exit: of the process.
    ///   - ending: what is known of it.
    ///   - nothing: what the tool prints where it found no tests.
    ///   - refusals: what it prints where it refuses its arguments or configuration.
    /// - Returns: `.crashed` for other exit codes.
    func reading(
        of exit: ProcessExit, in ending: BatchEnding, nothing: String, refusals: [String]
    ) -> ExitReading {
        let words = RunnerWords.tail(of: ending.outputTail)
        let says = { (text: String) in ending.outputTail.contains(text) }
        switch exit {
        case .signaled: return .crashed(words)
        case .exited(0): return ending.reported == 0 ? .nothingCollected : .completed
        case .exited(126), .exited(127): return .misused(words)
        case .exited(1) where ending.reported > 0: return .completed
        case .exited(1) where says(nothing): return .nothingCollected
        case .exited(1) where refusals.contains(where: says): return .misused(words)
        case .exited(1): return .collectionFailed(words)
        case .exited: return .crashed(words)
        }
    }
}
