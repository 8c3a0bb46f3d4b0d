import CICore
import CIProviders
import Foundation
import Simulator
import Testing

/// TeamCity's texts, lists and accounts.
@Suite struct TeamCityAPITests {
    private func notes(_ kind: String, _ running: RunningSimulation) -> [String] {
        running.exhibit.notes.filter { $0.kind == kind }.map(\.text)
    }

    @Test(arguments: ["310 passed ✅", "בדיקה נכשלה", "👨‍👩‍👧‍👦"])
    func `a running build's status text says it, emoji and all`(text: String) async throws {
        try await ServiceFixture.teamCity.connected { connection, running in
            try await connection.board.required().describe(text)
            #expect(notes("Status text", running) == [text])
            #expect(notes("Comment", running).isEmpty)
        }
    }

    @Test func `a finished build's status text is fixed, so its comment says it`() async throws {
        var wishes = ServiceFixture.Wishes()
        wishes.api = { .teamCity($0, isRunning: false) }
        try await ServiceFixture.teamCity.connected(wishes) { connection, running in
            try await connection.board.required().describe("2 failed")
            #expect(notes("Status text", running) == ["Running"] && notes("Comment", running) == ["2 failed"])
        }
    }

    @Test func `a problem is reported once, also when its answer is lost`() async throws {
        var wishes = ServiceFixture.Wishes()
        wishes.faults = [Fault(.lostAnswer, count: 1, pattern: "POST *")]
        try await ServiceFixture.teamCity.connected(wishes) { connection, running in
            let board = try connection.board.required()
            try await board.reportProblem("2 tests failed")
            try await board.reportProblem("2 tests failed")
            #expect(notes("Build problem", running) == ["2 tests failed"])
        }
    }

    @Test func `a long problem is cut between two characters`() async throws {
        let text = String(repeating: "👨‍👩‍👧‍👦", count: 2_000)
        try await ServiceFixture.teamCity.connected { connection, running in
            try await connection.board.required().reportProblem(text)
            let problem = try #require(notes("Build problem", running).first)
            #expect(problem.utf16.count <= 4_000 && problem.hasSuffix("👨‍👩‍👧‍👦…"))
        }
    }

    @Test func `tags are added to those that are there`() async throws {
        try await ServiceFixture.teamCity.connected { connection, running in
            let board = try connection.board.required()
            try await board.tag(["flaky", "nightly"])
            try await board.tag(["flaky"])
            #expect(notes("Tag", running) == ["flaky", "nightly"])
        }
    }

    @Test func `tests of all pages are listed`() async throws {
        var wishes = ServiceFixture.Wishes()
        wishes.api = { .teamCity($0, tests: 350) }
        try await ServiceFixture.teamCity.connected(wishes) { connection, _ in
            let journal = try connection.journal.required()
            let tests = try await journal.tests(ofJob: try #require(journal.currentJob))
            #expect(tests.map(\.name) == (1...350).map { "cart: test \($0)" })
            #expect(tests[1].result == "FAILURE" && tests[2].result == "IGNORED")
        }
    }

    @Test func `the build's own account is taken from its properties, and may not queue builds`() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "dt-ci-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let file = directory.appending(path: "build.properties")
        let properties = [
            "teamcity.build.id=900301", "teamcity.auth.userId=TeamCityBuildId\\=900301",
            "teamcity.auth.password=\(Scenario.Tokens().job)",
        ]
        try Data(properties.joined(separator: "\n").utf8).write(to: file)
        var wishes = ServiceFixture.Wishes()
        wishes.environment = { variables in
            variables["TEAMCITY_TOKEN"] = nil
            variables["TEAMCITY_BUILD_PROPERTIES_FILE"] = file.path
        }
        try await ServiceFixture.teamCity.connected(wishes) { connection, running in
            try await connection.board.required().describe("green")
            #expect(notes("Status text", running) == ["green"])
            let journal = try connection.journal.required()
            let error = await #expect(throws: APIError.self) { try await journal.restart(job: nil) }
            #expect(error?.code == .forbidden && error?.description.contains("Edit build") == true)
        }
    }

    @Test func `a build is queued for the same configuration and branch`() async throws {
        try await ServiceFixture.teamCity.connected { connection, running in
            try await connection.journal.required().restart(job: nil)
            #expect(notes("Queued build", running) == ["Widgets_Test faster-widgets"])
        }
    }
}
