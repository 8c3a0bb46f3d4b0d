import CICore
import Foundation
import Simulator
import Testing

/// `dt-ci build` as a process, against simulated APIs.
@Suite struct BuildCommandTests {
    private static func travis(_ base: String) -> [String: String] {
        [
            "TRAVIS": "true", "TRAVIS_BUILD_ID": "900301", "TRAVIS_JOB_ID": "700115", "DTCI_SERVICE_API_URL": base,
            "TRAVIS_TOKEN": Scenario.Tokens().service,
        ]
    }

    private func running<Result: Sendable>(
        _ body: @escaping @Sendable (DTCIBinary, RunningSimulation) async throws -> Result
    ) async throws -> Result {
        let scenario = Scenario(service: "travis-ci", forge: "github", event: .push)
        return try await Simulation([.travis(scenario)]).serving { running in
            let directory = FileManager.default.temporaryDirectory
            let binary = DTCIBinary(in: directory, environment: Self.travis(running.base(of: "travis")))
            return try await body(binary, running)
        }
    }

    @Test func `jobs are listed as a table and as JSON`() async throws {
        try await running { binary, _ in
            let table = try await binary.run("build", "jobs")
            #expect(table.exitCode == 0 && table.standardError.isEmpty)
            #expect(table.lines.count == 4 && table.lines[1].contains("700115") && table.lines[1].contains("started"))
            let json = try await binary.run("build", "jobs", "--json")
            let document = try #require(JSONValue(json.standardOutput))
            #expect(document["schema"]?.string == "dt-ci/build-jobs/v1")
            #expect(document["jobs"]?.array.map { $0["id"]?.string } == ["700115", "700116", "700117"])
        }
    }

    @Test func `a log comes without what a CI service would take for a command`() async throws {
        try await running { binary, _ in
            let log = try await binary.run("build", "log")
            #expect(log.exitCode == 0 && log.standardOutput.contains("line 1"))
            #expect(!log.standardOutput.contains("##vso[") && !log.standardOutput.contains("\u{1b}"))
        }
    }

    @Test func `a rehearsed restart shows the request and starts nothing`() async throws {
        try await running { binary, running in
            let rehearsal = try await binary.run("build", "restart", "--job", "700116", "--dry-run")
            #expect(rehearsal.exitCode == 0 && rehearsal.standardOutput.contains("POST "))
            #expect(!rehearsal.standardOutput.contains(Scenario.Tokens().service))
            #expect(running.exhibit.notes.map(\.text).contains("87.2 failed"))
            let restart = try await binary.run("build", "restart", "--job", "700116")
            #expect(restart.exitCode == 0 && running.exhibit.notes.map(\.text).contains("87.2 created"))
        }
    }

    @Test(arguments: [
        (["build", "restart"], [:], "already running, cannot restart"),
        (["build", "tests"], [:], "the API of Travis CI tells nothing of tests"),
        (["build", "jobs"], ["TRAVIS_TOKEN": ""], "no token for Travis CI; put an API token into TRAVIS_TOKEN"),
        (["build", "jobs"], ["TRAVIS": "", "CI": ""], "this is no build of a CI service"),
        (["build", "log", "--job", "1"], [:], "job not found"),
    ])
    func `what cannot be answered is one plain line and exit code 2`(
        arguments: [String], variables: [String: String], words: String
    ) async throws {
        try await running { binary, _ in
            var binary = binary
            binary.environment.merge(variables) { $1 }
            let output = try await binary.run(arguments)
            #expect(output.exitCode == 2 && output.standardOutput.isEmpty)
            let errors = output.standardError.split(separator: "\n").filter { $0.hasPrefix("error: ") }
            #expect(errors.count == 1 && errors[0].contains(words), "\(output.standardError)")
        }
    }
}
