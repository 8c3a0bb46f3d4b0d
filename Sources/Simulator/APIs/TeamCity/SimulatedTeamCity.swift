import CICore

/// A simulated TeamCity with one build.
struct SimulatedTeamCity: Sendable {
    let scenario: Scenario
    let state: SimulatedState<TeamCityState>
}

/// What it has been told.
struct TeamCityState: Sendable {
    /// `running` or `finished`.
    var phase: String
    var statusText = "Running"
    var comment: String?
    var tags: [String] = []
    var problems: [String] = []
    /// Build configurations and branches that were queued.
    var queue: [String] = []
    var tests: Int
}

extension SimulatedAPI {
    /// TeamCity's REST API, as far as a CI step needs it; `isRunning` is whether the build still runs.
    package static func teamCity(_ scenario: Scenario, isRunning: Bool = true, tests: Int = 3) -> SimulatedAPI {
        let phase = isRunning ? "running" : "finished"
        let teamCity = SimulatedTeamCity(
            scenario: scenario, state: SimulatedState(TeamCityState(phase: phase, tests: tests)))
        return SimulatedAPI(
            id: "teamcity", routes: teamCity.routes, authorize: teamCity.authorize,
            refuse: { why, request in SimulatedTeamCity.error(why.status, why.rawValue, request) },
            exhibit: teamCity.exhibit)
    }
}

extension SimulatedTeamCity {
    @Sendable func exhibit() -> Exhibit {
        state { state in
            let texts =
                [ShownNote(kind: "Status text", text: state.statusText)]
                + (state.comment.map { [ShownNote(kind: "Comment", text: $0)] } ?? [])
            let lists =
                state.tags.map { ShownNote(kind: "Tag", text: $0) }
                + state.problems.map { ShownNote(kind: "Build problem", text: $0, tone: .bad) }
                + state.queue.map { ShownNote(kind: "Queued build", text: $0, tone: .waiting) }
            return Exhibit(notes: texts + lists)
        }
    }

    /// JSON to who asks for it, XML to everybody else.
    static func error(_ status: Int, _ message: String, _ request: SimulatedRequest) -> SimulatedAnswer {
        let text = "Responding with error, status code: \(status)."
        guard request.acceptsJSON else {
            return .bytes(
                status,
                Array(
                    "<?xml version=\"1.0\"?><errors><error><message>\(message)</message></error></errors>".utf8),
                type: "application/xml")
        }
        return .json(
            status, ["errors": [["message": .string(message), "statusText": .string(text)]]])
    }

    /// A token as Bearer, or the build's own account by Basic, which may read and write its own build only.
    @Sendable func authorize(_ request: SimulatedRequest) -> SimulatedAnswer? {
        let own = request.basic.map {
            $0.user == "TeamCityBuildId=\(scenario.build.runID)" && $0.password == scenario.tokens.job
        }
        let isBearer = request.headers[header: "Authorization"] == "Bearer \(scenario.tokens.service)"
        guard isBearer || own == true else {
            return Self.error(401, "Incorrect username or password.", request).with(
                "WWW-Authenticate", "Basic realm=\"TeamCity\"")
        }
        let isQueue = request.target.template?.hasSuffix("/buildQueue") ?? false
        guard request.isReading || (!scenario.tokens.isReadOnly && (isBearer || !isQueue)) else {
            return Self.error(403, "You do not have \"Edit build\" permission in project with id: Widgets", request)
        }
        return nil
    }

    private static let build = "/app/rest/builds/id:{id}"

    var routes: [Route] {
        [
            Route(.get, Self.build) { request in withBuild(request) { .json(200, document($0)) } },
            Route(.put, Self.build + "/statusText") { request in
                withBuild(request) { state in
                    guard state.phase == "running" else {
                        return Self.error(400, "Cannot set status text for a build which is not running", request)
                    }
                    state.statusText = request.text
                    return .text(200, state.statusText)
                }
            },
            Route(.put, Self.build + "/comment") { request in
                withBuild(request) { state in
                    state.comment = request.text
                    return .empty(204)
                }
            },
            Route(.get, Self.build + "/tags") { request in withBuild(request) { .json(200, Self.tags($0.tags)) } },
            Route(.post, Self.build + "/tags") { request in
                withBuild(request) { state in
                    let names = (request.json?["tag"]?.array ?? []).compactMap { $0["name"]?.string }
                    for name in names where !state.tags.contains(name) { state.tags.append(name) }
                    return .json(200, Self.tags(names))
                }
            },
            Route(.get, Self.build + "/problemOccurrences") { request in
                withBuild(request) { state in
                    .json(200, ["problemOccurrence": .array(state.problems.map { ["details": .string($0)] })])
                }
            },
            Route(.post, Self.build + "/problemOccurrences") { request in
                withBuild(request) { state in
                    guard request.text.utf16.count <= 4_000 else {
                        return Self.error(400, "The problem's description is too long", request)
                    }
                    state.problems.append(request.text)
                    return .json(200, ["details": .string(request.text), "type": "TC_USER_PROVIDED"])
                }
            },
            Route(.get, Self.build + "/artifacts") { request in withBuild(request) { _ in .json(200, artifacts) } },
            Route(.get, "/app/rest/testOccurrences", tests), Route(.post, "/app/rest/buildQueue", enqueue),
        ]
    }

    private func withBuild(
        _ request: SimulatedRequest, _ body: (inout TeamCityState) -> SimulatedAnswer
    ) -> SimulatedAnswer {
        guard request.number("id") == scenario.build.runID else {
            return Self.error(404, "No build found by locator 'id:\(request["id"])'.", request)
        }
        guard request.acceptsJSON else {
            return .bytes(200, Array("<?xml version=\"1.0\"?><build/>".utf8), type: "application/xml")
        }
        return state { body(&$0) }
    }

    private func document(_ state: TeamCityState) -> JSONValue {
        [
            "id": .int(scenario.build.runID), "number": .string(String(scenario.build.runNumber)), "status": "SUCCESS",
            "state": .string(state.phase), "buildTypeId": "Widgets_Test", "branchName": .string(scenario.source.branch),
            "defaultBranch": false, "statusText": .string(state.statusText),
            "webUrl": .string("https://teamcity.example/buildConfiguration/Widgets_Test/\(scenario.build.runID)"),
            "buildType": ["id": "Widgets_Test", "name": .string(scenario.build.jobName)],
        ]
    }

    private static func tags(_ names: [String]) -> JSONValue {
        ["count": .int(names.count), "tag": .array(names.map { ["name": .string($0)] })]
    }

    private var artifacts: JSONValue {
        let content = "/app/rest/builds/id:\(scenario.build.runID)/artifacts/content/out/junit.xml"
        return [
            "count": 2,
            "file": [
                ["name": "out", "fullName": "out"],
                [
                    "name": "junit.xml", "fullName": "out/junit.xml", "size": 4_096,
                    "content": ["href": .string(content)],
                ],
            ],
        ]
    }

    /// The parts of a locator such as `build:(id:7),count:100,start:200`.
    private static func part(_ name: String, of locator: String) -> Int? {
        guard let range = locator.firstRange(of: "\(name):") else { return nil }
        return Int(locator[range.upperBound...].prefix { $0.isASCII && $0.isNumber })
    }

    @Sendable private func tests(_ request: SimulatedRequest) -> SimulatedAnswer {
        let locator = request.query["locator"] ?? ""
        guard Self.part("id", of: locator) == scenario.build.runID else {
            return Self.error(404, "No build found by locator '\(locator)'.", request)
        }
        // The server hands out fewer at a time than it is asked for.
        let size = min(100, Self.part("count", of: locator) ?? 100)
        let start = Self.part("start", of: locator) ?? 0
        let total = state { $0.tests }
        let numbers = start < total ? Array(start..<min(total, start + size)) : []
        let page = numbers.map { number -> JSONValue in
            [
                "name": .string("cart: test \(number + 1)"), "status": number == 1 ? "FAILURE" : "NORMAL",
                "ignored": .bool(number == 2), "duration": 250,
            ]
        }
        var document: JSONValue = ["count": .int(page.count), "testOccurrence": .array(page)]
        if start + size < total {
            let next = "build:(id:\(scenario.build.runID)),count:\(size),start:\(start + size)"
            document = document.merging(["nextHref": .string("/app/rest/testOccurrences?locator=\(next)")])
        }
        return .json(200, document)
    }

    @Sendable private func enqueue(_ request: SimulatedRequest) -> SimulatedAnswer {
        guard request.json?["buildType"]?["id"]?.string == "Widgets_Test" else {
            return Self.error(404, "No build type nor template is found by id.", request)
        }
        let branch = request.json?["branchName"]?.string ?? "<default>"
        state { $0.queue.append("Widgets_Test \(branch)") }
        return .json(
            200, ["id": .int(scenario.build.runID + 1), "state": "queued", "buildTypeId": "Widgets_Test"])
    }
}

extension SimulatedRequest {
    /// Whether the caller takes JSON.
    fileprivate var acceptsJSON: Bool { headers[header: "Accept"]?.contains("application/json") ?? false }
}
