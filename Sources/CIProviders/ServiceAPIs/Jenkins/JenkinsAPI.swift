import CICore

extension ServiceAPI {
    /// Jenkins' remote API: the build's description, its tests, artifacts and log, and another build of the same kind.
    static let jenkins = ServiceAPI(
        capabilities: Set(JenkinsAPI.advice.keys), advice: JenkinsAPI.advice,
        topics: [.jobs, .tests, .artifacts, .log, .restart], connection: JenkinsAPI.connect)
}

/// How Jenkins' remote API is reached.
enum JenkinsAPI {
    private static let mapping = "bind an API token to JENKINS_API_TOKEN and its user's id to JENKINS_USER"
    static let advice: [Capability: String] = [
        .buildText: "\(mapping), and grant the user Run/Update",
        .journal: "\(mapping), and grant the user Job/Read, for restarts Job/Build",
    ]

    @Sendable static func connect(_ access: APIAccess) -> ServiceConnection {
        guard let user = access["JENKINS_USER"] ?? access["JENKINS_USER_ID"],
            let token = access.token(sources(user: user)), let password = access[token.variable]
        else { return .closed(Obstacle("no user and token for Jenkins", advice: mapping)) }
        guard let base = access["DTCI_SERVICE_API_URL"] ?? access["JENKINS_URL"], let job = jobPath(access),
            let number = access["BUILD_NUMBER"]
        else {
            return .closed(
                Obstacle("this build of Jenkins is unknown", advice: "hand JENKINS_URL, BUILD_URL and BUILD_NUMBER on"))
        }
        let client = APIClient(
            title: "Jenkins", base: base, headers: [token.header, HTTPHeader("Accept", "application/json, */*;q=0.5")],
            exchange: access.exchange)
        let build = JenkinsBuild(
            client: client, needsCrumb: !isAPIToken(password), job: job, number: number,
            page: access["JOB_URL"] ?? base + job)
        return ServiceConnection(
            board: .open(JenkinsBuildBoard(build: build)), testRuns: .closed(noTestRuns),
            journal: .open(JenkinsBuildJournal(build: build)),
            permissions: {
                await PermissionFinding.reading(advice, token: token, grants: [.journal]) { () async throws(APIError) in
                    _ = try await client.send(APICall(.get, build.path("/api/json"), query: [("tree", "number")]))
                }
            })
    }

    private static let noTestRuns = Obstacle(
        "Jenkins reads test reports itself", advice: "add junit 'PATH' to the pipeline's post section")

    private static func sources(user: String) -> [TokenSource] {
        ["DTCI_SERVICE_TOKEN", "JENKINS_API_TOKEN"].map {
            TokenSource($0, .basic(userVariable: nil, user: user))
        }
    }

    /// API tokens since Jenkins 2.129 are `11` and 32 hexadecimal digits, older ones 32; all else is a password.
    private static func isAPIToken(_ password: String) -> Bool {
        let digits = password.utf8.count == 34 && password.hasPrefix("11") ? password.dropFirst(2) : password[...]
        return digits.utf8.count == 32 && digits.allSatisfy { $0.isASCII && $0.isHexDigit && !$0.isUppercase }
    }

    /// `/job/folder/job/name`, encoded. The build's URL has it as Jenkins itself writes it; a name of `JOB_NAME` such as
    /// `feature%2Fcart` is a name with a percent sign in it and is encoded like any other.
    private static func jobPath(_ access: APIAccess) -> String? {
        if let url = access["BUILD_URL"], let start = url.firstRange(of: "/job/") {
            let segments = url[start.lowerBound...].prefix { $0 != "?" && $0 != "#" }.split(separator: "/")
            if segments.count >= 3 { return "/" + segments.dropLast().joined(separator: "/") }
        }
        return access["JOB_NAME"].map { name in
            name.split(separator: "/").map { "/job/" + PercentEncoding.encode(String($0)) }.joined()
        }
    }
}
