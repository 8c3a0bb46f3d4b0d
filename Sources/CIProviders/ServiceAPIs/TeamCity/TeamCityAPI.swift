import CICore

extension ServiceAPI {
    /// TeamCity's REST API: status text, problems, tags and comment of a build, its tests and artifacts, another build.
    static let teamCity = ServiceAPI(
        capabilities: Set(TeamCityAPI.advice.keys), advice: TeamCityAPI.advice,
        topics: [.jobs, .tests, .artifacts, .restart], connection: TeamCityAPI.connect)
}

/// How TeamCity's REST API is reached.
enum TeamCityAPI {
    private static let mapping = "put an access token into the build parameter env.TEAMCITY_TOKEN"
    static let advice: [Capability: String] = [
        .buildText: "\(mapping), of a user who may \"Edit build\" there",
        .buildTags: "\(mapping), of a user who may \"Tag build\" there",
        .buildProblem: "\(mapping), of a user who may \"Edit build\" there",
        .journal: "\(mapping), of a user who may \"View project\", for restarts \"Run build\"",
    ]

    @Sendable static func connect(_ access: APIAccess) -> ServiceConnection {
        let properties = FactSheet(environment: access.environment, files: access.files).teamCityProperties()
        guard let token = token(access, properties) else {
            return .closed(Obstacle("no token for TeamCity", advice: mapping))
        }
        guard let base = access["DTCI_SERVICE_API_URL"] ?? properties["teamcity.serverUrl"] ?? origin(access),
            let id = properties["teamcity.build.id"] ?? buildID(access["BUILD_URL"] ?? "")
        else {
            return .closed(
                Obstacle(
                    "this build of TeamCity is unknown", advice: "keep TEAMCITY_BUILD_PROPERTIES_FILE readable"))
        }
        let client = APIClient(
            title: "TeamCity", base: base,
            // Without it the server answers in XML; texts come as text/plain only.
            headers: [token.header, HTTPHeader("Accept", "application/json, text/plain;q=0.9")],
            exchange: access.exchange)
        let build = TeamCityBuild(client: client, id: id)
        return ServiceConnection(
            board: .open(TeamCityBuildBoard(build: build)),
            testRuns: .closed(
                Obstacle("TeamCity reads tests from the log", advice: "let dt-ci write service messages")),
            journal: .open(TeamCityBuildJournal(build: build)),
            permissions: {
                await PermissionFinding.reading(advice, token: token, grants: [.journal]) { () async throws(APIError) in
                    _ = try await client.send(APICall(.get, build.path("")))
                }
            })
    }

    /// The build's own account may read its project and write to its own build.
    private static func token(_ access: APIAccess, _ properties: [String: String]) -> FoundToken? {
        let sources = ["DTCI_SERVICE_TOKEN", "TEAMCITY_TOKEN"].map { TokenSource($0, .bearer) }
        if let token = access.token(sources) { return token }
        guard let user = properties["teamcity.auth.userId"], let password = properties["teamcity.auth.password"],
            !user.isEmpty, !password.isEmpty
        else { return nil }
        let secret = Secret(Base64.encode("\(user):\(password)"))
        return FoundToken(
            header: HTTPHeader("Authorization", prefix: "Basic ", secret: secret), variable: "teamcity.auth.password")
    }

    /// `https://host/viewLog.html?buildId=7` and `https://host/buildConfiguration/Project_Build/7`
    private static func buildID(_ url: String) -> String? {
        if let range = url.firstRange(of: "buildId=") {
            let digits = url[range.upperBound...].prefix { $0.isASCII && $0.isNumber }
            return digits.isEmpty ? nil : String(digits)
        }
        let last = url.prefix { $0 != "?" && $0 != "#" }.split(separator: "/").last
        return last.flatMap { Int($0) }.map(String.init)
    }

    /// The server's URL without its pages' paths.
    private static func origin(_ access: APIAccess) -> String? {
        guard let url = access["BUILD_URL"], let scheme = url.firstRange(of: "://") else { return nil }
        let pages = ["/viewLog.html", "/buildConfiguration/", "/build/"]
        let page = pages.compactMap { url.firstRange(of: $0)?.lowerBound }.min()
        let end = page ?? url[scheme.upperBound...].firstIndex(of: "/") ?? url.endIndex
        return String(url[..<end])
    }
}

/// One build of TeamCity.
struct TeamCityBuild: Sendable {
    let client: APIClient
    /// The server's, not the number that people see.
    let id: String

    /// A path below this build, or another one.
    func path(_ rest: String, ofBuild id: String? = nil) -> APIPath {
        APIPath(stringLiteral: "/app/rest/builds/id:\(PercentEncoding.encode(id ?? self.id))\(rest)")
    }

    /// A call with a text as its body.
    func text(_ method: HTTPRequest.Method, _ rest: String, _ text: String) -> APICall {
        APICall(
            method, path(rest), headers: [HTTPHeader("Content-Type", "text/plain; charset=utf-8")],
            body: HTTPBody(Array(text.utf8)))
    }
}
