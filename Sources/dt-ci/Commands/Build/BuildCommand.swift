import ArgumentParser
import CICore
import CIProviders
import Orchestrator
import SystemPackage

/// `dt-ci build`: what the CI service's own API tells of this build.
struct BuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Ask the CI service's API about this build: jobs, tests, artifacts, logs.",
        discussion: """
            Azure Pipelines, CircleCI, Jenkins, TeamCity and Travis CI have such an API. Each wants a token: \
            DTCI_SERVICE_TOKEN, or the variable that an error names.

            Example: dt-ci build jobs
            """,
        subcommands: [
            BuildJobs.self, BuildTests.self, BuildArtifacts.self, BuildFlaky.self, BuildLog.self, BuildRestart.self,
        ])
}

/// Which job is asked about.
struct BuildJobChoice: ParsableArguments {
    @Option(help: ArgumentHelp("Another job than this one, by the id that dt-ci build jobs shows.", valueName: "id"))
    var job: String?

    /// The job that was named, else this one.
    func id(in desk: BuildDesk) throws -> String {
        if let job { return job }
        guard let current = desk.journal.currentJob else {
            throw BuildFailure(Obstacle("this job's id is unknown", advice: "name one with --job"))
        }
        return current
    }
}

/// The journal of this build, opened for one question.
struct BuildDesk {
    /// The CI service, as its makers write it.
    let title: String
    let journal: any BuildJournal

    /// Detects the service and opens its API; throws `BuildFailure` where it does not answer such questions.
    static func open(
        for topic: JournalTopic, in surroundings: Surroundings = .live, http: (any HTTPPort)? = nil
    ) async throws -> BuildDesk {
        let context = await Detector(
            environment: surroundings.environment, files: surroundings.files, processes: LocalProcesses(),
            workingDirectory: surroundings.workingDirectory
        ).detect().context
        guard let service = CIServices.named(context.service) else {
            throw BuildFailure(
                Obstacle("this is no build of a CI service", advice: "run it in a job, or hand the job's variables on"))
        }
        let answering = CIServices.all.filter { $0.api?.topics.contains(topic) ?? false }.map(\.title)
        guard let api = service.api, api.topics.contains(topic) else {
            throw BuildFailure(
                Obstacle(
                    "the API of \(service.title) tells nothing of \(topic.rawValue)",
                    advice: "this works on \(answering.joined(separator: ", "))"))
        }
        let access = APIAccess(
            context: context, environment: surroundings.environment, files: surroundings.files,
            exchange: surroundings.exchange(http: http))
        switch api.connect(access).journal {
        case .closed(let obstacle): throw BuildFailure(obstacle)
        case .open(let journal): return BuildDesk(title: service.title, journal: journal)
        }
    }
}

/// Why a question to the CI service has no answer.
struct BuildFailure: Error, CustomStringConvertible {
    let exitCode: CICore.ExitCode
    let description: String

    /// Something that the user can set up.
    init(_ obstacle: Obstacle) {
        exitCode = .usage
        description = "\(obstacle.reason); \(obstacle.advice)"
    }

    /// What the API says to a question that should have had an answer.
    init(_ error: APIError) {
        switch error.code {
        case .unauthorized, .forbidden, .notFound, .conflict, .refused, .noCredentials: exitCode = .usage
        default: exitCode = .infrastructure
        }
        description = SafeText.line(error.description, limit: 1_000)
    }
}
