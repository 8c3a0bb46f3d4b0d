import CICore

/// The build that runs.
struct AzureBuildState: Sendable {
    let id: Int
    let job: String
    var tags: [String] = []
    var log: [String]
    var artifacts: [AzureArtifact]

    init(_ scenario: Scenario) {
        id = scenario.build.runID
        job = scenario.azureJobID
        log = (1...6_000).map { "line \($0)" }
        artifacts = [AzureArtifact(name: "drop", size: 4_096)]
    }

    var shownArtifacts: [ShownFile] {
        artifacts.map { ShownFile(shelf: "Artifact", path: $0.name, size: Int64($0.size)) }
    }
}

/// What a build keeps for people.
struct AzureArtifact: Sendable, Hashable {
    var name: String
    var size: Int
    /// Such as `#/7/drop` of a file container; empty for what was put elsewhere.
    var data = ""
}

extension Scenario {
    /// Azure Pipelines' id of the job.
    package var azureJobID: String { "12f1170f-54f2-53f3-20dd-22fc7dff55f9" }
    /// The id of every build's own timeline.
    package var azureTimelineID: String { "96ac2280-8cb4-5df5-99de-dd2da759617d" }
}

extension SimulatedAzure {
    private static let build = path("/build/builds/{buildId}")

    var buildRoutes: [Route] {
        [
            Route(.get, Self.build) { request in
                withBuild(request) { build in
                    .json(
                        200,
                        [
                            "id": .int(build.id), "buildNumber": .string(String(scenario.build.runNumber)),
                            "status": "inProgress", "tags": .array(build.tags.map { .string($0) }),
                            "uri": .string("vstfs:///Build/Build/\(build.id)"),
                        ])
                }
            },
            Route(.put, Self.build + "/tags/{tag}") { request in
                withBuild(request) { build in
                    if !build.tags.contains(request["tag"]) { build.tags.append(request["tag"]) }
                    return .json(
                        200, ["count": .int(build.tags.count), "value": .array(build.tags.map { .string($0) })])
                }
            },
            Route(.get, Self.build + "/tags") { request in
                withBuild(request) { Self.list($0.tags.map { .string($0) }, of: request) }
            },
            Route(.get, Self.build + "/artifacts") { request in
                withBuild(request) { build in
                    Self.list(build.artifacts.enumerated().map { artifact($0, $1, build, request) }, of: request)
                }
            },
            Route(.post, Self.build + "/artifacts", associate),
            Route(.get, Self.build + "/timeline/{timelineId}", timeline),
            Route(.get, Self.build + "/logs") { request in
                withBuild(request) { build in
                    Self.list(
                        [["id": 3, "type": "Container", "lineCount": .int(build.log.count)]], of: request)
                }
            },
            Route(.get, Self.build + "/logs/{logId}", log),
        ]
    }

    private func artifact(
        _ index: Int, _ artifact: AzureArtifact, _ build: AzureBuildState, _ request: SimulatedRequest
    ) -> JSONValue {
        [
            "id": .int(index + 1), "name": .string(artifact.name), "source": .string(build.job),
            "resource": [
                "type": artifact.data.isEmpty ? "PipelineArtifact" : "Container", "data": .string(artifact.data),
                "properties": ["artifactsize": .string("\(artifact.size)")],
                "downloadUrl": .string("\(request.moment.base)/_artifacts/\(artifact.name).zip"),
            ],
        ]
    }

    /// A name is given once.
    @Sendable private func associate(_ request: SimulatedRequest) -> SimulatedAnswer {
        let resource = request.json?["resource"]
        guard let name = request.json?["name"]?.string, let data = resource?["data"]?.string,
            resource?["type"]?.string == "Container", data.hasPrefix("#/\(scenario.azureContainerID)/")
        else { return Self.error(400, "InvalidArtifactDataException", "The artifact's resource is not valid.") }
        let size = resource?["properties"]?["artifactsize"]?.string.flatMap { Int($0) } ?? 0
        return withBuild(request) { build in
            guard !build.artifacts.contains(where: { $0.name == name }) else {
                return Self.error(
                    409, "ArtifactExistsException", "Artifact \(name) already exists for build \(build.id).")
            }
            build.artifacts.append(AzureArtifact(name: name, size: size, data: data))
            let index = build.artifacts.count - 1
            return .json(200, artifact(index, build.artifacts[index], build, request))
        }
    }

    @Sendable private func timeline(_ request: SimulatedRequest) -> SimulatedAnswer {
        withBuild(request) { build in
            guard request["timelineId"] == scenario.azureTimelineID else {
                return Self.error(404, "TimelineNotFoundException", "The timeline was not found.")
            }
            let stage: JSONValue = [
                "id": "0aa3e7b0-1c3d-4c1f-9a0b-111111111111", "type": "Stage", "name": "test", "state": "inProgress",
                "result": nil,
            ]
            let job: JSONValue = [
                "id": .string(build.job), "type": "Job", "name": .string(scenario.build.jobName),
                "state": "inProgress", "result": nil, "attempt": .int(scenario.build.attempt), "log": ["id": 3],
            ]
            return .json(200, ["id": .string(scenario.azureTimelineID), "records": [stage, job]])
        }
    }

    /// Lines as a list to who asks for JSON, as text to others; from and up to a line, both counted.
    @Sendable private func log(_ request: SimulatedRequest) -> SimulatedAnswer {
        withBuild(request) { build in
            guard request.number("logId") == 3 else {
                return Self.error(404, "BuildLogNotFoundException", "The log was not found.")
            }
            let start = max(0, request.query["startLine"].flatMap(Int.init) ?? 0)
            let end = request.query["endLine"].flatMap(Int.init) ?? .max
            let lines = build.log.enumerated().filter { (start...end).contains($0.offset) }.map(\.element)
            guard request.headers[header: "Accept"]?.contains("json") == true else {
                return .text(200, lines.joined(separator: "\n"))
            }
            return .json(200, ["count": .int(lines.count), "value": .array(lines.map { .string($0) })])
        }
    }

    private func withBuild(
        _ request: SimulatedRequest, _ body: (inout AzureBuildState) -> SimulatedAnswer
    ) -> SimulatedAnswer {
        state { state in
            guard request.number("buildId") == state.build.id else {
                return Self.error(
                    404, "BuildNotFoundException", "The requested build \(request["buildId"]) was not found.")
            }
            return body(&state.build)
        }
    }
}
