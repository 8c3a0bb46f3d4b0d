import CICore

/// A simulated Travis CI with one build.
struct SimulatedTravis: Sendable {
    let scenario: Scenario
    let jobs: SimulatedState<[TravisJob]>
}

/// A job of the build.
struct TravisJob: Sendable {
    let id: Int
    let number: String
    var state: String

    /// Whether it can be started again.
    var isOver: Bool { ["passed", "failed", "errored", "canceled"].contains(state) }
}

extension SimulatedAPI {
    /// Travis CI's API v3, as far as a CI step needs it. The scenario's own job runs, the others have failed.
    package static func travis(_ scenario: Scenario, otherJobs: Int = 2) -> SimulatedAPI {
        let own = TravisJob(id: scenario.build.jobID, number: "\(scenario.build.runNumber).1", state: "started")
        let others = (0..<otherJobs).map { index in
            TravisJob(
                id: scenario.build.jobID + index + 1, number: "\(scenario.build.runNumber).\(index + 2)",
                state: "failed")
        }
        let travis = SimulatedTravis(scenario: scenario, jobs: SimulatedState([own] + others))
        return SimulatedAPI(
            id: "travis", routes: travis.routes, authorize: travis.authorize,
            refuse: { why, _ in
                let answer = SimulatedTravis.error(why.status, why.rawValue, why.rawValue)
                return why.status == 429 ? answer.with("Retry-After", "1") : answer
            },
            exhibit: {
                Exhibit(
                    notes: travis.jobs { $0 }.map { ShownNote(kind: "Job", text: "\($0.number) \($0.state)") })
            })
    }
}

extension SimulatedTravis {
    /// Elements of a page.
    private static let pageSize = 25

    static func error(_ status: Int, _ type: String, _ message: String) -> SimulatedAnswer {
        .json(
            status, ["@type": "error", "error_type": .string(type), "error_message": .string(message)])
    }

    /// Only version 3 is simulated: without it the request would reach another API.
    @Sendable func authorize(_ request: SimulatedRequest) -> SimulatedAnswer? {
        guard request.headers[header: "Travis-API-Version"] == "3" else {
            return .json(404, ["file": "not found"])
        }
        guard request.headers[header: "Authorization"] == "token \(scenario.tokens.service)" else {
            return Self.error(403, "login_required", "login required")
        }
        guard request.isReading || !scenario.tokens.isReadOnly else {
            return Self.error(403, "insufficient_access", "operation requires restart access to build")
        }
        return nil
    }

    var routes: [Route] {
        [
            Route(.get, "/build/{build_id}") { request in
                withBuild(request) {
                    .json(
                        200,
                        [
                            "@type": "build", "@href": .string(request.target.path), "id": .int(scenario.build.runID),
                            "number": .string(String(scenario.build.runNumber)), "state": "started",
                        ])
                }
            },
            Route(.get, "/build/{build_id}/jobs") { request in
                withBuild(request) { page(jobs { $0 }.map(document), of: request) }
            },
            Route(.post, "/build/{build_id}/restart") { request in
                withBuild(request) {
                    restart(request, "build", ofID: scenario.build.runID) { _ in true }
                }
            },
            Route(.get, "/job/{job_id}/log.txt") { request in
                guard jobs({ $0.contains { $0.id == request.number("job_id") } }) else { return Self.notFound }
                return .text(200, "travis_fold:start:test\r\u{1b}[0Kline 1\n##vso[task.complete]\n")
            },
            Route(.post, "/job/{job_id}/restart") { request in
                guard let id = request.number("job_id"), jobs({ $0.contains { $0.id == id } }) else {
                    return Self.notFound
                }
                return restart(request, "job", ofID: id) { $0.id == id }
            },
        ]
    }

    private static let notFound = error(404, "not_found", "job not found (or insufficient access)")

    private func withBuild(_ request: SimulatedRequest, _ body: () -> SimulatedAnswer) -> SimulatedAnswer {
        request.number("build_id") == scenario.build.runID
            ? body() : Self.error(404, "not_found", "build not found (or insufficient access)")
    }

    private func document(_ job: TravisJob) -> JSONValue {
        [
            "@type": "job", "@href": .string("/job/\(job.id)"), "id": .int(job.id), "number": .string(job.number),
            "state": .string(job.state), "stage": ["id": 1, "name": "Test"],
        ]
    }

    private func page(_ all: [JSONValue], of request: SimulatedRequest) -> SimulatedAnswer {
        let size = min(100, max(1, request.query["limit"].flatMap(Int.init) ?? Self.pageSize))
        let offset = max(0, request.query["offset"].flatMap(Int.init) ?? 0)
        let next: JSONValue =
            offset + size < all.count
            ? [
                "@href": .string("\(request.target.path)?limit=\(size)&offset=\(offset + size)"), "limit": .int(size),
                "offset": .int(offset + size),
            ] : nil
        return .json(
            200,
            [
                "@type": "jobs", "@href": .string(request.target.path),
                "jobs": .array(Array(all.dropFirst(offset).prefix(size))),
                "@pagination": [
                    "limit": .int(size), "offset": .int(offset), "count": .int(all.count),
                    "is_first": .bool(offset == 0), "is_last": .bool(offset + size >= all.count), "next": next,
                ],
            ])
    }

    /// What runs cannot be started again; of a build any running job is reason enough.
    private func restart(
        _ request: SimulatedRequest, _ kind: String, ofID id: Int, _ isMeant: (TravisJob) -> Bool
    ) -> SimulatedAnswer {
        jobs { jobs in
            let meant = jobs.indices.filter { isMeant(jobs[$0]) }
            guard meant.allSatisfy({ jobs[$0].isOver }) else {
                return Self.error(
                    409, "\(kind)_already_running", "\(kind) already running, cannot restart")
            }
            for index in meant { jobs[index].state = "created" }
            return .json(
                202,
                [
                    "@type": "pending", "state_change": "restart", "resource_type": .string(kind),
                    kind: ["@type": .string(kind), "id": .int(id)],
                ])
        }
    }
}
