import CICore
import Testing

@testable import CIProviders
@testable import Simulator

struct BitbucketTests {
    @Test(arguments: [
        "dt-ci", String(repeating: "k", count: 40), String(repeating: "k", count: 41),
        "dt-ci / linux / swift 6.3 / node 7",
        "тесты", HostileText.family, "",
    ])
    func `any name has a key that Bitbucket takes`(name: String) async throws {
        let state = SimulatedState(BitbucketState(Self.scenario))
        try await ForgeFixture.bitbucket.connected(.bitbucket(state)) { connection, _ in
            let board = try connection.status.required()
            for summary in ["running", "done"] {
                try await board.post(CommitStatus(state: .passed, name: name, summary: summary))
            }
            try await board.post(CommitStatus(state: .passed, name: name + "!", summary: "another"))
            let keys = state { $0.statuses.map(\.key) }
            #expect(Set(keys).count == 2)
            #expect(keys.allSatisfy { (1...40).contains($0.unicodeScalars.count) })
            #expect(state { $0.statuses.map(\.description) } == ["done", "another"])
        }
    }

    @Test(
        arguments: zip(
            CommitStatus.State.allCases, ["INPROGRESS", "INPROGRESS", "SUCCESSFUL", "FAILED", "FAILED", "STOPPED"]))
    func `a state has Bitbucket's word`(state: CommitStatus.State, word: String) async throws {
        try await ForgeFixture.bitbucket.connected { connection, running in
            try await connection.status.required().post(CommitStatus(state: state, name: "dt-ci", summary: ""))
            #expect(running.exhibit.statuses.map(\.state) == [word])
        }
    }

    @Test(arguments: [
        nil, "http://localhost:8080/job/1", "http://jenkins/job/1", "https://10.1.2.3/x", "https://192.168.0.9/x",
        "ftp://ci.example/x", "https://build.local/x", "https://127.0.0.1/", "https://[::1]/",
    ])
    func `a link that others cannot follow gives way to the pipeline's`(url: String?) async throws {
        try await ForgeFixture.bitbucket.connected { connection, running in
            try await connection.status.required().post(
                CommitStatus(state: .passed, name: "dt-ci", summary: "", url: url))
            #expect(running.exhibit.statuses.first?.url?.hasPrefix("https://forge.example/octo/widgets/") == true)
        }
    }

    @Test func `without any link the commit's page stands in, and braces are none of Bitbucket's`() async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.context = { $0.execution.run.url = nil }
        try await ForgeFixture.bitbucket.connected(wishes) { connection, running in
            let board = try connection.status.required()
            try await board.post(CommitStatus(state: .passed, name: "a", summary: ""))
            try await board.post(
                CommitStatus(state: .passed, name: "b", summary: "", url: "https://ci.example/{repository.name}"))
            #expect(
                running.exhibit.statuses.map(\.url) == [
                    "https://bitbucket.org/octo/widgets/commits/\(Scenario.Source().head)",
                    "https://ci.example/%7Brepository.name%7D",
                ])
        }
    }

    @Test func `deleted comments and those on lines are left out`() async throws {
        let state = SimulatedState(BitbucketState(Self.scenario))
        state { state in
            state.pullRequests[12] = [
                .init(id: 1, raw: "", author: "ada", isDeleted: true),
                .init(id: 2, raw: "why?", author: "ada", path: "a.py"), .init(id: 3, raw: "hello", author: "ada"),
            ]
        }
        try await ForgeFixture.bitbucket.connected(.bitbucket(state)) { connection, _ in
            let found = try await connection.comments.required().comments()
            #expect(found.map(\.body) == ["hello"])
        }
    }

    @Test func `a refusal without a reason gets a sentence`() async throws {
        let api = SimulatedAPI(
            id: "bitbucket",
            routes: [
                Route(.post, "/2.0/repositories/{workspace}/{repo_slug}/pullrequests/{id}/comments") { _ in
                    .json(400, ["type": "error", "error": ["message": "Bad request"]])
                }
            ], exhibit: { Exhibit() })
        var wishes = ForgeFixture.Wishes()
        wishes.apis = { _ in [api] }
        try await ForgeFixture.bitbucket.connected(wishes) { connection, _ in
            let thread = try connection.comments.required()
            let error = await #expect(throws: APIError.self) { try await thread.create("text", marker: "text") }
            #expect(error?.code == .refused)
            #expect(error?.description.contains("32,768") == true)
        }
    }

    @Test func `a refusal of one field says which and why`() async throws {
        try await ForgeFixture.bitbucket.connected { connection, _ in
            let thread = try connection.comments.required()
            let error = await #expect(throws: APIError.self) { try await thread.create("", marker: "none") }
            #expect(error?.code == .refused)
            #expect(error?.detail == "Bad request; content This field is required.")
        }
    }

    @Test func `a pull request that is gone meanwhile is a plain error`() async throws {
        let state = SimulatedState(BitbucketState(Self.scenario))
        try await ForgeFixture.bitbucket.connected(.bitbucket(state)) { connection, _ in
            let thread = try connection.comments.required()
            let made = try await thread.create("red", marker: "red")
            state { $0.pullRequests = [:] }
            let error = await #expect(throws: APIError.self) { try await thread.update(made.id, to: "green") }
            #expect(error?.code == .notFound)
            try await thread.delete(made.id)
        }
    }

    @Test(arguments: [
        ["BITBUCKET_ACCESS_TOKEN": "TOKEN"], ["DTCI_FORGE_TOKEN": "TOKEN", "BITBUCKET_TOKEN": "wrong"],
        ["BITBUCKET_USERNAME": "ada", "BITBUCKET_APP_PASSWORD": "TOKEN"],
        ["BITBUCKET_EMAIL": "ada@acme.example", "BITBUCKET_API_TOKEN": "TOKEN"],
    ])
    func `every kind of token opens the API`(variables: [String: String]) async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.environment = { environment in
            environment["BITBUCKET_TOKEN"] = nil
            for (name, value) in variables {
                environment[name] = value == "TOKEN" ? Scenario.Tokens().forge : value
            }
        }
        try await ForgeFixture.bitbucket.connected(wishes) { connection, running in
            try await connection.status.required().post(CommitStatus(state: .passed, name: "dt-ci", summary: ""))
            #expect(running.exhibit.statuses.count == 1)
        }
    }

    @Test func `a password without a user is no token`() async throws {
        var wishes = ForgeFixture.Wishes.tokenless
        let tokenless = wishes.environment
        wishes.environment = { environment in
            tokenless(&environment)
            environment["BITBUCKET_APP_PASSWORD"] = "secret"
        }
        try await ForgeFixture.bitbucket.connected(wishes) { connection, _ in
            #expect(connection.status.obstacle?.reason == "no token for Bitbucket")
        }
    }

    @Test func `a token for a server of one's own never goes to the cloud`() {
        let context = BuildContext(
            service: "jenkins", source: .init(commit: "abc"),
            repository: .init(slug: "team/repo", forge: "bitbucket", host: "bitbucket.acme.example"))
        let connection = Forge.bitbucket.connect(
            APIAccess(
                context: context, environment: ["BITBUCKET_TOKEN": "t"], files: LocalFileSystem(),
                exchange: .forTests()))
        #expect(connection.status.obstacle?.reason.contains("bitbucket.acme.example") == true)
        #expect(connection.report.obstacle != nil)
    }

    @Test func `permissions follow from the scopes that Bitbucket tells`() async throws {
        try await ForgeFixture.bitbucket.connected { connection, _ in
            let findings = await connection.permissions()
            #expect(findings.allSatisfy { $0.isGranted == true && $0.token == "BITBUCKET_TOKEN" })
            #expect(findings.count == 4)
        }
        var wishes = ForgeFixture.Wishes()
        wishes.tokens.isReadOnly = true
        try await ForgeFixture.bitbucket.connected(wishes) { connection, _ in
            let missing = await connection.permissions().filter { $0.isGranted == false }
            #expect(missing.map(\.capability) == [.comment, .downloads])
            #expect(missing.allSatisfy { $0.advice.contains("scope") })
        }
    }

    private static let scenario = Scenario(service: "bitbucket-pipelines", forge: "bitbucket", event: .pullRequest)
}
