import CICore
import CIProviders
import Simulator
import Testing

/// Travis CI's restarts and pages.
@Suite struct TravisCIAPITests {
    @Test func `a job that has failed is started again, one that runs is not`() async throws {
        try await ServiceFixture.travisCI.connected { connection, running in
            let journal = try connection.journal.required()
            try await journal.restart(job: "700116")
            #expect(running.exhibit.notes.map(\.text) == ["87.1 started", "87.2 created", "87.3 failed"])
            for job in ["700115", "700116", nil] {
                let error = await #expect(throws: APIError.self) { try await journal.restart(job: job) }
                #expect(error?.code == .conflict)
                #expect(error?.description.contains("already running, cannot restart") == true)
            }
        }
    }

    @Test func `jobs of all pages are listed`() async throws {
        var wishes = ServiceFixture.Wishes()
        wishes.api = { .travis($0, otherJobs: 59) }
        try await ServiceFixture.travisCI.connected(wishes) { connection, _ in
            let jobs = try await connection.journal.required().jobs()
            #expect(jobs.map(\.name) == (1...60).map { "87.\($0) Test" })
        }
    }

    @Test func `a job that nobody knows is a plain error`() async throws {
        try await ServiceFixture.travisCI.connected { connection, _ in
            let journal = try connection.journal.required()
            let error = await #expect(throws: APIError.self) { try await journal.log(ofJob: "1/../../user") }
            #expect(error?.code == .notFound)
        }
    }
}
