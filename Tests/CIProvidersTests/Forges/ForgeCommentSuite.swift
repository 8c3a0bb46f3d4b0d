import CICore
import CIProviders
import Simulator
import Testing

/// Comments on all forges.
@Suite struct ForgeCommentSuite {
    private static let marker = "<!-- dt-ci:test -->"

    @Test(arguments: ForgeFixture.all)
    func `a comment is written, found, changed and taken away`(fixture: ForgeFixture) async throws {
        try await fixture.connected { connection, running in
            let thread = try connection.comments.required()
            let made = try await thread.create("\(Self.marker)\nred", marker: Self.marker)
            let found = try await thread.comments()
            #expect(found.map(\.id) == [made.id])
            #expect(found.first?.body.contains("red") == true)
            let author = try await thread.author()
            #expect(author == found.first?.author)
            try await thread.update(made.id, to: "\(Self.marker)\ngreen")
            #expect(running.exhibit.comments.count == 1)
            #expect(running.exhibit.comments.first?.markdown.contains("green") == true)
            try await thread.settle(made.id, isDone: true)
            try await thread.delete(made.id)
            #expect(running.exhibit.comments.isEmpty)
            #expect(try await thread.comments().isEmpty)
        }
    }

    @Test(arguments: ForgeFixture.all)
    func `what is gone already counts as taken away`(fixture: ForgeFixture) async throws {
        try await fixture.connected { connection, _ in
            let thread = try connection.comments.required()
            let made = try await thread.create("\(Self.marker) once", marker: Self.marker)
            try await thread.delete(made.id)
            try await thread.delete(made.id)
        }
    }

    @Test(arguments: ForgeFixture.all)
    func `comments of all pages are found, oldest first`(fixture: ForgeFixture) async throws {
        try await fixture.connected { connection, running in
            let thread = try connection.comments.required()
            for number in 1...120 { _ = try await thread.create("number \(number).", marker: "number \(number).") }
            let found = try await thread.comments()
            #expect(running.exhibit.comments.count == 120)
            #expect(found.map(\.body) == (1...120).map { "number \($0)." })
            #expect(found.map(\.id) == found.map(\.id).sorted())
        }
    }

    @Test(arguments: ForgeFixture.all)
    func `a comment whose answer is lost stands once`(fixture: ForgeFixture) async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.faults = [Fault(.lostAnswer, count: 2)]
        try await fixture.connected(wishes) { connection, running in
            let thread = try connection.comments.required()
            let made = try await thread.create("\(Self.marker) red", marker: Self.marker)
            try await thread.update(made.id, to: "\(Self.marker) green")
            #expect(running.exhibit.comments.map { $0.markdown.contains("green") } == [true])
        }
    }

    @Test(arguments: ForgeFixture.all, HostileText.all)
    func `a comment that is too long is cut and keeps its marker`(fixture: ForgeFixture, text: String) async throws {
        try await fixture.connected { connection, running in
            let limits = fixture.forge.limits
            let long = HostileText.long(text, scalars: limits.commentScalars + 1)
            _ = try await connection.comments.required().create("\(Self.marker)\n\(long)", marker: Self.marker)
            let shown = try #require(running.exhibit.comments.first).markdown
            #expect(shown.hasPrefix(Self.marker))
            #expect(shown.unicodeScalars.count <= limits.commentScalars && shown.utf8.count <= limits.commentBytes)
        }
    }

    @Test(arguments: ForgeFixture.all)
    func `a pull request that is gone is a plain error`(fixture: ForgeFixture) async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.context = { $0.pullRequest?.number = 4_321 }
        try await fixture.connected(wishes) { connection, running in
            let thread = try connection.comments.required()
            let error = await #expect(throws: APIError.self) {
                try await thread.create(Self.marker, marker: Self.marker)
            }
            #expect(error?.code == .notFound)
            #expect(running.exhibit.comments.isEmpty)
        }
    }

    @Test(arguments: ForgeFixture.all)
    func `a build without a pull request has no comments`(fixture: ForgeFixture) async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.event = .push
        try await fixture.connected(wishes) { connection, running in
            #expect(connection.comments.obstacle != nil)
            #expect(running.exchanges.isEmpty)
        }
    }
}
