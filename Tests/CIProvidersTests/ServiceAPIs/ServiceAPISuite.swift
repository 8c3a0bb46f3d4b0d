import CICore
import CIProviders
import Simulator
import Testing

/// What the CI services' own APIs have in common, each against its simulated API through real HTTP.
@Suite struct ServiceAPISuite {
    @Test func `every service with an API has one fixture`() {
        let services = CIServices.all.filter { $0.api != nil }.map(\.id)
        #expect(ServiceFixture.all.map(\.service).sorted() == services.sorted())
    }

    @Test(arguments: ServiceFixture.all)
    func `its journal lists this job`(fixture: ServiceFixture) async throws {
        try await fixture.connected { connection, _ in
            let journal = try connection.journal.required()
            let current = try #require(journal.currentJob)
            let jobs = try await journal.jobs()
            #expect(jobs.contains { $0.id == current && !$0.name.isEmpty && !$0.state.isEmpty })
        }
    }

    @Test(arguments: ServiceFixture.all)
    func `exactly the topics that it declares are answered`(fixture: ServiceFixture) async throws {
        let topics = try fixture.declared.topics
        for topic in JournalTopic.allCases {
            try await fixture.connected { connection, running in
                let journal = try connection.journal.required()
                let job = try #require(journal.currentJob)
                do throws(APIError) {
                    switch topic {
                    case .jobs: #expect(try await !journal.jobs().isEmpty)
                    case .tests:
                        // Azure's build has none before a run is posted.
                        let tests = try await journal.tests(ofJob: job)
                        #expect(!tests.isEmpty || fixture.service == "azure-pipelines")
                    case .artifacts: #expect(try await !journal.artifacts(ofJob: job).isEmpty)
                    case .flakyTests: #expect(try await !journal.flakyTests().isEmpty)
                    case .log: #expect(try await journal.log(ofJob: job).contains("line 1"))
                    case .restart: try await journal.restart(job: nil)
                    }
                    #expect(topics.contains(topic), "\(topic)")
                } catch {
                    // On Travis CI the build still runs and cannot be started again.
                    if topics.contains(topic) {
                        #expect(topic == .restart && error.code == .conflict, "\(topic): \(error)")
                    } else {
                        #expect(error.code == .refused && running.exchanges.isEmpty, "\(topic): \(error)")
                    }
                }
            }
        }
    }

    @Test(arguments: ServiceFixture.all)
    func `without a token nothing is open, nothing is sent, and the advice says what to add`(
        fixture: ServiceFixture
    ) async throws {
        var wishes = ServiceFixture.Wishes()
        wishes.environment = { variables in
            variables = variables.filter { $0.value != Scenario.Tokens().service }
        }
        try await fixture.connected(wishes) { connection, running in
            guard case .closed(let obstacle) = connection.journal else {
                Issue.record("the journal is open")
                return
            }
            #expect(obstacle.reason.contains("token") && obstacle.advice.contains("TOKEN"))
            #expect(connection.board.port == nil && connection.testRuns.port == nil)
            #expect(await connection.permissions().isEmpty && running.exchanges.isEmpty)
        }
    }

    @Test(arguments: ServiceFixture.all)
    func `a token that is wrong is said to be so and never shown`(fixture: ServiceFixture) async throws {
        var wishes = ServiceFixture.Wishes()
        wishes.environment = { variables in
            for (name, value) in variables where value == Scenario.Tokens().service { variables[name] = "revoked-1234" }
        }
        try await fixture.connected(wishes) { connection, running in
            let journal = try connection.journal.required()
            let error = await #expect(throws: APIError.self) { try await journal.jobs() }
            #expect([.unauthorized, .forbidden].contains(error?.code))
            #expect(error?.description.contains("revoked-1234") == false)
            let findings = await connection.permissions()
            #expect(!findings.isEmpty && findings.allSatisfy { $0.isGranted == false })
            #expect(running.exchanges.allSatisfy { $0.request.method == .get })
        }
    }

    @Test(arguments: ServiceFixture.all)
    func `asking for permissions writes nothing and finds that it may read`(fixture: ServiceFixture) async throws {
        let declared = try fixture.declared
        try await fixture.connected { connection, running in
            let findings = await connection.permissions()
            #expect(Set(findings.map(\.capability)) == declared.capabilities)
            #expect(findings.first { $0.capability == .journal }?.isGranted == true)
            #expect(findings.allSatisfy { $0.capability == .journal || $0.isGranted == nil })
            #expect(running.exchanges.allSatisfy { $0.request.method == .get })
        }
    }

    @Test(arguments: ServiceFixture.all, [Fault.Kind.html, .truncated])
    func `an answer that is no answer is a plain error`(fixture: ServiceFixture, kind: Fault.Kind) async throws {
        var wishes = ServiceFixture.Wishes()
        wishes.faults = [Fault(kind, count: nil)]
        try await fixture.connected(wishes) { connection, _ in
            let journal = try connection.journal.required()
            let error = await #expect(throws: APIError.self) { try await journal.jobs() }
            #expect([.malformed, .unreachable].contains(error?.code))
            #expect(error?.description.contains("<") == false)
        }
    }
}
