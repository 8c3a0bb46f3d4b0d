import CICore
import Simulator
import Testing

@testable import CIProviders

/// What only Azure Repos does.
@Suite struct AzureReposTests {
    private let fixture = ForgeFixture.azureRepos
    private let passed = CommitStatus(state: .passed, name: "dt-ci", summary: "310 passed")

    @Test func `a pull request's status names the iteration that was built`() async throws {
        try await fixture.connected { connection, running in
            try await connection.pullRequestStatus.required().post(passed)
            #expect(running.exhibit.statuses.map(\.place) == ["Pull request #12"])
            let posted = try #require(running.exchanges.first { $0.request.method == .post })
            // The first iteration is another push's.
            #expect(String(decoding: posted.request.body, as: UTF8.self).contains(#""iterationId":2"#))
        }
    }

    @Test func `a commit of an older push speaks for that push only`() async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.context = { $0.source.commit = Scenario.Source().base }
        try await fixture.connected(wishes) { connection, running in
            try await connection.pullRequestStatus.required().post(passed)
            let posted = try #require(running.exchanges.first { $0.request.method == .post })
            #expect(String(decoding: posted.request.body, as: UTF8.self).contains(#""iterationId":1"#))
        }
    }

    @Test func `a pull request's status whose answer is lost stands once`() async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.faults = [Fault(.lostAnswer, count: 1)]
        try await fixture.connected(wishes) { connection, running in
            try await connection.pullRequestStatus.required().post(passed)
            #expect(running.exchanges.count { $0.request.method == .post } == 1)
            #expect(running.exhibit.statuses.count == 1)
        }
    }

    @Test func `a thread is closed when all is green and opened again`() async throws {
        try await fixture.connected { connection, running in
            let thread = try connection.comments.required()
            let made = try await thread.create("<!-- m --> red", marker: "<!-- m -->")
            try await thread.settle(made.id, isDone: true)
            #expect(running.exhibit.comments.map(\.marks) == [["resolved"]])
            try await thread.settle(made.id, isDone: false)
            #expect(running.exhibit.comments.map(\.marks) == [[]])
        }
    }

    @Test(arguments: [AzurePullRequestState.abandoned, .completed])
    func `a pull request that ended meanwhile takes comments, but no status`(
        state: AzurePullRequestState
    ) async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.apis = { [.azure($0, pullRequest: state)] }
        try await fixture.connected(wishes) { connection, running in
            _ = try await connection.comments.required().create("<!-- m --> red", marker: "<!-- m -->")
            #expect(running.exhibit.comments.count == 1)
            let board = try connection.pullRequestStatus.required()
            let error = await #expect(throws: APIError.self) { try await board.post(passed) }
            #expect(error?.code == .refused)
            #expect(error?.description.contains("cannot be edited due to its state") == true)
            try await connection.status.required().post(passed)
            #expect(running.exhibit.statuses.count == 1)
        }
    }

    @Test func `a pull request that was deleted meanwhile is a plain error`() async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.apis = { [.azure($0, pullRequest: .deleted)] }
        try await fixture.connected(wishes) { connection, _ in
            let board = try connection.pullRequestStatus.required()
            let error = await #expect(throws: APIError.self) { try await board.post(passed) }
            #expect(error?.code == .notFound)
        }
    }

    @Test func `a comment whose answer is cut off is found by its marker`() async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.faults = [Fault(.truncated, count: 1, pattern: "POST *")]
        try await fixture.connected(wishes) { connection, running in
            let made = try await connection.comments.required().create("<!-- m --> red", marker: "<!-- m -->")
            #expect(running.exhibit.comments.count == 1 && made.id.comment == 1 && made.id.thread > 0)
        }
    }

    @Test func `a personal access token goes with Basic and an empty user`() async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.environment = { variables in
            variables["SYSTEM_ACCESSTOKEN"] = "$(System.AccessToken)"
            variables["AZURE_DEVOPS_EXT_PAT"] = Scenario.Tokens().forge
        }
        try await fixture.connected(wishes) { connection, running in
            try await connection.status.required().post(passed)
            #expect(running.exhibit.statuses.count == 1)
            #expect(running.exchanges.first?.request.headers[header: "Authorization"] == "Basic •••")
        }
    }

    @Test func `a variable that the pipeline did not expand is no token`() async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.environment = { $0["SYSTEM_ACCESSTOKEN"] = "$(System.AccessToken)" }
        try await fixture.connected(wishes) { connection, running in
            #expect(connection.status.obstacle?.advice.contains("SYSTEM_ACCESSTOKEN") == true)
            #expect(running.exchanges.isEmpty)
        }
    }

    @Test(arguments: [
        ("dev.azure.com", "acme/My%20Project/shop", "https://dev.azure.com/acme", "My Project", "shop"),
        ("dev.azure.com", "acme/shop", "https://dev.azure.com/acme", "shop", "shop"),
        ("ssh.dev.azure.com", "acme/Web/shop", "https://dev.azure.com/acme", "Web", "shop"),
        ("acme.visualstudio.com", "Web/shop", "https://acme.visualstudio.com", "Web", "shop"),
        ("tfs.example.com", "tfs/Main/Web/shop", "https://tfs.example.com/tfs/Main", "Web", "shop"),
    ])
    func `another service's build finds the repository by its URL`(
        host: String, slug: String, collection: String, project: String, repository: String
    ) throws {
        let access = APIAccess(
            context: BuildContext(service: "jenkins", repository: .init(slug: slug, forge: "azure-repos", host: host)),
            environment: [:], files: LocalFileSystem(), exchange: .forTests())
        let address = try #require(AzureAddress(repositoryOf: access))
        #expect(address.collection == collection)
        #expect(address.project == project && address.repository == repository)
    }

    @Test func `a file is put on a branch once, changed when it changes, and left alone when not`() async throws {
        try await fixture.connected { connection, running in
            let shelf = try #require(connection.shelves[.repositoryFiles]?.port)
            for text in ["<svg/>", "<svg/>", "<svg>2</svg>"] {
                let file = SharedFile(name: "badge.svg", content: .bytes(Array(text.utf8)), mediaType: "image/svg+xml")
                let page = try await shelf.put(file)
                #expect(page?.hasSuffix("?path=/badge.svg&version=GBdt-ci") == true)
            }
            #expect(running.exhibit.files.contains { $0.path == "badge.svg" && $0.size == 12 })
            #expect(running.exchanges.count { $0.request.method == .post } == 2)
        }
    }

    @Test func `a push whose answer is lost is not made twice`() async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.faults = [Fault(.lostAnswer, count: 1)]
        try await fixture.connected(wishes) { connection, running in
            let shelf = try #require(connection.shelves[.repositoryFiles]?.port)
            _ = try await shelf.put(SharedFile(name: "badge.svg", content: .bytes([60]), mediaType: "image/svg+xml"))
            #expect(running.exchanges.count { $0.request.method == .post } == 1)
        }
    }
}
