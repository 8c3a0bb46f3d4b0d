import CICore
import Testing

@testable import CIProviders
@testable import Simulator

struct GitLabNotesTests {
    private static let marker = "<!-- dt-ci:test -->"

    @Test func `notes that GitLab writes itself are left out, whether or not it filters them`() async throws {
        let state = SimulatedState(GitLabState(Self.scenario))
        try await ForgeFixture.gitLabCI.connected(.gitLab(state)) { connection, running in
            let thread = try connection.comments.required()
            #expect(try await thread.comments().isEmpty)
            #expect(state { $0.mergeRequests[12]?.notes.map(\.isSystem) } == [true])
            #expect(running.exchanges.first?.request.path.contains("/merge_requests/12/") == true)
        }
    }

    @Test(arguments: ["/close", "/approve\n", "text\n/merge\n/assign @root", "\n/close", "a\r\n/close\r\n"])
    func `nothing that a test prints is carried out`(text: String) async throws {
        try await ForgeFixture.gitLabCI.connected { connection, running in
            let thread = try connection.comments.required()
            let made = try await thread.create(text + Self.marker, marker: Self.marker)
            try await thread.update(made.id, to: "\(Self.marker)\n\(text)")
            #expect(running.exhibit.notes.isEmpty)
            #expect(running.exhibit.comments.count == 1)
        }
    }

    @Test func `what would be carried out otherwise is seen by the stand-in`() async throws {
        let scenario = Self.scenario
        let api = SimulatedAPI.gitLab(scenario)
        let request = SimulatedRequest(
            .post, target: .init(path: "/api/v4/projects/4711/merge_requests/12/notes"),
            headers: ["PRIVATE-TOKEN": scenario.tokens.forge], body: .init(bytes: Array(#"{"body": "/close"}"#.utf8)))
        #expect(api.answer(to: request).status == 201)
        #expect(api.exhibit().notes.map(\.text) == ["/close"])
    }

    @Test func `a merge request that is deleted meanwhile is a plain error`() async throws {
        let state = SimulatedState(GitLabState(Self.scenario))
        try await ForgeFixture.gitLabCI.connected(.gitLab(state)) { connection, _ in
            let thread = try connection.comments.required()
            let made = try await thread.create(Self.marker, marker: Self.marker)
            state { $0.mergeRequests = [:] }
            let error = await #expect(throws: APIError.self) { try await thread.update(made.id, to: "green") }
            #expect(error?.code == .notFound)
            try await thread.delete(made.id)
        }
    }

    @Test func `a note of somebody else is not changed`() async throws {
        let state = SimulatedState(GitLabState(Self.scenario))
        state { state in
            state.mergeRequests[12]?.notes.append(GitLabState.Note(id: 7, body: "mine", author: "ada"))
        }
        try await ForgeFixture.gitLabCI.connected(.gitLab(state)) { connection, running in
            let thread = try connection.comments.required()
            #expect(try await thread.comments().map(\.author) == ["ada"])
            let error = await #expect(throws: APIError.self) {
                try await thread.update(CommentID(comment: 7), to: "ours")
            }
            #expect(error?.code == .forbidden)
            #expect(running.exhibit.comments.map(\.markdown) == ["mine"])
        }
    }

    @Test func `a pipeline of a branch writes to the merge request that is open for it`() async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.event = .push
        wishes.environment = { environment in
            for name in environment.keys where name.hasPrefix("CI_MERGE_REQUEST") { environment[name] = nil }
            environment["CI_OPEN_MERGE_REQUESTS"] = "octo/widgets!12,octo/widgets!15"
        }
        try await ForgeFixture.gitLabCI.connected(wishes) { connection, running in
            _ = try await connection.comments.required().create(Self.marker, marker: Self.marker)
            #expect(running.exhibit.comments.map(\.place) == ["Merge request !12"])
        }
    }

    private static let scenario = Scenario(service: "gitlab-ci", forge: "gitlab", event: .pullRequest)
}
