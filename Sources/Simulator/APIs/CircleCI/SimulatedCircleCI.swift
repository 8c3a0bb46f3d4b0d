import CICore

/// A simulated CircleCI with one workflow.
struct SimulatedCircleCI: Sendable {
    let scenario: Scenario
    let workflow: CircleCIWorkflow
    let reruns = SimulatedState<[[String]]>([])
}

/// The workflow that a simulated CircleCI runs.
package struct CircleCIWorkflow: Sendable, Hashable {
    /// Jobs beside the scenario's own.
    package var otherJobs: Int
    /// Tests that each job has stored.
    package var tests: Int

    package init(otherJobs: Int = 2, tests: Int = 3) {
        self.otherJobs = otherJobs
        self.tests = tests
    }

    /// As in the job's environment.
    package static let id = "f1c2a5d4-8a0b-4b59-9a0f-1c6d8f2e7b11"
    /// The scenario's job in that workflow.
    package static let job = "0d5f3b0c-3b57-4b1e-9d19-7a2c1e9a4f60"
}

extension SimulatedAPI {
    /// CircleCI's API v2, as far as a CI step needs it; below `/api/v2` as at CircleCI.
    package static func circleCI(
        _ scenario: Scenario, workflow: CircleCIWorkflow = CircleCIWorkflow()
    ) -> SimulatedAPI {
        let circle = SimulatedCircleCI(scenario: scenario, workflow: workflow)
        return SimulatedAPI(
            id: "circleci", routes: circle.routes, authorize: circle.authorize,
            refuse: { why, _ in
                let answer = SimulatedAnswer.message(why.status, why.rawValue)
                return why.status == 429 ? answer.with("Retry-After", "1") : answer
            },
            exhibit: {
                Exhibit(
                    notes: circle.reruns { $0 }.map { jobs in
                        ShownNote(kind: "Rerun", text: jobs.isEmpty ? "all jobs" : jobs.joined(separator: " "))
                    })
            })
    }
}

extension SimulatedCircleCI {
    private static let base = "/api/v2"
    /// Elements of a page.
    private static let pageSize = 50

    @Sendable func authorize(_ request: SimulatedRequest) -> SimulatedAnswer? {
        let token = request.headers[header: "Circle-Token"] ?? request.basic?.user
        guard let token else { return .message(401, "You must log in first.") }
        guard token == scenario.tokens.service else { return .message(401, "Invalid token provided.") }
        guard request.isReading || !scenario.tokens.isReadOnly else { return .message(403, "Permission denied.") }
        return nil
    }

    var routes: [Route] {
        let project = Self.base + "/project/{vcs}/{owner}/{name}"
        return [
            Route(.get, Self.base + "/me") { _ in
                .json(
                    200,
                    ["id": "u1", "login": .string(scenario.build.actor), "name": .string(scenario.build.actor)])
            },
            Route(.get, project) { request in
                withProject(request) {
                    let owner = scenario.repository.owner
                    return .json(
                        200,
                        [
                            "slug": .string(slug(request)), "name": .string(scenario.repository.name),
                            "id": "6b1f0c9e-2f5a-4d8b-8a53-1c7f3e9d2b40", "organization_name": .string(owner),
                            "organization_slug": .string("gh/\(owner)"),
                            "organization_id": "c5a1d7e2-9b34-4f60-a1c8-7d2e5f8b3a91",
                            "vcs_info": [
                                "vcs_url": .string("https://github.com/\(scenario.repository.slug)"),
                                "provider": "GitHub", "default_branch": .string(scenario.repository.defaultBranch),
                            ],
                        ])
                }
            },
            Route(.get, project + "/{job_number}/artifacts") { request in
                withJob(request) { number in Self.page([artifact(number)], of: request) }
            },
            Route(.get, project + "/{job_number}/tests") { request in
                withJob(request) { number in Self.page((1...max(1, workflow.tests)).map(test), of: request) }
            },
            Route(.get, Self.base + "/workflow/{id}/job") { request in
                withWorkflow(request) { Self.page(jobs, of: request) }
            },
            Route(.post, Self.base + "/workflow/{id}/rerun", rerun),
            Route(.get, Self.base + "/insights/{vcs}/{owner}/{name}/flaky-tests") { request in
                withProject(request) { .json(200, flaky) }
            },
        ]
    }

    private func slug(_ request: SimulatedRequest) -> String {
        [request["vcs"], request["owner"], request["name"]].joined(separator: "/")
    }

    private func withProject(_ request: SimulatedRequest, _ body: () -> SimulatedAnswer) -> SimulatedAnswer {
        let isKnown =
            ["gh", "bb"].contains(request["vcs"])
            ? "\(request["owner"])/\(request["name"])" == scenario.repository.slug : request["vcs"] == "circleci"
        return isKnown ? body() : .message(404, "Project not found")
    }

    private func withJob(_ request: SimulatedRequest, _ body: (Int) -> SimulatedAnswer) -> SimulatedAnswer {
        withProject(request) {
            let numbers = jobs.compactMap { $0["job_number"]?.int }
            guard let number = request.number("job_number"), numbers.contains(number) else {
                return .message(404, "Job not found")
            }
            return body(number)
        }
    }

    private func withWorkflow(_ request: SimulatedRequest, _ body: () -> SimulatedAnswer) -> SimulatedAnswer {
        request["id"] == CircleCIWorkflow.id ? body() : .message(404, "Workflow not found")
    }

    /// One page and the token of the next, which is `null` at the end.
    private static func page(_ all: [JSONValue], of request: SimulatedRequest) -> SimulatedAnswer {
        let start = request.query["page-token"].flatMap { $0.hasPrefix("next-") ? Int($0.dropFirst(5)) : nil } ?? 0
        let page = Array(all.dropFirst(start).prefix(pageSize))
        let next = start + pageSize < all.count ? "next-\(start + pageSize)" : nil
        return .json(200, ["items": .array(page), "next_page_token": .text(next)])
    }

    private var jobs: [JSONValue] {
        let own = job(
            id: CircleCIWorkflow.job, number: scenario.build.runNumber, name: scenario.build.jobName, "running")
        let others = (0..<workflow.otherJobs).map { index in
            job(
                id: "00000000-0000-4000-8000-\(100_000_000_000 + index)",
                number: scenario.build.runNumber + index + 1, name: "job-\(index + 1)", "success")
        }
        let waiting: JSONValue = [
            "id": "00000000-0000-4000-8000-200000000000", "name": "approve", "status": "on_hold", "type": "approval",
            "dependencies": [], "started_at": "2025-06-15T15:06:40Z", "project_slug": "gh/\(scenario.repository.slug)",
        ]
        return [own] + others + [waiting]
    }

    private func job(id: String, number: Int, name: String, _ status: String) -> JSONValue {
        [
            "id": .string(id), "job_number": .int(number), "name": .string(name), "status": .string(status),
            "type": "build", "dependencies": [], "started_at": "2025-06-15T15:06:40Z",
            "project_slug": .string("gh/\(scenario.repository.slug)"),
        ]
    }

    private func artifact(_ number: Int) -> JSONValue {
        [
            "path": "out/junit.xml", "node_index": 0,
            "url": .string("https://output.circle-artifacts.com/output/job/\(number)/artifacts/0/out/junit.xml"),
        ]
    }

    private func test(_ number: Int) -> JSONValue {
        [
            "name": .string("test_\(number)"), "classname": "cart.Tests", "file": "tests/cart.py",
            "result": number == 2 ? "failure" : "success", "run_time": 0.25, "message": "", "source": "unknown",
        ]
    }

    private var flaky: JSONValue {
        [
            "total-flaky-tests": 1,
            "flaky-tests": [
                [
                    "test-name": "test_2 \u{202e}كسول", "classname": "cart.Tests", "file": "tests/cart.py",
                    "times-flaked": 3, "source": "unknown", "job-name": .string(scenario.build.jobName),
                    "job-number": .int(scenario.build.runNumber), "pipeline-number": 12, "workflow-name": "test",
                    "workflow-id": .string(CircleCIWorkflow.id), "workflow-created-at": "2025-06-15T15:06:40Z",
                ]
            ],
        ]
    }

    @Sendable private func rerun(_ request: SimulatedRequest) -> SimulatedAnswer {
        withWorkflow(request) {
            let wanted = (request.json?["jobs"]?.array ?? []).compactMap(\.string)
            let known = jobs.compactMap { $0["id"]?.string }
            guard request.json != nil, wanted.allSatisfy(known.contains) else {
                return .message(400, "Job not found in workflow")
            }
            reruns { $0.append(wanted) }
            return .json(202, ["workflow_id": "a2c5f3c1-2222-4c4c-8b0b-0f1e2d3c4b5a"])
        }
    }
}
