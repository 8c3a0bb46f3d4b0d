import CICore
import CIProviders
import Simulator
import Testing

/// Jenkins' crumbs, redirects and paths.
@Suite struct JenkinsAPITests {
    private static let apiToken = "11" + String(repeating: "0a", count: 16)

    @Test(arguments: ["310 passed ✅", "<b>2 failed</b> & more = ?", "בדיקה נכשלה", "👨‍👩‍👧‍👦"])
    func `a password's session brings its crumb and cookie`(text: String) async throws {
        try await ServiceFixture.jenkins.connected { connection, running in
            try await connection.board.required().describe(text)
            #expect(running.exhibit.notes.map(\.text) == [text])
            #expect(
                running.exchanges.map { $0.request.path.split(separator: "/").last ?? "" } == [
                    "json", "submitDescription",
                ])
            #expect(running.exchanges.last?.answer.status == 302)
        }
    }

    @Test func `an API token needs no crumb`() async throws {
        var wishes = ServiceFixture.Wishes()
        wishes.tokens.service = Self.apiToken
        try await ServiceFixture.jenkins.connected(wishes) { connection, running in
            try await connection.board.required().describe("green")
            #expect(running.exhibit.notes.map(\.text) == ["green"])
            #expect(running.exchanges.count == 1)
        }
    }

    @Test func `a server without crumbs is written to all the same`() async throws {
        var wishes = ServiceFixture.Wishes()
        wishes.api = { .jenkins($0, setup: JenkinsSetup(wantsCrumb: false)) }
        try await ServiceFixture.jenkins.connected(wishes) { connection, running in
            try await connection.board.required().describe("green")
            #expect(running.exhibit.notes.map(\.text) == ["green"])
        }
    }

    @Test func `a description whose answer is lost stands`() async throws {
        var wishes = ServiceFixture.Wishes()
        wishes.faults = [Fault(.lostAnswer, count: 1)]
        try await ServiceFixture.jenkins.connected(wishes) { connection, running in
            try await connection.board.required().describe("green")
            #expect(running.exhibit.notes.map(\.text) == ["green"])
        }
    }

    @Test(arguments: [nil, "http://jenkins.example/job/a%20b/job/feature%252Fcart/87/"])
    func `names are encoded once, wherever they come from`(url: String?) async throws {
        var wishes = ServiceFixture.Wishes()
        wishes.environment = { variables in
            variables["BUILD_URL"] = url
            variables["JOB_NAME"] = "a b/feature%2Fcart"
        }
        try await ServiceFixture.jenkins.connected(wishes) { connection, running in
            _ = try await connection.journal.required().jobs()
            #expect(
                running.exchanges.map(\.request.path) == ["/job/a%20b/job/feature%252Fcart/87/api/json"])
        }
    }

    @Test func `a build is queued with the parameters of the one before`() async throws {
        var wishes = ServiceFixture.Wishes()
        wishes.api = { .jenkins($0, setup: JenkinsSetup(parameters: ["SHARD": "2/4", "NAME": "a & b ü"])) }
        try await ServiceFixture.jenkins.connected(wishes) { connection, running in
            try await connection.journal.required().restart(job: nil)
            #expect(running.exhibit.notes.map(\.text) == ["NAME=a & b ü SHARD=2/4"])
        }
    }

    @Test func `tests and artifacts are told as Jenkins has them`() async throws {
        try await ServiceFixture.jenkins.connected { connection, _ in
            let journal = try connection.journal.required()
            let tests = try await journal.tests(ofJob: "87")
            #expect(tests.map(\.name) == ["adds", "removes 🧺"] && tests.map(\.result) == ["PASSED", "REGRESSION"])
            #expect(tests.first?.duration == .milliseconds(250))
            let artifact = try #require(try await journal.artifacts(ofJob: "87").first)
            #expect(artifact.path == "out/junit report.xml")
            #expect(artifact.url?.hasSuffix("/87/artifact/out/junit%20report.xml") == true)
            await #expect(throws: APIError.self) { try await journal.tests(ofJob: "../88").isEmpty ? () : () }
        }
    }
}
