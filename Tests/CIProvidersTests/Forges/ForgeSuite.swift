import CICore
import CIProviders
import Simulator
import Testing

/// What all forges have in common, each against its simulated API through real HTTP.
@Suite struct ForgeSuite {
    @Test func `every forge that is listed has one fixture`() {
        #expect(ForgeFixture.all.map(\.forge.id).sorted() == Forges.all.map(\.id).sorted())
    }

    @Test(arguments: ForgeFixture.all)
    func `with all tokens exactly what the forge can do is open`(fixture: ForgeFixture) async throws {
        try await fixture.connected { connection, _ in
            var open: Set<Capability> = []
            if connection.status.port != nil { open.insert(.commitStatus) }
            if connection.pullRequestStatus.port != nil { open.insert(.pullRequestStatus) }
            if connection.report.port != nil { open.insert(.annotatedReport) }
            if connection.comments.port != nil { open.insert(.comment) }
            for (capability, shelf) in connection.shelves where shelf.port != nil { open.insert(capability) }
            #expect(open == fixture.forge.capabilities)
        }
    }

    @Test(arguments: ForgeFixture.all)
    func `asking for permissions writes nothing`(fixture: ForgeFixture) async throws {
        try await fixture.connected { connection, running in
            let findings = await connection.permissions()
            #expect(!findings.isEmpty)
            #expect(findings.allSatisfy { fixture.forge.capabilities.contains($0.capability) })
            #expect(running.exchanges.allSatisfy { [.get, .head].contains($0.request.method) })
        }
    }

    @Test(arguments: ForgeFixture.all)
    func `a token that is wrong is said to be so`(fixture: ForgeFixture) async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.environment = { environment in
            for (name, value) in environment where value == Scenario.Tokens().forge { environment[name] = "revoked" }
        }
        try await fixture.connected(wishes) { connection, running in
            let board = try connection.status.required()
            let error = await #expect(throws: APIError.self) {
                try await board.post(CommitStatus(state: .passed, name: "dt-ci", summary: "fine"))
            }
            #expect([.unauthorized, .malformed, .misdirected].contains(error?.code))
            #expect(error?.description.contains("revoked") == false)
            #expect(running.exhibit.statuses.isEmpty)
        }
    }
}
