import CICore
import CIProviders
import Simulator
import Testing

/// CircleCI's pages, slugs and reruns.
@Suite struct CircleCIAPITests {
    @Test func `jobs and tests of all pages are listed`() async throws {
        var wishes = ServiceFixture.Wishes()
        wishes.api = { .circleCI($0, workflow: CircleCIWorkflow(otherJobs: 120, tests: 175)) }
        try await ServiceFixture.circleCI.connected(wishes) { connection, _ in
            let journal = try connection.journal.required()
            let jobs = try await journal.jobs()
            #expect(jobs.count == 122 && Set(jobs.map(\.id)).count == 122)
            #expect(jobs.last?.state == "on_hold")
            let tests = try await journal.tests(ofJob: "87")
            #expect(tests.map(\.name) == (1...175).map { "test_\($0)" })
            #expect(tests[1].result == "failure" && tests[1].file == "tests/cart.py")
        }
    }

    @Test(arguments: [
        (["CIRCLE_BUILD_URL": "https://circleci.com/gh/octo/widgets/87"], "gh/octo/widgets"),
        (["CIRCLE_BUILD_URL": "https://app.circleci.com/jobs/github/octo/widgets/87"], "gh/octo/widgets"),
        (
            [
                "CIRCLE_PROJECT_USERNAME": "octo", "CIRCLE_PROJECT_REPONAME": "widgets",
                "CIRCLE_REPOSITORY_URL": "git@bitbucket.org:octo/widgets.git",
            ], "bb/octo/widgets"
        ),
        (
            ["CIRCLE_ORGANIZATION_ID": "2f9b5b2c", "CIRCLE_PROJECT_ID": "c1d0a3e4"], "circleci/2f9b5b2c/c1d0a3e4"
        ),
    ])
    func `a project's slug is found for each kind of project`(variables: [String: String], slug: String) async throws {
        var wishes = ServiceFixture.Wishes()
        wishes.environment = { environment in
            environment["CIRCLE_BUILD_URL"] = nil
            environment.merge(variables) { $1 }
        }
        try await ServiceFixture.circleCI.connected(wishes) { connection, running in
            _ = try await connection.journal.required().artifacts(ofJob: "87")
            #expect(running.exchanges.map(\.request.path) == ["/api/v2/project/\(slug)/87/artifacts"])
        }
    }

    @Test func `one job is rerun by its number, and all without`() async throws {
        try await ServiceFixture.circleCI.connected { connection, running in
            let journal = try connection.journal.required()
            try await journal.restart(job: "87")
            try await journal.restart(job: nil)
            #expect(running.exhibit.notes.map(\.text) == [CircleCIWorkflow.job, "all jobs"])
            let error = await #expect(throws: APIError.self) { try await journal.restart(job: "4711") }
            #expect(error?.code == .notFound)
        }
    }

    @Test func `a job may be named by its UUID`() async throws {
        try await ServiceFixture.circleCI.connected { connection, _ in
            let journal = try connection.journal.required()
            #expect(try await journal.tests(ofJob: CircleCIWorkflow.job).count == 3)
        }
    }

    @Test func `flaky tests come with how often they flaked`() async throws {
        try await ServiceFixture.circleCI.connected { connection, _ in
            let test = try #require(try await connection.journal.required().flakyTests().first)
            #expect(test.result == "flaked 3 times" && test.className == "cart.Tests")
        }
    }
}
