import CICore
import CIProviders
import Simulator
import Testing

/// A CI service with what stands in for its API. A new one adds one to `all` and has the common tests by that.
struct ServiceFixture: Sendable, CustomTestStringConvertible {
    let service: String
    let api: @Sendable (Scenario) -> SimulatedAPI
    /// The job's variables that the API's client reads; `base` is the address of an API by its id.
    let environment: @Sendable (Scenario, _ base: (String) -> String) -> [String: String]

    var testDescription: String { service }

    static let all: [ServiceFixture] = [.azurePipelines, .jenkins, .circleCI, .teamCity, .travisCI]

    /// What a test may want otherwise than usual.
    struct Wishes: Sendable {
        var tokens = Scenario.Tokens()
        var faults: [Fault] = []
        /// Changes the variables.
        var environment: @Sendable (inout [String: String]) -> Void = { _ in }
        /// Serves another one than the fixture's.
        var api: (@Sendable (Scenario) -> SimulatedAPI)?
    }

    /// Serves the API, connects by real HTTP and hands both over.
    func connected<Result: Sendable>(
        _ wishes: Wishes = Wishes(),
        _ body: @escaping @Sendable (ServiceConnection, RunningSimulation) async throws -> Result
    ) async throws -> Result {
        let scenario = Scenario(
            service: service, forge: "github", event: .pullRequest, tokens: wishes.tokens)
        let simulation = Simulation([(wishes.api ?? api)(scenario)], faults: wishes.faults)
        let service = try #require(CIServices.named(service)?.api)
        return try await simulation.serving { running in
            var environment = environment(scenario) { running.base(of: $0) }
            wishes.environment(&environment)
            let access = APIAccess(
                context: BuildContext(service: self.service), environment: environment, files: LocalFileSystem(),
                exchange: .forTests())
            return try await body(service.connect(access), running)
        }
    }

    /// What the service's API is like.
    var declared: ServiceAPI {
        get throws { try #require(CIServices.named(service)?.api) }
    }
}

extension ServiceFixture {
    static let azurePipelines = ServiceFixture(
        service: "azure-pipelines", api: { .azure($0) },
        environment: { scenario, base in
            [
                "SYSTEM_COLLECTIONURI": base("azure") + "/acme/", "SYSTEM_TEAMPROJECT": scenario.azureProject,
                "BUILD_BUILDID": String(scenario.build.runID), "SYSTEM_JOBID": scenario.azureJobID,
                "SYSTEM_TIMELINEID": scenario.azureTimelineID, "SYSTEM_ACCESSTOKEN": scenario.tokens.service,
            ]
        })

    static let jenkins = ServiceFixture(
        service: "jenkins", api: { .jenkins($0) },
        environment: { scenario, base in
            let job = "\(base("jenkins"))/job/widgets/job/feature%252Fcart/"
            return [
                "JENKINS_URL": base("jenkins") + "/", "BUILD_URL": "\(job)\(scenario.build.runNumber)/",
                "BUILD_NUMBER": String(scenario.build.runNumber), "JOB_NAME": "widgets/feature%2Fcart", "JOB_URL": job,
                "JENKINS_USER": scenario.build.actor, "JENKINS_API_TOKEN": scenario.tokens.service,
            ]
        })

    static let circleCI = ServiceFixture(
        service: "circleci", api: { .circleCI($0) },
        environment: { scenario, base in
            [
                "CIRCLE_BUILD_URL": "https://circleci.com/gh/\(scenario.repository.slug)/\(scenario.build.runNumber)",
                "CIRCLE_BUILD_NUM": String(scenario.build.runNumber), "CIRCLE_WORKFLOW_ID": CircleCIWorkflow.id,
                "DTCI_SERVICE_API_URL": base("circleci") + "/api/v2", "CIRCLE_TOKEN": scenario.tokens.service,
            ]
        })

    static let teamCity = ServiceFixture(
        service: "teamcity", api: { .teamCity($0) },
        environment: { scenario, base in
            [
                "BUILD_URL": "\(base("teamcity"))/buildConfiguration/Widgets_Test/\(scenario.build.runID)",
                "TEAMCITY_TOKEN": scenario.tokens.service,
            ]
        })

    static let travisCI = ServiceFixture(
        service: "travis-ci", api: { .travis($0) },
        environment: { scenario, base in
            [
                "TRAVIS_BUILD_ID": String(scenario.build.runID), "TRAVIS_JOB_ID": String(scenario.build.jobID),
                "DTCI_SERVICE_API_URL": base("travis"), "TRAVIS_TOKEN": scenario.tokens.service,
            ]
        })
}
