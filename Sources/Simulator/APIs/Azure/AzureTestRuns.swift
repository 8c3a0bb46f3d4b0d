import CICore

/// A test run as it was told.
struct AzureTestRun: Sendable {
    let id: Int
    let name: String
    let build: String
    var state: String
    var results: [JSONValue] = []
    /// Files of the run and of its results.
    var attachments: [Attachment] = []

    /// A file; `result` is `nil` for the run's own.
    struct Attachment: Sendable {
        let id: Int
        let result: Int?
        let name: String
        let bytes: Int
    }

    var shown: ShownTestRun {
        ShownTestRun(
            name: name, state: state,
            tests: results.map { result in
                let outcome = result["outcome"]?.string ?? "Unspecified"
                let tones: [String: Tone] = ["Passed": .good, "Failed": .bad, "Error": .bad]
                return ShownTest(
                    name: result["automatedTestName"]?.string ?? result["testCaseTitle"]?.string ?? "",
                    result: outcome, tone: tones[outcome] ?? .neutral,
                    duration: result["durationInMs"]?.double.map { .microseconds(Int64($0 * 1_000)) },
                    message: result["errorMessage"]?.string)
            },
            attachments: attachments.map {
                ShownFile(
                    shelf: $0.result.map { "Result \($0)" } ?? "Test run", path: $0.name, size: Int64($0.bytes))
            })
    }

    func document(_ request: SimulatedRequest) -> JSONValue {
        let project = request.target.path.split(separator: "/").prefix(2).joined(separator: "/")
        return [
            "id": .int(id), "name": .string(name), "state": .string(state), "isAutomated": true,
            "totalTests": .int(results.count), "build": ["id": .string(build)],
            "passedTests": .int(results.count { $0["outcome"]?.string == "Passed" }),
            "webAccessUrl": .string("\(request.moment.base)/\(project)/_TestManagement/Runs?runId=\(id)"),
        ]
    }
}

extension SimulatedAzure {
    private static let results = path("/test/Runs/{runId}/results")
    private static let runFiles = path("/test/Runs/{runId}/attachments")
    private static let resultFiles = path("/test/Runs/{runId}/Results/{testCaseResultId}/attachments")

    var testRoutes: [Route] {
        [
            Route(.post, Self.path("/test/runs"), addRun), Route(.get, Self.path("/test/runs"), runs),
            Route(.patch, Self.path("/test/runs/{runId}"), changeRun),
            Route(.post, Self.results, addResults),
            Route(.get, Self.results) { request in
                withRun(request) { run, _ in Self.list(run.results, of: request) }
            },
            Route(.post, Self.runFiles, addAttachment), Route(.post, Self.resultFiles, addAttachment),
            Route(.get, Self.runFiles, attachments), Route(.get, Self.resultFiles, attachments),
        ]
    }

    @Sendable private func addRun(_ request: SimulatedRequest) -> SimulatedAnswer {
        guard let name = request.json?["name"]?.string, !name.isEmpty, name.utf16.count <= 256 else {
            return Self.error(400, "InvalidPropertyException", "The run's name is missing or too long.")
        }
        return state { state in
            let run = AzureTestRun(
                id: state.nextID(), name: name, build: request.json?["build"]?["id"]?.string ?? "",
                state: request.json?["state"]?.string ?? "NotStarted")
            state.runs.append(run)
            return .json(200, run.document(request))
        }
    }

    @Sendable private func runs(_ request: SimulatedRequest) -> SimulatedAnswer {
        let build = request.query["buildUri"]?.split(separator: "/").last.map(String.init)
        return state { state in
            let found = state.runs.filter { build == nil || $0.build == build }
            return Self.list(found.map { $0.document(request) }, of: request)
        }
    }

    @Sendable private func changeRun(_ request: SimulatedRequest) -> SimulatedAnswer {
        withRun(request) { run, _ in
            guard let word = request.json?["state"]?.string,
                ["NotStarted", "InProgress", "Completed", "Aborted", "Waiting"].contains(word)
            else { return Self.error(400, "InvalidPropertyException", "The run's state is not valid.") }
            run.state = word
            return .json(200, run.document(request))
        }
    }

    @Sendable private func addResults(_ request: SimulatedRequest) -> SimulatedAnswer {
        withRun(request) { run, _ in
            guard let posted = request.json?.array, !posted.isEmpty, posted.count <= 1_000 else {
                return Self.error(400, "TestManagementException", "A request holds 1 to 1000 results.")
            }
            let tooLong = posted.contains { result in
                ["comment", "stackTrace", "errorMessage"].contains { (result[$0]?.string?.utf16.count ?? 0) > 1_000 }
                    || ["testCaseTitle", "automatedTestName"].contains {
                        (result[$0]?.string?.utf16.count ?? 0) > 512
                    }
            }
            guard !tooLong, run.state == "InProgress" else {
                return Self.error(400, "TestManagementException", "A text is too long, or the run has ended.")
            }
            let attempts = posted.flatMap { $0["subResults"]?.array ?? [] }
            guard attempts.allSatisfy({ $0["durationInMs"] == nil || $0["durationInMs"]?.int != nil }) else {
                return Self.error(400, "TestManagementException", "A sub-result's duration is no whole number.")
            }
            let first = 100_000 + run.results.count
            let made = posted.enumerated().map { $1.merging(["id": .int(first + $0)]) }
            run.results += made
            return .json(200, ["count": .int(made.count), "value": .array(made)])
        }
    }

    @Sendable private func addAttachment(_ request: SimulatedRequest) -> SimulatedAnswer {
        withRun(request) { run, id in
            guard let name = request.json?["fileName"]?.string, !name.isEmpty,
                !name.contains(where: { "\\/:*?\"<>|".contains($0) }),
                let bytes = request.json?["stream"]?.string.flatMap(Base64Text.decode)
            else { return Self.error(400, "TestManagementException", "The attachment's name or stream is invalid.") }
            let result = request.number("testCaseResultId")
            guard result == nil || run.results.contains(where: { $0["id"]?.int == result }) else {
                return Self.error(404, "TestObjectNotFoundException", "The test result cannot be found.")
            }
            run.attachments.append(AzureTestRun.Attachment(id: id, result: result, name: name, bytes: bytes.count))
            return .json(200, ["id": .int(id), "url": .string(request.moment.base + request.target.path)])
        }
    }

    @Sendable private func attachments(_ request: SimulatedRequest) -> SimulatedAnswer {
        withRun(request) { run, _ in
            let result = request.number("testCaseResultId")
            let found = run.attachments.filter { $0.result == result }
            return Self.list(
                found.map { ["id": .int($0.id), "fileName": .string($0.name), "size": .int($0.bytes)] }, of: request)
        }
    }

    private func withRun(
        _ request: SimulatedRequest, _ body: (inout AzureTestRun, Int) -> SimulatedAnswer
    ) -> SimulatedAnswer {
        state { state in
            let next = state.nextID()
            guard let index = state.runs.firstIndex(where: { $0.id == request.number("runId") }) else {
                return Self.error(
                    404, "TestObjectNotFoundException", "Test run \(request["runId"]) cannot be found.")
            }
            return body(&state.runs[index], next)
        }
    }
}
