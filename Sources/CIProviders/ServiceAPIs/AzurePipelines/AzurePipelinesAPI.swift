import CICore

extension ServiceAPI {
    /// Azure Pipelines: test runs, build tags, and the build's jobs, logs and artifacts.
    static let azurePipelines = ServiceAPI(
        capabilities: Set(AzurePipelinesAPI.advice.keys), advice: AzurePipelinesAPI.advice,
        topics: [.jobs, .tests, .artifacts, .log], connection: AzurePipelinesAPI.connect)
}

/// How Azure Pipelines' own API is reached.
enum AzurePipelinesAPI {
    private static let mapping = "map SYSTEM_ACCESSTOKEN: $(System.AccessToken) in the step's env"
    static let advice: [Capability: String] = [
        .artifacts: "\(mapping), and allow \"Update build information\" for the build service",
        .testRun: "\(mapping), and allow \"Create test runs\" for the build service",
        .buildTags: "\(mapping), and allow \"Update build information\" for the build service",
        .journal: "\(mapping), and allow \"View builds\" for the build service",
    ]

    @Sendable static func connect(_ access: APIAccess) -> ServiceConnection {
        guard let token = access.azureToken("DTCI_SERVICE_TOKEN") else {
            return closed(Obstacle("no token for Azure Pipelines", advice: mapping))
        }
        guard let collection = access["DTCI_SERVICE_API_URL"] ?? AzureAddress.pipelineCollection(access),
            let project = access["SYSTEM_TEAMPROJECT"], let id = access["BUILD_BUILDID"].flatMap({ Int($0) })
        else {
            return closed(
                Obstacle("this build of Azure Pipelines is unknown", advice: "hand SYSTEM_* and BUILD_* variables on"))
        }
        let api = AzureDevOps(title: "Azure Pipelines", url: collection, token: token, exchange: access.exchange)
        let build = AzureBuild(api: api, project: project, id: id, environment: access)
        return ServiceConnection(
            board: .open(AzureBuildBoard(build: build)),
            testRuns: .open(AzureTestRunBoard(build: build, files: access.files)),
            journal: .open(AzureBuildJournal(build: build)), container: AzureFileContainer.open(of: build),
            permissions: {
                await PermissionFinding.reading(advice, token: token, grants: [.journal]) { () async throws(APIError) in
                    try await api.send(APICall(.get, "/\(project)/_apis/build/builds/\(id)"))
                }
            })
    }

    private static func closed(_ obstacle: Obstacle) -> ServiceConnection {
        var connection = ServiceConnection.closed(obstacle)
        connection.container = .closed(obstacle)
        return connection
    }
}

/// One build of Azure Pipelines.
struct AzureBuild: Sendable {
    let api: AzureDevOps
    /// Name or id.
    let project: String
    let id: Int
    /// Variables of the job.
    let environment: APIAccess

    /// As test runs name it.
    var uri: String { environment["BUILD_BUILDURI"] ?? "vstfs:///Build/Build/\(id)" }
}

/// The build's page: tags are all that the API lets a running build write there. It has no line of text (the log command
/// `build.updatebuildnumber` would take the number's place), and its problems are the log's errors.
struct AzureBuildBoard: BuildBoard {
    let build: AzureBuild

    func tag(_ tags: [String]) async throws(APIError) {
        for tag in tags {
            try await build.api.send(
                APICall(
                    .put, "/\(build.project)/_apis/build/builds/\(build.id)/tags/\(SummaryText.line(tag, units: 256))"
                ))
        }
    }
}
