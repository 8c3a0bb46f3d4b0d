import CICore

/// Jobs, tests, artifacts and logs of a build of Azure Pipelines.
struct AzureBuildJournal: BuildJournal {
    let build: AzureBuild

    var currentJob: String? { build.environment["SYSTEM_JOBID"] }

    func jobs() async throws(APIError) -> [BuildJob] {
        let page = build.environment.context.execution.run.url
        return try await records().filter { $0["type"]?.string == "Job" }.compactMap { record in
            guard let id = record["id"]?.string else { return nil }
            let state = record["result"]?.string ?? record["state"]?.string ?? "unknown"
            return BuildJob(
                id: id, name: record["name"]?.string ?? id, state: state, url: page.map { "\($0)&view=logs&j=\(id)" })
        }
    }

    /// Of the whole build: test runs don't tell their jobs' ids.
    func tests(ofJob id: String) async throws(APIError) -> [JournalTest] {
        let runs = try await build.api.list(
            APICall(.get, "/\(build.project)/_apis/test/runs", query: [("buildUri", build.uri)]))
        var tests: [JournalTest] = []
        for run in runs.compactMap({ $0["id"]?.int }) {
            let path: APIPath = "/\(build.project)/_apis/test/Runs/\(run)/results"
            let results = try await build.api.list(
                APICall(.get, path, query: [("$top", "1000")]), paging: .skip(top: 1_000, elements: "value"))
            tests += results.map { JournalTest(azure: $0) }
        }
        return tests
    }

    func artifacts(ofJob id: String) async throws(APIError) -> [JournalArtifact] {
        let path: APIPath = "/\(build.project)/_apis/build/builds/\(build.id)/artifacts"
        return try await build.api.list(APICall(.get, path)).compactMap { artifact in
            let source = artifact["source"]?.string
            guard let name = artifact["name"]?.string, source == nil || source == id else { return nil }
            let size = artifact["resource"]?["properties"]?["artifactsize"]?.string.flatMap { Int64($0) }
            return JournalArtifact(path: name, url: artifact["resource"]?["downloadUrl"]?.string, size: size)
        }
    }

    /// At most the last 5,000 lines.
    func log(ofJob id: String) async throws(APIError) -> String {
        let record = try await records().first { $0["id"]?.string == id }
        guard let number = record?["log"]?["id"]?.int else {
            throw APIError(.notFound, "Azure Pipelines: log of job \(id)", detail: "the job has no log yet")
        }
        let logs: APIPath = "/\(build.project)/_apis/build/builds/\(build.id)/logs"
        let entry = try await build.api.list(APICall(.get, logs)).first { $0["id"]?.int == number }
        let start = (entry?["lineCount"]?.int ?? 0) - 5_000
        let answer = try await build.api.send(
            APICall(
                .get, "/\(build.project)/_apis/build/builds/\(build.id)/logs/\(number)",
                query: start > 0 ? [("startLine", String(start))] : []))
        // Text or a list of lines, as the server likes to understand `Accept`.
        guard answer.response[header: "Content-Type"]?.contains("json") == true else { return answer.text }
        let document = try answer.json()
        return document.string ?? document["value"]?.array.compactMap(\.string).joined(separator: "\n") ?? ""
    }

    /// The build's stages, jobs and tasks. Its own timeline has the same id in every build.
    private func records() async throws(APIError) -> [JSONValue] {
        let timeline = build.environment["SYSTEM_TIMELINEID"] ?? "96ac2280-8cb4-5df5-99de-dd2da759617d"
        let path: APIPath = "/\(build.project)/_apis/build/builds/\(build.id)/timeline/\(timeline)"
        return try await build.api.send(APICall(.get, path)).json()["records"]?.array ?? []
    }
}

extension JournalTest {
    fileprivate init(azure result: JSONValue) {
        let fullName = result["automatedTestName"]?.string
        let name = result["testCaseTitle"]?.string ?? fullName ?? ""
        let prefix = fullName.flatMap { $0.hasSuffix(".\(name)") ? String($0.dropLast(name.count + 1)) : nil }
        self.init(
            name: name, className: prefix, file: nil, result: result["outcome"]?.string ?? "Unspecified",
            duration: result["durationInMs"]?.double.map { .microseconds(Int64($0 * 1_000)) })
    }
}
