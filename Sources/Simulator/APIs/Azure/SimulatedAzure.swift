import CICore

/// A simulated Azure DevOps: handlers over one state, for Azure Repos and Azure Pipelines alike.
struct SimulatedAzure: Sendable {
    let scenario: Scenario
    let state: SimulatedState<AzureState>

    /// `/{organization}/{project}/_apis/…`
    static func path(_ rest: String) -> String { "/{organization}/{project}/_apis" + rest }

    /// `/{organization}/{project}/_apis/git/repositories/{repositoryId}/…`
    static func git(_ rest: String) -> String { path("/git/repositories/{repositoryId}" + rest) }
}

/// What became of the pull request while the build ran.
package enum AzurePullRequestState: String, Sendable, Hashable, CaseIterable {
    case active
    case abandoned
    case completed
    case deleted
}

extension SimulatedAPI {
    /// Azure DevOps' REST API 7.1, as far as a CI step needs it.
    package static func azure(
        _ scenario: Scenario, pullRequest: AzurePullRequestState = .active
    ) -> SimulatedAPI {
        let azure = SimulatedAzure(
            scenario: scenario, state: SimulatedState(AzureState(scenario, pullRequest: pullRequest)))
        return SimulatedAPI(
            id: "azure",
            routes: azure.statusRoutes + azure.threadRoutes + azure.gitRoutes + azure.testRoutes + azure.buildRoutes
                + azure.containerRoutes,
            authorize: azure.authorize, refuse: azure.refuse, exhibit: azure.exhibit)
    }
}

extension Scenario {
    /// The project that holds the repository in Azure DevOps.
    package var azureProject: String { repository.owner }
    /// By which Azure Pipelines names the repository.
    package var azureRepositoryID: String { "5febef5a-833d-4e14-b9c0-14cb638f91e6" }
    /// The account of the build service.
    static let azureAccount = "d6245f20-2af8-44f4-9451-8107cb2767db"
}

/// What it has been told.
struct AzureState: Sendable {
    var lastID = 100
    var pullRequest: AzurePullRequestState
    var statuses: [AzureStatus] = []
    var threads: [AzureThread] = []
    var git: AzureGit
    var runs: [AzureTestRun] = []
    var build: AzureBuildState
    var container = AzureContainerState()

    init(_ scenario: Scenario, pullRequest: AzurePullRequestState) {
        self.pullRequest = pullRequest
        git = AzureGit(scenario)
        build = AzureBuildState(scenario)
    }

    mutating func nextID() -> Int {
        lastID += 1
        return lastID
    }
}

extension SimulatedAzure {
    /// What a person would see in the web portal.
    @Sendable func exhibit() -> Exhibit {
        state { state in
            Exhibit(
                comments: state.threads.flatMap { $0.shown(scenario) }, statuses: AzureStatus.shown(state.statuses),
                testRuns: state.runs.map(\.shown), files: state.git.shown + state.build.shownArtifacts,
                notes: state.build.tags.map { ShownNote(kind: "Tag", text: $0) })
        }
    }

    /// Whoever brings no token or a wrong one is shown the page at which people sign in, with 203.
    @Sendable func authorize(_ request: SimulatedRequest) -> SimulatedAnswer? {
        let tokens = [scenario.tokens.forge, scenario.tokens.service, scenario.tokens.job]
        guard let token = request.bearerOrPassword, tokens.contains(token) else {
            return .html(203, "<!DOCTYPE html><html><title>Azure DevOps Services | Sign In</title></html>")
        }
        guard request.query["api-version"] != nil || request.isReading else {
            return Self.error(
                400, "VssVersionNotSpecifiedException",
                "No api-version was supplied for the \"\(request.method.rawValue)\" request. The version must be "
                    + "supplied either as part of the Accept header or as a query parameter.")
        }
        if !request.isReading, scenario.tokens.isReadOnly, token == scenario.tokens.forge {
            return refuse(.readOnly, request)
        }
        // Containers are the collection's.
        guard request["containerId"] != "" || request["project"] == scenario.azureProject else {
            return Self.error(
                404, "ProjectDoesNotExistWithNameException",
                "TF200016: The following project does not exist: \(request["project"]).")
        }
        let repository = request["repositoryId"]
        guard ["", scenario.repository.name, scenario.azureRepositoryID].contains(repository) else {
            return Self.error(
                404, "GitRepositoryNotFoundException",
                "TF401019: The Git repository with name or identifier \(repository) does not exist.")
        }
        return nil
    }

    @Sendable func refuse(_ why: Refusal, _ request: SimulatedRequest) -> SimulatedAnswer {
        switch why {
        case .notFound: Self.error(404, "VssResourceNotFoundException", "The controller for path was not found.")
        case .methodNotAllowed:
            Self.error(405, "VssRequestMethodNotSupportedException", "The requested resource does not support it.")
        case .rateLimited, .secondaryLimited:
            Self.error(
                429, "RequestBlockedException",
                "TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource "
                    + "'Concurrency' in namespace 'User'."
            ).with("Retry-After", "1")
        case .readOnly:
            Self.error(
                403, "GitNeedsPermissionException",
                "TF401027: You need the Git 'PullRequestContribute' permission to perform this action.")
        case .tooLarge: Self.error(413, "VssRequestContentTooLargeException", "The request body is too large.")
        case .unavailable: Self.error(503, "VssServiceException", "TF400898: An internal error occurred.")
        }
    }

    /// An error's body.
    static func error(_ status: Int, _ type: String, _ message: String) -> SimulatedAnswer {
        .json(
            status,
            [
                "$id": "1", "innerException": nil, "message": .string(message), "typeName": .string(type),
                "typeKey": .string(type), "errorCode": 0, "eventId": 3000,
            ])
    }

    /// A list as it travels, `$top` of it after `$skip`.
    static func list(_ all: [JSONValue], of request: SimulatedRequest, top: Int = 1_000) -> SimulatedAnswer {
        let skip = max(0, request.query["$skip"].flatMap(Int.init) ?? 0)
        let size = min(top, max(1, request.query["$top"].flatMap(Int.init) ?? top))
        let page = Array(all.dropFirst(skip).prefix(size))
        return .json(200, ["count": .int(page.count), "value": .array(page)])
    }

    /// An account as answers name it.
    static let account: JSONValue = [
        "id": .string(Scenario.azureAccount), "displayName": "Widgets Build Service (octo)",
        "uniqueName": .string("Build\\\(Scenario.azureAccount)"),
    ]
}

extension SimulatedRequest {
    /// A bearer's token, or the password of a Basic pair.
    var bearerOrPassword: String? {
        guard let header = headers[header: "Authorization"] else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        switch parts[0].lowercased() {
        case "bearer": return parts[1]
        case "basic": return BasicPair(parts[1])?.password
        default: return nil
        }
    }

    /// The account and the password of a Basic pair.
    var basic: BasicPair? {
        guard let header = headers[header: "Authorization"], header.lowercased().hasPrefix("basic ") else { return nil }
        return BasicPair(String(header.dropFirst(6)))
    }
}

/// `user:password` as HTTP's Basic authentication sends it (RFC 7617).
struct BasicPair: Sendable, Hashable {
    let user: String
    let password: String

    init?(_ encoded: String) {
        guard let bytes = Base64Text.decode(encoded) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let colon = text.firstIndex(of: ":") else { return nil }
        user = String(text[..<colon])
        password = String(text[text.index(after: colon)...])
    }
}
