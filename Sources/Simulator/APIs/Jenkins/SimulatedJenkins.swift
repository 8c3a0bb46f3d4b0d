import CICore

/// A simulated Jenkins with one multibranch job, whose builds are the scenario's and the one before.
struct SimulatedJenkins: Sendable {
    let scenario: Scenario
    let state: SimulatedState<JenkinsState>
}

/// What it has been told.
struct JenkinsState: Sendable {
    /// The build's description.
    var description: String?
    /// Builds that were queued, each with its parameters.
    var queue: [NamedValues] = []
    /// Sessions that have asked for a crumb, by cookie.
    var sessions: [String: String] = [:]
}

/// How a simulated Jenkins is set up.
package struct JenkinsSetup: Sendable, Hashable {
    /// Parameters of the build that runs; with some, `/build` alone is refused.
    package var parameters: [String: String]
    /// Whether POSTs of password sessions need a crumb.
    package var wantsCrumb: Bool
    /// Lines of the log.
    package var logLines: Int

    package init(parameters: [String: String] = [:], wantsCrumb: Bool = true, logLines: Int = 3) {
        self.parameters = parameters
        self.wantsCrumb = wantsCrumb
        self.logLines = logLines
    }
}

extension SimulatedAPI {
    /// Jenkins' remote API, as far as a CI step needs it.
    package static func jenkins(_ scenario: Scenario, setup: JenkinsSetup = JenkinsSetup()) -> SimulatedAPI {
        let jenkins = SimulatedJenkins(scenario: scenario, state: SimulatedState(JenkinsState()))
        return SimulatedAPI(
            id: "jenkins", routes: jenkins.routes(setup),
            authorize: { request in jenkins.refusal(of: request, setup) },
            refuse: { why, _ in SimulatedJenkins.error(why.status, why.rawValue) },
            exhibit: {
                let notes = jenkins.state { state in
                    (state.description.map { [ShownNote(kind: "Description", text: $0)] } ?? [])
                        + state.queue.map { parameters in
                            let words = parameters.pairs.map { "\($0.name)=\($0.value)" }
                            return ShownNote(
                                kind: "Queued build", text: words.joined(separator: " "), tone: .waiting)
                        }
                }
                return Exhibit(notes: notes)
            })
    }
}

extension Refusal {
    /// The status that servers without words of their own answer with.
    var status: Int { answer.status }
}

extension SimulatedJenkins {
    /// Jetty's page.
    static func error(_ status: Int, _ message: String) -> SimulatedAnswer {
        let answer = SimulatedAnswer.html(
            status,
            "<html><head><title>Error \(status) \(message)</title></head><body><h2>HTTP ERROR \(status) \(message)"
                + "</h2><hr/>Powered by Jetty</body></html>")
        return status == 429 || status == 503 ? answer.with("Retry-After", "1") : answer
    }

    /// Basic authentication by API token or password; a password's POST needs the crumb of its session.
    func refusal(of request: SimulatedRequest, _ setup: JenkinsSetup) -> SimulatedAnswer? {
        guard let pair = request.basic else {
            return Self.error(403, "anonymous is missing the Overall/Read permission")
        }
        guard pair.user == scenario.build.actor, pair.password == scenario.tokens.service else {
            return Self.error(401, "Invalid password/token for user: \(pair.user)")
        }
        guard !request.isReading else { return nil }
        if scenario.tokens.isReadOnly { return Self.error(403, "\(pair.user) is missing the Run/Update permission") }
        let isAPIToken = pair.password.hasPrefix("11") && pair.password.utf8.count == 34
        guard setup.wantsCrumb, !isAPIToken else { return nil }
        let crumb = request.headers[header: "Jenkins-Crumb"] ?? request.form["Jenkins-Crumb"]
        let cookies = request.headers[header: "Cookie"]?.split(separator: ";").map { $0.drop { $0 == " " } } ?? []
        let session = cookies.first { $0.hasPrefix("JSESSIONID=") }.map { String($0.dropFirst("JSESSIONID=".count)) }
        let expected = session.flatMap { session in state { $0.sessions[session] } }
        return crumb != nil && crumb == expected
            ? nil : Self.error(403, "No valid crumb was included in the request")
    }

    private static let job = "/job/{job...}"

    func routes(_ setup: JenkinsSetup) -> [Route] {
        let build = Self.job + "/{number}"
        return [
            Route(.get, "/crumbIssuer/api/json") { _ in setup.wantsCrumb ? crumb() : Self.error(404, "Not Found") },
            Route(.post, build + "/submitDescription", submitDescription),
            Route(.get, build + "/testReport/api/json") { request in withBuild(request) { _ in testReport(request) } },
            Route(.get, build + "/logText/progressiveText") { request in
                withBuild(request) { _ in log(request, lines: setup.logLines) }
            },
            Route(.get, build + "/api/json") { request in
                withBuild(request) { description in .json(200, document(request, description, setup)) }
            },
            Route(.post, Self.job + "/build") { request in
                guard setup.parameters.isEmpty else {
                    return Self.error(400, "\(scenario.repository.name) is parameterized")
                }
                return queued([:], request)
            },
            Route(.post, Self.job + "/buildWithParameters") { request in
                setup.parameters.isEmpty
                    ? Self.error(400, "\(scenario.repository.name) is not parameterized")
                    : queued(request.form, request)
            },
        ]
    }

    /// A fresh session with its crumb.
    private func crumb() -> SimulatedAnswer {
        let (session, crumb) = state { state in
            let session = "node0session\(state.sessions.count + 1)"
            let crumb = "crumb-of-\(session)"
            state.sessions[session] = crumb
            return (session, crumb)
        }
        return .json(
            200,
            [
                "_class": "hudson.security.csrf.DefaultCrumbIssuer", "crumb": .string(crumb),
                "crumbRequestField": "Jenkins-Crumb",
            ], headers: ["Set-Cookie": "JSESSIONID=\(session); Path=/; HttpOnly"])
    }

    /// The scenario's build is the one there is; its job may lie in folders.
    private func withBuild(
        _ request: SimulatedRequest, _ body: (String?) -> SimulatedAnswer
    ) -> SimulatedAnswer {
        let jobs = request["job"].split(separator: "/").enumerated()
        let isPath = jobs.allSatisfy { $0.offset.isMultiple(of: 2) || $0.element == "job" }
        let number = request["number"]
        guard isPath, ["lastBuild", String(scenario.build.runNumber)].contains(number) else {
            return Self.error(404, "Not Found")
        }
        return body(state { $0.description })
    }

    @Sendable private func submitDescription(_ request: SimulatedRequest) -> SimulatedAnswer {
        withBuild(request) { _ in
            guard let text = request.form["description"] ?? request.query["description"] else {
                return Self.error(400, "The parameter description is missing")
            }
            state { $0.description = text }
            return SimulatedAnswer(302, headers: ["Location": request.moment.base + "/"])
        }
    }

    private func queued(_ parameters: NamedValues, _ request: SimulatedRequest) -> SimulatedAnswer {
        let number = state { state in
            state.queue.append(parameters)
            return state.queue.count
        }
        return SimulatedAnswer(201, headers: ["Location": "\(request.moment.base)/queue/item/\(number)/"])
    }

    private func document(
        _ request: SimulatedRequest, _ description: String?, _ setup: JenkinsSetup
    ) -> JSONValue {
        let page = request.target.path.dropLast("api/json".count)
        let parameters = setup.parameters.sorted { $0.key < $1.key }.map { name, value -> JSONValue in
            ["name": .string(name), "value": .string(value)]
        }
        return [
            "_class": "org.jenkinsci.plugins.workflow.job.WorkflowRun", "number": .int(scenario.build.runNumber),
            "actions": parameters.isEmpty ? [] : [["parameters": .array(parameters)]],
            "artifacts": [
                ["fileName": "junit.xml", "relativePath": "out/junit report.xml", "displayPath": "junit report.xml"]
            ],
            "building": true, "result": nil, "description": .text(description),
            "displayName": "#\(scenario.build.runNumber)",
            "fullDisplayName": .string("\(scenario.repository.name) #\(scenario.build.runNumber)"),
            "url": .string(request.moment.base + page),
        ]
    }

    private func testReport(_ request: SimulatedRequest) -> SimulatedAnswer {
        let cases: [JSONValue] = [
            ["className": "cart.Tests", "name": "adds", "status": "PASSED", "duration": 0.25],
            ["className": "cart.Tests", "name": "removes 🧺", "status": "REGRESSION", "duration": 1.5],
        ]
        return .json(
            200,
            [
                "duration": 1.75, "passCount": 1, "failCount": 1, "skipCount": 0,
                "suites": [["name": "cart", "cases": .array(cases)]],
            ])
    }

    /// What was written from a byte on, with the whole size in a header.
    private func log(_ request: SimulatedRequest, lines: Int) -> SimulatedAnswer {
        let text = Array((1...max(1, lines)).map { "line \($0)\n" }.joined().utf8)
        let start = min(text.count, max(0, request.query["start"].flatMap(Int.init) ?? 0))
        return .bytes(
            200, Array(text[start...]), type: "text/plain; charset=utf-8",
            headers: ["X-Text-Size": "\(text.count)", "X-More-Data": "true"])
    }
}
