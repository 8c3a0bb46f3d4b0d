import CICore

/// Test runs of Azure Test Plans, as the tab "Tests" of a build shows them.
struct AzureTestRunBoard: TestRunBoard {
    let build: AzureBuild
    let files: any FileSystem
    /// Tests that go into one request.
    static let batch = 1_000
    /// Of a file; Base64 makes it a third more.
    private static let attachmentLimit = 20 << 20
    /// Failures whose whole text is attached where the result holds only part of it.
    private static let failureTexts = 20

    func post(_ results: RunResults, name: String, attachments: [SharedFile]) async throws(APIError) -> String? {
        let run = try await create(name: SummaryText.line(name, units: 256))
        do {
            var texts = Self.failureTexts
            var posted = 0
            while posted < results.tests.count {
                let tests = results.tests[posted..<min(posted + Self.batch, results.tests.count)]
                let ids = try await add(tests, of: results, to: run, after: posted)
                for (test, id) in zip(tests, ids) where texts > 0 {
                    guard let text = AzureTestResult(test, in: results).wholeText else { continue }
                    texts -= 1
                    try await attach(Attachment(name: "failure.txt", bytes: Array(text.utf8)), to: run, result: id)
                }
                posted += tests.count
            }
            for file in attachments {
                let bytes = try file.bytes(from: files, limit: Self.attachmentLimit)
                try await attach(Attachment(name: ShelfName.safe(file.name), bytes: bytes), to: run)
            }
        } catch {
            // The run would stay "in progress" forever; what went wrong first is what counts.
            _ = try? await end(run, state: "Aborted")
            throw error
        }
        return try await end(run, state: "Completed")
    }

    private var runs: APIPath { "/\(build.project)/_apis/test/runs" }

    private func create(name: String) async throws(APIError) -> Int {
        let call = APICall(.post, runs).json { writer in
            writer.member("name", name)
            writer.member("automated", true)
            writer.member("state", "InProgress")
            writer.key("build")
            writer.object { writer in
                writer.member("id", String(build.id))
            }
            writePipeline(&writer)
        }
        return try await build.api.create(
            call,
            read: { answer throws(APIError) in
                guard let id = try answer.json()["id"]?.int else { throw answer.malformed("the run has no id") }
                return id
            },
            unless: { () async throws(APIError) -> Int? in
                let standing = try await build.api.list(
                    APICall(.get, runs, query: [("buildUri", build.uri), ("includeRunDetails", "true")]))
                return standing.filter {
                    $0["name"]?.string == name && $0["state"]?.string == "InProgress" && $0["totalTests"]?.int ?? 0 == 0
                }.compactMap { $0["id"]?.int }.max()
            })
    }

    /// By which the build's page groups runs: stage, phase, job.
    private func writePipeline(_ writer: inout JSONWriter) {
        let parts: [(key: StaticString, name: StaticString, variable: String)] = [
            ("stageReference", "stageName", "SYSTEM_STAGENAME"), ("phaseReference", "phaseName", "SYSTEM_PHASENAME"),
            ("jobReference", "jobName", "SYSTEM_JOBNAME"),
        ]
        writer.key("pipelineReference")
        writer.object { writer in
            writer.member("pipelineId", build.id)
            for part in parts {
                guard let value = build.environment[part.variable] else { continue }
                writer.key(part.key)
                writer.object { writer in
                    writer.key(part.name)
                    writer.value(value)
                }
            }
        }
    }

    /// Posts one batch and returns the tests' ids within the run, in the same order.
    private func add(
        _ tests: ArraySlice<TestRecord>, of results: RunResults, to run: Int, after posted: Int
    ) async throws(APIError) -> [Int] {
        var writer = JSONWriter()
        writer.array(tests) { writer, test in
            AzureTestResult(test, in: results).write(&writer, machine: build.environment["AGENT_MACHINENAME"])
        }
        let path: APIPath = "/\(build.project)/_apis/test/Runs/\(run)/results"
        let call = APICall(
            .post, path, headers: [HTTPHeader("Content-Type", "application/json")], body: HTTPBody(writer.bytes))
        return try await build.api.create(
            call,
            read: { answer throws(APIError) in try answer.json()["value"]?.array.compactMap { $0["id"]?.int } ?? [] },
            unless: { () async throws(APIError) -> [Int]? in
                let standing = try await build.api.page(path, skip: posted, top: Self.batch)
                return standing.isEmpty ? nil : standing.compactMap { $0["id"]?.int }
            })
    }

    /// A file within a run.
    private struct Attachment: Sendable {
        let name: String
        let bytes: [UInt8]
    }

    private func attach(_ file: Attachment, to run: Int, result: Int? = nil) async throws(APIError) {
        let path: APIPath =
            if let result {
                "/\(build.project)/_apis/test/Runs/\(run)/Results/\(result)/attachments"
            } else {
                "/\(build.project)/_apis/test/Runs/\(run)/attachments"
            }
        let call = APICall(.post, path).json { writer in
            writer.member("fileName", file.name)
            writer.member("attachmentType", "GeneralAttachment")
            writer.member("stream", Base64.encode(file.bytes))
        }
        _ = try await build.api.create(
            call, read: { _ in true },
            unless: { () async throws(APIError) -> Bool? in
                let standing = try await build.api.list(APICall(.get, path))
                return standing.contains { $0["fileName"]?.string == file.name } ? true : nil
            })
    }

    /// Ends the run and returns its page.
    private func end(_ run: Int, state: String) async throws(APIError) -> String? {
        let call = APICall(.patch, "/\(build.project)/_apis/test/runs/\(run)").json { writer in
            writer.member("state", state)
        }
        return try await build.api.replace(call).json()["webAccessUrl"]?.string
    }
}
