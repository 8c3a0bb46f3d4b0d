import CICore

/// What Jenkins tells of a job's builds; their numbers are the ids.
struct JenkinsBuildJournal: BuildJournal {
    let build: JenkinsBuild

    var currentJob: String? { build.number }

    func jobs() async throws(APIError) -> [BuildJob] {
        let call = APICall(
            .get, build.path("/api/json"), query: [("tree", "number,fullDisplayName,displayName,building,result,url")])
        let document = try await build.client.send(call).json()
        guard let number = document["number"]?.int else { return [] }
        let isRunning = document["building"]?.bool ?? false
        let name = document["fullDisplayName"]?.string ?? document["displayName"]?.string ?? "#\(number)"
        return [
            BuildJob(
                id: String(number), name: name,
                state: isRunning ? "RUNNING" : document["result"]?.string ?? "UNKNOWN", url: document["url"]?.string)
        ]
    }

    /// None where the build has no test report yet.
    func tests(ofJob id: String) async throws(APIError) -> [JournalTest] {
        let call = APICall(
            .get, build.path("/testReport/api/json", ofBuild: id),
            query: [
                ("tree", "duration,failCount,passCount,skipCount,suites[name,cases[className,name,status,duration]]")
            ],
            accepting: [404])
        let answer = try await build.client.send(call)
        guard answer.status != 404 else {
            // A build without a report is one thing, a build that is not there another.
            try await build.client.send(
                APICall(.get, build.path("/api/json", ofBuild: id), query: [("tree", "number")]))
            return []
        }
        return (try answer.json()["suites"]?.array ?? []).flatMap { suite in
            (suite["cases"]?.array ?? []).compactMap { JournalTest(jenkins: $0) }
        }
    }

    func artifacts(ofJob id: String) async throws(APIError) -> [JournalArtifact] {
        let call = APICall(
            .get, build.path("/api/json", ofBuild: id), query: [("tree", "artifacts[fileName,relativePath],url")])
        let document = try await build.client.send(call).json()
        return (document["artifacts"]?.array ?? []).compactMap { artifact in
            guard let path = artifact["relativePath"]?.string else { return nil }
            let encoded = path.split(separator: "/").map { PercentEncoding.encode(String($0)) }.joined(separator: "/")
            return JournalArtifact(path: path, url: document["url"]?.string.map { "\($0)artifact/\(encoded)" })
        }
    }

    func log(ofJob id: String) async throws(APIError) -> String {
        let path = build.path("/logText/progressiveText", ofBuild: id)
        let answer = try await build.client.send(APICall(.get, path, query: [("start", "0")]))
        guard answer.response.isTruncated, let size = answer.response[header: "X-Text-Size"].flatMap({ Int($0) }) else {
            return answer.text
        }
        // Of a log that is longer than an answer may be, what comes last is asked for.
        let start = String(max(0, size - (4 << 20)))
        return try await build.client.send(APICall(.get, path, query: [("start", start)])).text
    }

    /// Queues a build of the same job with the parameters of that one.
    func restart(job id: String?) async throws(APIError) {
        let call = APICall(
            .get, build.path("/api/json", ofBuild: id), query: [("tree", "actions[parameters[name,value]]")])
        let actions = try await build.client.send(call).json()["actions"]?.array ?? []
        let form = actions.flatMap { $0["parameters"]?.array ?? [] }.compactMap { parameter in
            parameter["name"]?.string.map { (name: $0, value: parameter["value"]?.asText ?? "") }
        }
        let path = form.isEmpty ? "/build" : "/buildWithParameters"
        try await build.post(APIPath(stringLiteral: build.job + path), form: form, isRepeatable: false)
    }
}

extension JournalTest {
    fileprivate init?(jenkins test: JSONValue) {
        guard let name = test["name"]?.string else { return nil }
        self.init(
            name: name, className: test["className"]?.string, result: test["status"]?.string ?? "UNKNOWN",
            duration: test["duration"]?.double.map { .microseconds(Int64($0 * 1_000_000)) })
    }
}

extension JSONValue {
    /// A parameter's value as a form has it.
    fileprivate var asText: String? {
        switch self {
        case .string(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .number(let number): int.map(String.init) ?? String(number)
        case .null, .array, .object: nil
        }
    }
}
