import CICore

extension ServiceAPI {
    /// Travis CI's API v3: jobs, logs and restarts.
    static let travisCI = ServiceAPI(
        capabilities: Set(TravisCIAPI.advice.keys), advice: TravisCIAPI.advice, topics: [.jobs, .log, .restart],
        connection: TravisCIAPI.connect)
}

/// How Travis CI's API v3 is reached.
enum TravisCIAPI {
    private static let mapping = "put an API token into TRAVIS_TOKEN, in the repository's settings"
    static let advice: [Capability: String] = [.journal: mapping]

    @Sendable static func connect(_ access: APIAccess) -> ServiceConnection {
        let sources = ["DTCI_SERVICE_TOKEN", "TRAVIS_TOKEN"].map { TokenSource($0, .token) }
        guard let token = access.token(sources) else {
            return .closed(Obstacle("no token for Travis CI", advice: mapping))
        }
        guard let build = access["TRAVIS_BUILD_ID"] else {
            return .closed(Obstacle("this build of Travis CI is unknown", advice: "hand TRAVIS_BUILD_ID on"))
        }
        let client = APIClient(
            title: "Travis CI", base: access["DTCI_SERVICE_API_URL"] ?? base(access),
            headers: [
                token.header, HTTPHeader("Travis-API-Version", "3"),
                HTTPHeader("Accept", "application/json, text/plain;q=0.9"),
            ], exchange: access.exchange)
        return ServiceConnection(
            board: .closed(Obstacle("Travis CI shows no text beside a build", advice: "use the status of the forge")),
            testRuns: .closed(Obstacle("Travis CI lists no tests", advice: "read the log or dt-ci's report")),
            journal: .open(
                TravisCIJournal(client: client, build: build, currentJob: access["TRAVIS_JOB_ID"])),
            permissions: {
                await PermissionFinding.reading(advice, token: token, grants: [.journal]) { () async throws(APIError) in
                    _ = try await client.send(APICall(.get, "/build/\(build)"))
                }
            })
    }

    /// A company's own Travis CI has its API below its pages' host.
    private static func base(_ access: APIAccess) -> String {
        let host = access["TRAVIS_BUILD_WEB_URL"].flatMap { RepositoryURL.host(of: $0) } ?? "app.travis-ci.com"
        return host.hasSuffix("travis-ci.com") ? "https://api.travis-ci.com" : "https://\(host)/api"
    }
}

/// What Travis CI's API v3 tells of a build and its jobs.
struct TravisCIJournal: BuildJournal {
    let client: APIClient
    let build: String
    let currentJob: String?

    func jobs() async throws(APIError) -> [BuildJob] {
        let jobs = try await client.list(
            APICall(.get, "/build/\(build)/jobs"),
            paging: .bodyURL(next: ["@pagination", "next", "@href"], elements: "jobs"))
        return jobs.compactMap { job in
            guard let id = job["id"]?.int.map(String.init) else { return nil }
            let names = [job["number"]?.string, job["stage"]?["name"]?.string].compactMap(\.self)
            return BuildJob(
                id: id, name: names.isEmpty ? id : names.joined(separator: " "),
                state: job["state"]?.string ?? "unknown")
        }
    }

    func log(ofJob id: String) async throws(APIError) -> String {
        let answer = try await client.send(APICall(.get, "/job/\(id)/log.txt"))
        return answer.response.isTruncated ? answer.text + "\n… the rest of the log is left out\n" : answer.text
    }

    func restart(job id: String?) async throws(APIError) {
        let path: APIPath = if let id { "/job/\(id)/restart" } else { "/build/\(build)/restart" }
        try await client.send(APICall(.post, path))
    }
}
