import CICore

extension ServiceAPI {
    /// CircleCI's API v2: jobs, tests and artifacts of a workflow, the tests it found flaky, and another run.
    static let circleCI = ServiceAPI(
        capabilities: Set(CircleCIAPI.advice.keys), advice: CircleCIAPI.advice,
        topics: [.jobs, .tests, .artifacts, .flakyTests, .restart], connection: CircleCIAPI.connect)
}

/// How CircleCI's API v2 is reached.
enum CircleCIAPI {
    private static let mapping = "put a personal API token into CIRCLE_TOKEN, in a context or the project's variables"
    static let advice: [Capability: String] = [.journal: mapping]

    @Sendable static func connect(_ access: APIAccess) -> ServiceConnection {
        let sources = ["DTCI_SERVICE_TOKEN", "CIRCLE_TOKEN", "CIRCLECI_TOKEN"].map {
            TokenSource($0, .header("Circle-Token"))
        }
        guard let token = access.token(sources) else {
            return .closed(Obstacle("no token for CircleCI", advice: mapping))
        }
        guard let slug = slug(access) else {
            return .closed(
                Obstacle("this project of CircleCI is unknown", advice: "hand CIRCLE_BUILD_URL and CIRCLE_* on"))
        }
        let client = APIClient(
            title: "CircleCI", base: access["DTCI_SERVICE_API_URL"] ?? base(access),
            headers: [token.header, HTTPHeader("Accept", "application/json")], exchange: access.exchange)
        let journal = CircleCIJournal(
            client: client, slug: slug, workflow: access["CIRCLE_WORKFLOW_ID"], currentJob: access["CIRCLE_BUILD_NUM"])
        return ServiceConnection(
            board: .closed(Obstacle("CircleCI shows no text beside a build", advice: "use the status of the forge")),
            testRuns: .closed(
                Obstacle("CircleCI reads test reports itself", advice: "add store_test_results to the job")),
            journal: .open(journal),
            permissions: {
                await PermissionFinding.reading(advice, token: token, grants: [.journal]) { () async throws(APIError) in
                    _ = try await client.send(APICall(.get, "/project/\(path: slug)"))
                }
            })
    }

    /// `gh/owner/name`, or `circleci/ORGANIZATION/PROJECT` for projects of GitLab and of the GitHub App.
    private static func slug(_ access: APIAccess) -> String? {
        let segments = pathSegments(of: access["CIRCLE_BUILD_URL"] ?? "")
        let kinds = ["gh": "gh", "github": "gh", "bb": "bb", "bitbucket": "bb", "circleci": "circleci"]
        if let start = segments.firstIndex(where: { kinds[$0] != nil }), segments.count >= start + 3,
            let kind = kinds[segments[start]]
        {
            return ([kind] + segments[(start + 1)...(start + 2)]).joined(separator: "/")
        }
        if let owner = access["CIRCLE_PROJECT_USERNAME"], let name = access["CIRCLE_PROJECT_REPONAME"] {
            let forge = access["CIRCLE_REPOSITORY_URL"].flatMap { RepositoryURL.host(of: $0) } ?? ""
            return "\(forge.contains("bitbucket") ? "bb" : "gh")/\(owner)/\(name)"
        }
        guard let organization = access["CIRCLE_ORGANIZATION_ID"], let project = access["CIRCLE_PROJECT_ID"] else {
            return nil
        }
        return "circleci/\(organization)/\(project)"
    }

    private static func pathSegments(of url: String) -> [String] {
        guard let scheme = url.firstRange(of: "://") else { return [] }
        return url[scheme.upperBound...].split(separator: "/").dropFirst().map(PercentEncoding.decode)
    }

    /// Where CircleCI runs on a company's own server, the build's page is there too.
    private static func base(_ access: APIAccess) -> String {
        let host = access["CIRCLE_BUILD_URL"].flatMap { RepositoryURL.host(of: $0) } ?? "circleci.com"
        return host == "app.circleci.com" || host == "circleci.com"
            ? "https://circleci.com/api/v2" : "https://\(host)/api/v2"
    }
}
