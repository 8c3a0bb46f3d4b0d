import CICore
import CurlHTTP
import Simulator
import Testing

import struct FoundationEssentials.Date

@testable import CIProviders

/// A forge with what stands in for it. A new forge adds one to `all` and has its common tests by that.
struct ForgeFixture: Sendable, CustomTestStringConvertible {
    let forge: Forge
    /// The CI service that the build runs on.
    let service: String
    let apis: @Sendable (Scenario) -> [SimulatedAPI]
    /// What opens all that the forge can do; `base` is the address of an API by its id, `""` the simulation's own.
    let environment: @Sendable (Scenario, _ base: (String) -> String) -> [String: String]

    var testDescription: String { forge.id }

    static let all: [ForgeFixture] = [.gitHub, .gitLab, .bitbucket, .azureRepos, .gitea, .forgejo]
}

extension ForgeFixture {
    /// What a test may want otherwise than usual.
    struct Wishes: Sendable {
        var event = Scenario.Event.pullRequest
        var tokens = Scenario.Tokens()
        var faults: [Fault] = []
        /// Changes the facts of the build after they were made from the scenario.
        var context: @Sendable (inout BuildContext) -> Void = { _ in }
        /// The same for the variables.
        var environment: @Sendable (inout [String: String]) -> Void = { _ in }
        /// Serves others than the fixture's APIs.
        var apis: (@Sendable (Scenario) -> [SimulatedAPI])?
    }

    /// Serves the APIs, connects by real HTTP and hands both over.
    func connected<Result: Sendable>(
        _ wishes: Wishes = Wishes(),
        _ body: @escaping @Sendable (ForgeConnection, RunningSimulation) async throws -> Result
    ) async throws -> Result {
        let scenario = Scenario(service: service, forge: forge.id, event: wishes.event, tokens: wishes.tokens)
        let simulation = Simulation(
            (wishes.apis ?? apis)(scenario), faults: wishes.faults, secrets: [wishes.tokens.forge, wishes.tokens.job])
        return try await simulation.serving { running in
            var environment = environment(scenario) { api in
                api.isEmpty ? "http://127.0.0.1:\(running.port)/" : running.base(of: api)
            }
            wishes.environment(&environment)
            var context = BuildContext(scenario)
            wishes.context(&context)
            let access = APIAccess(
                context: context, environment: environment, files: LocalFileSystem(), exchange: .forTests())
            return try await body(forge.connect(access), running)
        }
    }
}

extension Exchange {
    /// Real HTTP, no waiting; but patience with a server that shares its threads with all other tests.
    static func forTests() -> Exchange {
        var manners = Manners()
        manners.timeout = .seconds(120)
        return Exchange(
            ports: Ports(
                http: CurlHTTP(environment: [:], agent: "dt-ci-tests"), clock: PatientClock(),
                now: { Date(timeIntervalSince1970: 1_750_000_000) }, random: { $0.lowerBound }),
            manners: manners)
    }
}

extension BuildContext {
    /// The facts of a scenario as detection would find them.
    init(_ scenario: Scenario) {
        self.init(
            service: scenario.service,
            source: Source(
                commit: scenario.source.head, mergeCommit: scenario.source.merge, branch: scenario.source.branch),
            pullRequest: scenario.pullRequest.map {
                PullRequest(
                    number: $0, target: scenario.repository.defaultBranch, isFork: scenario.event == .fork)
            },
            repository: Repository(slug: scenario.repository.slug, forge: scenario.forge, host: "forge.example"),
            execution: Execution(
                run: Run(
                    id: String(scenario.build.runID), attempt: scenario.build.attempt,
                    url:
                        "https://forge.example/\(scenario.repository.slug)/actions/runs/\(scenario.build.runID)/attempts/1"
                ),
                job: Job(id: String(scenario.build.jobID), name: scenario.build.jobName)),
            actor: scenario.build.actor)
    }
}

extension Access {
    /// The way in; without one the test ends with the obstacle.
    func required() throws -> Port {
        try #require(port, "\(obstacle?.reason ?? "")")
    }
}

/// Text that is longer in bytes, scalars and on paper than in characters.
enum HostileText {
    static let family = "👨‍👩‍👧‍👦"
    static let rightToLeft = "בדיקה נכשלה اختبار فاشل "

    static let all: [String] = [family, rightToLeft, "e\u{301}", "𝔘𝔫𝔦", "plain words "]

    /// At least that many scalars of it.
    static func long(_ text: String, scalars: Int) -> String {
        String(repeating: text, count: scalars / text.unicodeScalars.count + 1)
    }
}
