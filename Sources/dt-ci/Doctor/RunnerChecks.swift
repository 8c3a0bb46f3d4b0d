import CICore
import Orchestrator
import Reporting
import SystemPackage

/// The tools of the configured suites, as findings.
struct RunnerChecks {
    let configuration: Configuration
    let surroundings: Surroundings
    /// For one tool to answer.
    let patience: Duration

    /// The configuration, then each suite's tool; equal questions are asked once.
    func findings() async -> [Finding] {
        let suites = configuration.suites
        guard !suites.isEmpty else { return [Self.emptiness(configuration)] }
        let file = configuration.file?.lastComponent?.string
        let count = RunSentence.count(suites.count, "suite")
        let intro = Finding(
            .ok, "configuration", file.map { "\($0): \(count)" } ?? "no dt-ci.yml: \(count) found in the tree")
        return await [intro]
            + withTaskGroup(of: (Int, Finding).self) { group in
                var found: [(Int, Finding)] = []
                for (index, suite) in suites.enumerated() {
                    // More would wait for each other's processors and seem to hang.
                    if index >= 4, let done = await group.next() { found.append(done) }
                    group.addTask { (index, await finding(of: suite)) }
                }
                for await done in group { found.append(done) }
                return found.sorted { $0.0 < $1.0 }.map(\.1)
            }
    }

    private func finding(of suite: Suite) async -> Finding {
        let runner = TestRunners.runner(suite.runner)
        guard let runner else {
            return Finding(.broken(.usage), suite.name.rawValue, "there is no runner \(suite.runner)")
        }
        guard let question = runner.question(about: suite) else {
            return Finding(
                .ok, suite.name.rawValue, "\(runner.profile.title): the tests are programs of the project's own")
        }
        var plain = suite
        plain.environment = suite.environment.filter { !Suite.isNameOfSecret($0.key) }
        // A tool cannot print what it was not given.
        let environment = ChildEnvironment(inherited: surroundings.environment, run: "doctor", slots: 1).inherited
            .filter { !Suite.isNameOfSecret($0.key) }
        let tools = RunnerTools(
            processes: LocalProcesses(), files: surroundings.files, environment: environment,
            scratch: surroundings.temporaryDirectory)
        let check = await ToolCheck.of(question, for: plain, using: tools, within: patience)
        return RunnerRules(suite: suite, title: runner.profile.title, question: question).finding(check)
    }

    /// The finding for a tree without any suite.
    static func emptiness(_ configuration: Configuration) -> Finding {
        let text = "no suite: \(configuration.root) holds no tests of a kind that is known"
        let advice = "go to the project's directory, or write dt-ci.yml with suites: (dt-ci init)"
        return Finding(
            configuration.run.empty == .error ? .broken(.usage) : .note, "configuration", text, advice: advice)
    }
}

/// What became of asking one suite's tool, as a finding.
struct RunnerRules {
    let suite: Suite
    /// As the runner's makers write it.
    let title: String
    let question: ToolQuestion

    func finding(_ check: ToolCheck) -> Finding {
        let name = suite.name.rawValue
        let tool = question.program ?? title
        switch check {
        case .answered(let version):
            return Finding(
                .ok, name, version.lowercased().contains(title.lowercased()) ? version : "\(title): \(version)")
        case .outdated(let version, let minimum):
            return Finding(
                .broken(.collectionFailed), name, "\(version) is too old: \(title) must be \(minimum) or newer",
                advice: install("\(tool) \(minimum) or newer"))
        case .unasked(let path):
            let place = path.map { " (\($0))" } ?? ""
            return Finding(.ok, name, "\(title): the suite's own command\(place), not started here")
        case .speechless(let words):
            let said = words.isEmpty ? "" : " but \"\(words)\""
            return Finding(
                .note, name, "\(title): \(tool) answers, and tells no version\(said)",
                advice: "see that \(tool) in PATH is the tool you mean")
        case .refused(let exit, let words):
            let reason = words.isEmpty ? "" : ": \(words)"
            let fact = question.absence.map { "\($0) (\(tool) ended with \(exit)\(reason))" }
            return Finding(
                .broken(.collectionFailed), name, "\(title): \(fact ?? "\(tool) cannot be started: \(exit)\(reason)")",
                // What starts it is there.
                advice: question.ways.last ?? install(tool))
        case .hanging(let limit):
            return Finding(
                .problem, name, "\(title): \(tool) did not answer within \(DurationText.short(limit))",
                advice: "run `\(commandLine)` by hand: a run would wait for it as well")
        case .missing(let program):
            return Finding(
                .broken(.collectionFailed), name, "\(title): \(program) is not installed or not in PATH",
                advice: install(program))
        case .nowhere(let path):
            return Finding(
                .broken(.usage), name, "\(title): the directory \(path) does not exist",
                advice: "mend working-directory: of the suite \(name) in dt-ci.yml")
        }
    }

    private var commandLine: String {
        question.arguments.map { $0.map(CommandLineText.shellShown).joined(separator: " ") } ?? title
    }

    private func install(_ tool: String) -> String {
        guard !question.ways.isEmpty else {
            return suite.command.run == nil
                ? "install \(tool)" : "mend command: of the suite \(suite.name) in dt-ci.yml"
        }
        return question.ways.joined(separator: ", or ")
    }
}
