import CICore
import CIProviders
import Simulator
import Testing

/// Statuses on all forges.
@Suite struct ForgeStatusSuite {
    @Test(arguments: ForgeFixture.all, CommitStatus.State.allCases)
    func `a status stands on the head commit`(fixture: ForgeFixture, state: CommitStatus.State) async throws {
        try await fixture.connected { connection, running in
            try await connection.status.required().post(
                CommitStatus(state: state, name: "dt-ci", summary: "310 passed", url: "https://ci.example/runs/1"))
            let shown = try #require(running.exhibit.statuses.first)
            #expect(running.exhibit.statuses.count == 1)
            #expect(shown.place == Scenario.Source().head)
            #expect(shown.summary == "310 passed")
            #expect(shown.url == "https://ci.example/runs/1")
            switch state {
            case .pending, .running: #expect(shown.tone == .waiting)
            case .passed: #expect(shown.tone == .good)
            case .failed: #expect(shown.tone == .bad)
            case .errored, .cancelled: #expect([.bad, .neutral].contains(shown.tone))
            }
        }
    }

    @Test(arguments: ForgeFixture.all)
    func `a status of the same name takes the place of what stands`(fixture: ForgeFixture) async throws {
        try await fixture.connected { connection, running in
            let board = try connection.status.required()
            for state in [CommitStatus.State.pending, .running, .running, .passed] {
                try await board.post(CommitStatus(state: state, name: "dt-ci", summary: state.rawValue))
            }
            try await board.post(CommitStatus(state: .failed, name: "dt-ci / linux", summary: "2 failed"))
            #expect(running.exhibit.statuses.map(\.summary).sorted() == ["2 failed", "passed"])
            #expect(running.exhibit.statuses.map(\.tone).contains(.good))
        }
    }

    @Test(arguments: ForgeFixture.all, HostileText.all)
    func `a long summary is cut between two characters`(fixture: ForgeFixture, text: String) async throws {
        try await fixture.connected { connection, running in
            let limit = fixture.forge.limits.summaryScalars
            let long = HostileText.long(text, scalars: limit + 1)
            try await connection.status.required().post(CommitStatus(state: .failed, name: "dt-ci", summary: long))
            let shown = try #require(running.exhibit.statuses.first).summary
            let kept = shown.hasSuffix("…") ? String(shown.dropLast()) : shown
            #expect(shown.unicodeScalars.count <= limit)
            #expect(!kept.isEmpty && Array(long).starts(with: Array(kept)))
        }
    }

    @Test(arguments: ForgeFixture.all)
    func `a status whose answer is lost stands once`(fixture: ForgeFixture) async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.faults = [Fault(.lostAnswer, count: 1)]
        try await fixture.connected(wishes) { connection, running in
            try await connection.status.required().post(
                CommitStatus(state: .passed, name: "dt-ci", summary: "310 passed"))
            #expect(running.exhibit.statuses.map(\.summary) == ["310 passed"])
        }
    }

    @Test(arguments: ForgeFixture.all)
    func `a commit that the forge does not know is a plain error`(fixture: ForgeFixture) async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.context = { $0.source.commit = String(repeating: "0", count: 40) }
        try await fixture.connected(wishes) { connection, running in
            let board = try connection.status.required()
            let error = await #expect(throws: APIError.self) {
                try await board.post(CommitStatus(state: .passed, name: "dt-ci", summary: "fine"))
            }
            #expect([.refused, .notFound].contains(error?.code))
            #expect(running.exhibit.statuses.isEmpty)
        }
    }
}
