import CICore

/// What CircleCI's API v2 tells of a workflow and its jobs; their numbers are the ids.
struct CircleCIJournal: BuildJournal {
    let client: APIClient
    /// `gh/owner/name`
    let slug: String
    /// `nil` outside of a workflow.
    let workflow: String?
    let currentJob: String?
    private static let paging = Pagination.bodyToken(next: "next_page_token", query: "page-token", elements: "items")

    init(client: APIClient, slug: String, workflow: String?, currentJob: String?) {
        self.client = client
        self.slug = slug
        self.workflow = workflow
        self.currentJob = currentJob
    }

    func jobs() async throws(APIError) -> [BuildJob] {
        try await workflowJobs().compactMap { job in
            // A job that waits for approval, or has not begun, has no number yet.
            guard let id = job["job_number"]?.int.map(String.init) ?? job["id"]?.string else { return nil }
            return BuildJob(id: id, name: job["name"]?.string ?? id, state: job["status"]?.string ?? "unknown")
        }
    }

    func tests(ofJob id: String) async throws(APIError) -> [JournalTest] {
        let tests = try await client.list(
            APICall(.get, "/project/\(path: slug)/\(try await number(ofJob: id))/tests"), paging: Self.paging)
        return tests.map { test in
            JournalTest(
                name: test["name"]?.string ?? "", className: test["classname"]?.string, file: test["file"]?.string,
                result: test["result"]?.string ?? "unknown",
                duration: test["run_time"]?.double.map { .microseconds(Int64($0 * 1_000_000)) })
        }
    }

    func artifacts(ofJob id: String) async throws(APIError) -> [JournalArtifact] {
        let artifacts = try await client.list(
            APICall(.get, "/project/\(path: slug)/\(try await number(ofJob: id))/artifacts"), paging: Self.paging)
        return artifacts.compactMap { artifact in
            artifact["path"]?.string.map { JournalArtifact(path: $0, url: artifact["url"]?.string) }
        }
    }

    /// Tests that passed and failed on the same commit within the last two weeks.
    func flakyTests() async throws(APIError) -> [JournalTest] {
        let document = try await client.send(APICall(.get, "/insights/\(path: slug)/flaky-tests")).json()
        return (document["flaky-tests"]?.array ?? []).map { test in
            let times = test["times-flaked"]?.int ?? 0
            return JournalTest(
                name: test["test-name"]?.string ?? "", className: test["classname"]?.string,
                file: test["file"]?.string, result: "flaked \(times) \(times == 1 ? "time" : "times")")
        }
    }

    func restart(job id: String?) async throws(APIError) {
        let workflow = try requireWorkflow()
        var jobs: [String] = []
        if let id {
            let job = try await workflowJobs().first {
                $0["job_number"]?.int.map(String.init) == id || $0["id"]?.string == id
            }
            guard let uuid = job?["id"]?.string else {
                throw APIError(.notFound, "CircleCI: job \(id)", detail: "the workflow has no such job")
            }
            jobs = [uuid]
        }
        let call = APICall(.post, "/workflow/\(workflow)/rerun").json { writer in
            guard !jobs.isEmpty else { return }
            writer.key("jobs")
            writer.array(jobs) { $0.value($1) }
        }
        try await client.send(call)
    }

    private func workflowJobs() async throws(APIError) -> [JSONValue] {
        try await client.list(APICall(.get, "/workflow/\(try requireWorkflow())/job"), paging: Self.paging)
    }

    private func requireWorkflow() throws(APIError) -> String {
        guard let workflow else {
            throw APIError(.notFound, "CircleCI: workflow", detail: "CIRCLE_WORKFLOW_ID is not set")
        }
        return workflow
    }

    /// A job's number where its UUID was given.
    private func number(ofJob id: String) async throws(APIError) -> String {
        guard Int(id) == nil else { return id }
        let job = try await workflowJobs().first { $0["id"]?.string == id }
        guard let number = job?["job_number"]?.int else {
            throw APIError(
                .notFound, "CircleCI: job \(id)", detail: "the workflow has no such job, or it has not begun")
        }
        return String(number)
    }
}
