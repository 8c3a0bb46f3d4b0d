import CICore
import Foundation
import Testing

@testable import Simulator

/// Routes, statuses and bodies against the descriptions that the APIs' makers publish, where these lie beside the project.
struct DescriptionTests {
    private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    private static let descriptions = package.deletingLastPathComponent().appending(path: "shared/apispec")

    /// APIs with the service and forge whose scenario they are driven in.
    private static let stages = [
        ("github", "github-actions", "github"), ("gitlab", "gitlab-ci", "gitlab"),
        ("bitbucket", "bitbucket-pipelines", "bitbucket"), ("azure", "azure-pipelines", "azure-repos"),
        ("jenkins", "jenkins", "github"), ("circleci", "circleci", "github"), ("teamcity", "teamcity", "github"),
        ("travis", "travis-ci", "github"),
    ]

    /// Whether there is something to hold them against, and the tool to do it.
    private static var isPossible: Bool {
        guard FileManager.default.fileExists(atPath: descriptions.appending(path: "github.json").path) else {
            return false
        }
        return (try? python(["-c", "import jsonschema, referencing"]))?.code == 0
    }

    private static func python(_ arguments: [String]) throws -> (code: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    @Test(.enabled(if: isPossible), arguments: stages)
    func `an API is what its description says`(stage: (api: String, service: String, forge: String)) async throws {
        let scenario = Scenario(service: stage.service, forge: stage.forge, event: .pullRequest)
        let apis = SimulatedAPIs.apis(for: scenario).filter { $0.id == stage.api }
        #expect(apis.count == 1)
        try await Simulation(apis).serving { running in
            let plan = FileManager.default.temporaryDirectory.appending(path: "dt-ci-plan-\(UUID().uuidString).json")
            // What cannot be removed is left to the system's own cleaning.
            defer { try? FileManager.default.removeItem(at: plan) }
            try Data(Self.plan(for: apis, of: scenario, port: running.port).encoded).write(to: plan)
            let script = Self.package.appending(path: "scripts/check-simulator.py").path
            let arguments = [script, Self.descriptions.path, plan.path]
            // On a thread of its own: a blocked one of Swift's would be one that the server lacks.
            let (code, output) = try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread { continuation.resume(with: Result { try Self.python(arguments) }) }
            }
            #expect(code == 0, "\(output)")
        }
    }

    private static func plan(for apis: [SimulatedAPI], of scenario: Scenario, port: Int) -> JSONValue {
        let routes = apis.map { api in
            // Azure's file containers are described nowhere but in their clients.
            let described = api.routes.filter { $0.template != SimulatedAzure.containerTemplate }
            return (api.id, JSONValue.array(described.map { [.string($0.method.rawValue), .string($0.template)] }))
        }
        return [
            "base": "http://127.0.0.1:\(port)", "routes": .object(Dictionary(routes) { $1 }),
            "values": [
                "owner": .string(scenario.repository.owner), "name": .string(scenario.repository.name),
                "sha": .string(scenario.source.head), "pull": .int(scenario.source.pullRequest),
                "branch": "PR-\(scenario.source.pullRequest)", "run": .int(scenario.build.runID),
                "sourceBranch": .string(scenario.source.branch), "number": .int(scenario.build.runNumber),
                "jobid": .int(scenario.build.jobID), "otherJob": .int(scenario.build.jobID + 1),
                "actor": .string(scenario.build.actor), "workflow": .string(CircleCIWorkflow.id),
                "gist": .string(GitHubState.gist), "forge": .string(scenario.tokens.forge),
                "service": .string(scenario.tokens.service), "job": .string(scenario.tokens.job),
            ],
        ]
    }
}
