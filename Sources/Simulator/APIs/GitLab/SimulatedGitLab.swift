import CICore

extension SimulatedAPI {
    /// GitLab's API with one project, one merge request and the pipeline of the scenario.
    package static func gitLab(_ scenario: Scenario) -> SimulatedAPI {
        SimulatedGitLab(scenario, SimulatedState(GitLabState(scenario))).api
    }
}

/// GitLab as its clients and visitors see it.
struct SimulatedGitLab: Sendable {
    let scenario: Scenario
    let state: SimulatedState<GitLabState>

    init(_ scenario: Scenario, _ state: SimulatedState<GitLabState>) {
        self.scenario = scenario
        self.state = state
    }

    var api: SimulatedAPI {
        SimulatedAPI(
            id: "gitlab", routes: accountRoutes + statusRoutes + noteRoutes + packageRoutes + fileRoutes + badgeRoutes,
            authorize: authorize, refuse: Self.refuse, exhibit: { state { $0.exhibit(scenario) } })
    }

    /// The root of all paths.
    static let root = "/api/v4"
    /// The root of a project's paths.
    static let project = "/api/v4/projects/{id}"

    private var accountRoutes: [Route] {
        [
            Route(.get, "\(Self.root)/user") { _ in .json(200, account) },
            Route(.get, "\(Self.root)/job") { request in
                .json(
                    200,
                    [
                        "id": .int(scenario.build.jobID), "name": .string(scenario.build.jobName), "status": "running",
                        "stage": "test", "ref": .string(scenario.source.branch), "tag": false, "allow_failure": false,
                        "created_at": .string(request.moment.timestamp),
                    ])
            },
            Route(.get, "\(Self.root)/metadata") { _ in
                .json(200, ["version": "18.5.0", "revision": "9d1f0c2ab34", "enterprise": true])
            },
            Route(.get, "\(Self.project)/pipelines/latest") { request in
                .json(
                    200,
                    [
                        "id": .int(scenario.build.runID - 1), "iid": .int(scenario.build.runNumber - 1),
                        "project_id": .int(scenario.repository.id), "sha": .string(scenario.source.base),
                        "ref": .string(scenario.repository.defaultBranch), "status": "success", "source": "push",
                        "created_at": .string(request.moment.timestamp),
                    ])
            },
        ]
    }

    /// The account whose token the forge's is.
    var account: JSONValue {
        [
            "id": 71, "username": .string(scenario.bot), "name": "dt-ci", "state": "active", "locked": false,
            "avatar_url": .string("https://gitlab.com/uploads/-/\(scenario.bot).png"),
            "web_url": .string("https://gitlab.com/\(scenario.bot)"),
        ]
    }
}

extension SimulatedGitLab {
    /// A job's own token opens packages and the job itself; the others open everything.
    private func authorize(_ request: SimulatedRequest) -> SimulatedAnswer? {
        let template = request.target.template ?? ""
        if let token = request.headers[header: "JOB-TOKEN"] {
            let isOpen = template.contains("/packages/generic/") || template.hasSuffix("/job")
            guard isOpen, token == scenario.tokens.job else { return Self.unauthorized }
        } else {
            let bearer = request.headers[header: "Authorization"].flatMap {
                $0.hasPrefix("Bearer ") ? String($0.dropFirst(7)) : nil
            }
            guard let token = request.headers[header: "PRIVATE-TOKEN"] ?? bearer, token == scenario.tokens.forge,
                !template.hasSuffix("/job")
            else { return Self.unauthorized }
            if scenario.tokens.isReadOnly, !request.isReading { return Self.refuse(.readOnly, request) }
        }
        // The fork's project is its owner's alone.
        let isOther = template.hasPrefix(Self.project) && !isOurs(request["id"])
        return isOther ? .message(404, "404 Project Not Found") : nil
    }

    private func isOurs(_ project: String) -> Bool {
        project == String(scenario.repository.id) || project == scenario.repository.slug
    }

    private static let unauthorized = SimulatedAnswer.message(401, "401 Unauthorized")

    private static func refuse(_ why: Refusal, _ request: SimulatedRequest) -> SimulatedAnswer {
        switch why {
        case .notFound: .json(404, ["error": "404 Not Found"])
        case .methodNotAllowed: .json(405, ["error": "405 Method Not Allowed"])
        case .rateLimited, .secondaryLimited:
            SimulatedAnswer.text(429, "Retry later\n").with("Retry-After", "1").with("RateLimit-Limit", "600")
                .with("RateLimit-Remaining", "0").with("RateLimit-Reset", String(request.moment.seconds + 1))
        case .readOnly:
            .json(
                403,
                [
                    "error": "insufficient_scope", "scope": "api",
                    "error_description": "The request requires higher privileges than provided by the access token.",
                ])
        case .tooLarge: .json(413, ["error": "413 Request Entity Too Large"])
        case .unavailable: .html(503, "<html><body>GitLab is not responding</body></html>")
        }
    }
}

extension SimulatedRequest {
    /// One page of a list as GitLab cuts it, with the headers that say so.
    func gitLabPage(_ elements: [JSONValue]) -> SimulatedAnswer {
        let size = min(max(query["per_page"].flatMap { Int($0) } ?? 20, 1), 100)
        let page = max(query["page"].flatMap { Int($0) } ?? 1, 1)
        let pages = max(1, (elements.count + size - 1) / size)
        let start = min((page - 1) * size, elements.count)
        let part = elements[start..<min(start + size, elements.count)]
        return .json(
            200, .array(Array(part)),
            headers: [
                "X-Page": String(page), "X-Per-Page": String(size), "X-Total": String(elements.count),
                "X-Total-Pages": String(pages), "X-Next-Page": page < pages ? String(page + 1) : "",
                "X-Prev-Page": page > 1 ? String(page - 1) : "",
            ])
    }
}
