import CICore
import Simulator
import Testing

@testable import CIProviders

/// Which token is used for what, and what is known without asking.
@Suite struct GitHubTokenTests {
    private static func connection(
        _ environment: [String: String], isFork: Bool? = false, service: String = "github-actions",
        forge: Forge = .gitHub
    ) -> ForgeConnection {
        var context = BuildContext(Scenario(service: service, forge: forge.id, event: .pullRequest))
        context.pullRequest?.isFork = isFork
        return forge.connect(
            APIAccess(
                context: context, environment: environment, files: PlannedFiles(texts: [:]), exchange: .forTests()))
    }

    @Test func `without a token there is one thing to do`() {
        let connection = Self.connection(["GITHUB_ACTIONS": "true"])
        #expect(connection.status.obstacle?.reason == "there is no token for GitHub")
        #expect(
            connection.comments.obstacle?.advice == "add `GITHUB_TOKEN: ${{ github.token }}` to the step's `env`")
    }

    @Test func `a fork's token may only read, which is known before asking`() {
        let environment = ["GITHUB_TOKEN": "ghs_1", "GITHUB_EVENT_NAME": "pull_request"]
        let connection = Self.connection(environment, isFork: true)
        for obstacle in [connection.status.obstacle, connection.report.obstacle, connection.comments.obstacle] {
            #expect(obstacle?.reason == "the token of a fork's pull request may only read")
            #expect(obstacle?.advice.contains("workflow_run") == true)
        }
        #expect(connection.shelves[.repositoryFiles]?.obstacle?.advice.contains("workflow_run") == true)
    }

    @Test(arguments: [
        ["GITHUB_TOKEN": "ghs_1", "GITHUB_EVENT_NAME": "pull_request_target"],
        ["GITHUB_TOKEN": "ghs_1", "GITHUB_EVENT_NAME": "workflow_run"],
        ["GITHUB_TOKEN": "ghs_1", "DTCI_FORGE_TOKEN": "ghs_2", "GITHUB_EVENT_NAME": "pull_request"],
    ])
    func `a fork's build with a token of the base repository may write`(environment: [String: String]) {
        let connection = Self.connection(environment, isFork: true)
        #expect(connection.status.port != nil && connection.comments.port != nil && connection.report.port != nil)
    }

    @Test func `another CI service's token is its own business`() {
        let connection = Self.connection(["GITHUB_TOKEN": "ghs_1"], isFork: true, service: "jenkins")
        #expect(connection.status.port != nil)
    }

    @Test(arguments: ["ghp_1", "github_pat_1", "gho_1", "ghu_1"])
    func `a person's token writes no check runs, an app's has no gists`(token: String) {
        let person = Self.connection(["DTCI_FORGE_TOKEN": token, "DTCI_GIST": "abc123"])
        #expect(person.report.obstacle?.advice.contains("checks: write") == true)
        #expect(person.shelves[.gist]?.port != nil)
        let app = Self.connection(["GITHUB_TOKEN": "ghs_1", "DTCI_GIST": "abc123"])
        #expect(app.report.port != nil)
        #expect(app.shelves[.gist]?.obstacle?.advice.contains("scope `gist`") == true)
        let both = Self.connection(["DTCI_FORGE_TOKEN": token, "GITHUB_TOKEN": "ghs_1", "DTCI_GIST": "abc123"])
        #expect(both.report.port != nil && both.shelves[.gist]?.port != nil)
    }

    @Test(arguments: [nil, "", "../../user", "not hex!"])
    func `a gist wants an id`(id: String?) {
        let connection = Self.connection(["DTCI_FORGE_TOKEN": "ghp_1", "DTCI_GIST": id ?? ""])
        #expect(connection.shelves[.gist]?.obstacle?.advice == "set DTCI_GIST to the gist's id")
    }

    @Test func `GitHub's token goes to no other forge`() {
        let connection = Self.connection(["GITHUB_TOKEN": "ghs_1", "GH_TOKEN": "ghp_1"], forge: .gitea)
        #expect(connection.status.obstacle?.reason == "there is no token for Gitea")
    }

    @Test(
        arguments: [
            (nil, nil, "https://api.github.com"), ("github.com", nil, "https://api.github.com"),
            ("github.example.com", nil, "https://github.example.com/api/v3"),
            ("octo.ghe.com", nil, "https://api.octo.ghe.com"),
            ("github.com", "https://proxy.example/v3/", "https://proxy.example/v3"),
        ] as [(String?, String?, String)])
    func `the API's address follows the host`(host: String?, override: String?, base: String) {
        var context = BuildContext(Scenario(service: "jenkins", forge: "github", event: .push))
        context.repository.host = host
        let environment = ["GITHUB_TOKEN": "ghs_1", "DTCI_FORGE_API_URL": override].compactMapValues(\.self)
        let desk = GitHubDesk(
            flavor: .gitHub,
            access: APIAccess(
                context: context, environment: environment, files: PlannedFiles(texts: [:]), exchange: .forTests()))
        #expect(desk.repository(for: .commitStatus).port?.client.base == base)
    }

    @Test(
        arguments: [
            ([:], "https://forge.example/api/v1"),
            (["GITHUB_API_URL": "https://api.github.com"], "https://forge.example/api/v1"),
            (["GITEA_ACTIONS": "true", "GITHUB_API_URL": "http://gitea:3000/api/v1"], "http://gitea:3000/api/v1"),
        ] as [([String: String], String)])
    func `Gitea's address is its host's, and that of its own CI service there`(
        environment: [String: String], base: String
    ) {
        let access = APIAccess(
            context: BuildContext(Scenario(service: "github-actions", forge: "gitea", event: .push)),
            environment: environment.merging(["GITEA_TOKEN": "t"]) { $1 }, files: PlannedFiles(texts: [:]),
            exchange: .forTests())
        let desk = GitHubDesk(flavor: .gitea(id: "gitea", title: "Gitea"), access: access)
        #expect(desk.repository(for: .commitStatus).port?.client.base == base)
    }

    @Test func `an app's token may not ask who it is, and is GitHub Actions' own`() async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.tokens.forge = "ghs_0123456789"
        try await ForgeFixture.gitHub.connected(wishes) { connection, _ in
            let thread = try connection.comments.required()
            let made = try await thread.create("<!-- mark -->", marker: "<!-- mark -->")
            #expect(try await thread.author() == "github-actions[bot]")
            #expect(made.author == "github-actions[bot]")
        }
    }

    @Test(arguments: [PullRequestState.locked, .deleted])
    func `a pull request that takes no comments any more is a plain error`(state: PullRequestState) async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.apis = { [.gitHub($0, pullRequest: state)] }
        try await ForgeFixture.gitHub.connected(wishes) { connection, _ in
            let thread = try connection.comments.required()
            let error = await #expect(throws: APIError.self) {
                try await thread.create("<!-- mark -->", marker: "<!-- mark -->")
            }
            #expect(error?.code == (state == .locked ? .forbidden : .notFound))
            #expect(error?.description.contains("issue") == true)
        }
    }
}
