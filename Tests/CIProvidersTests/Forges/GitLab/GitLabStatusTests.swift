import CICore
import Simulator
import Testing

@testable import CIProviders

struct GitLabStatusTests {
    @Test(
        arguments: zip(CommitStatus.State.allCases, ["pending", "running", "success", "failed", "failed", "canceled"]))
    func `a status joins the pipeline that runs`(state: CommitStatus.State, word: String) async throws {
        try await ForgeFixture.gitLabCI.connected { connection, running in
            try await connection.status.required().post(CommitStatus(state: state, name: "dt-ci", summary: "310 tests"))
            let shown = try #require(running.exhibit.statuses.first)
            #expect(shown.state == word)
            // The pipeline is one of the merged result.
            #expect(shown.place == Scenario.Source().merge)
            // A pipeline made up for the status would stand here.
            #expect(running.exhibit.notes.isEmpty)
        }
    }

    @Test(arguments: [CommitStatus.State.pending, .running])
    func `saying again what GitLab knows counts as said`(state: CommitStatus.State) async throws {
        try await ForgeFixture.gitLabCI.connected { connection, running in
            let board = try connection.status.required()
            for _ in 0..<2 { try await board.post(CommitStatus(state: state, name: "dt-ci", summary: "20 of 310")) }
            #expect(running.exchanges.map(\.answer.status) == [201, 400])
            #expect(running.exhibit.statuses.count == 1)
        }
    }

    @Test func `another refusal is none of these`() async throws {
        try await ForgeFixture.gitLabCI.connected { connection, _ in
            let board = try connection.status.required()
            try await board.post(CommitStatus(state: .running, name: "dt-ci", summary: ""))
            try await board.post(CommitStatus(state: .pending, name: "dt-ci", summary: ""))
        }
        try await ForgeFixture.gitLabCI.connected(.refusingStatuses) { connection, _ in
            let board = try connection.status.required()
            let error = await #expect(throws: APIError.self) {
                try await board.post(CommitStatus(state: .running, name: "dt-ci", summary: ""))
            }
            #expect(error?.code == .refused)
            #expect(error?.description.contains("state is not what it was") == true)
        }
    }

    @Test func `a job that writes the same status at the same time is heard out`() async throws {
        try await ForgeFixture.gitLabCI.connected(.collidingStatuses) { connection, running in
            try await connection.status.required().post(CommitStatus(state: .passed, name: "dt-ci", summary: "all"))
            #expect(running.exchanges.map(\.answer.status) == [409, 200, 201])
        }
    }

    @Test(arguments: ["https://ci.example/" + String(repeating: "a", count: 300), "javascript:alert(1)", ""])
    func `a link that GitLab would refuse is left out`(url: String) async throws {
        try await ForgeFixture.gitLabCI.connected { connection, running in
            try await connection.status.required().post(
                CommitStatus(state: .passed, name: "dt-ci", summary: "fine", url: url))
            #expect(running.exhibit.statuses.map(\.url) == [nil])
        }
    }

    @Test func `a pipeline that is of another commit is a plain error`() async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.environment = { $0["CI_PIPELINE_ID"] = "4" }
        try await ForgeFixture.gitLabCI.connected(wishes) { connection, _ in
            let board = try connection.status.required()
            let error = await #expect(throws: APIError.self) {
                try await board.post(CommitStatus(state: .passed, name: "dt-ci", summary: "fine"))
            }
            #expect(error?.code == .notFound)
            #expect(error?.description.contains("404 Pipeline for pipeline_id") == true)
        }
    }

    @Test func `a status that is done and whose answer is lost gets no successor`() async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.faults = [Fault(.lostAnswer, count: 1)]
        try await ForgeFixture.gitLabCI.connected(wishes) { connection, running in
            try await connection.status.required().post(
                CommitStatus(state: .passed, name: "dt-ci", summary: HostileText.family))
            #expect(running.exchanges.filter { $0.request.method == .post }.count == 1)
        }
    }
}

extension ForgeFixture.Wishes {
    /// A GitLab that refuses statuses for a reason of its own.
    fileprivate static var refusingStatuses: Self {
        answering { _ in .json(400, ["message": "state is not what it was"]) }
    }

    /// A GitLab where another job was just faster.
    fileprivate static var collidingStatuses: Self {
        let calls = SimulatedState(0)
        return answering { request in
            guard request.method == .post else { return .json(200, []) }
            let isFirst = calls { count in
                count += 1
                return count == 1
            }
            return isFirst ? .message(409, "Another update to this commit status is in progress") : .json(201, [:])
        }
    }

    private static func answering(_ handler: @escaping @Sendable (SimulatedRequest) -> SimulatedAnswer) -> Self {
        var wishes = Self()
        wishes.apis = { _ in
            let project = "/api/v4/projects/{id}"
            let routes = [
                Route(.post, "\(project)/statuses/{sha}", handler),
                Route(.get, "\(project)/repository/commits/{sha}/statuses", handler),
            ]
            return [SimulatedAPI(id: "gitlab", routes: routes, exhibit: { Exhibit() })]
        }
        return wishes
    }
}
