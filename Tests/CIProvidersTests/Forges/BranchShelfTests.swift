import CICore
import Simulator
import Testing

@testable import CIProviders

/// What every branch of a repository does with several files.
@Suite struct BranchShelfTests {
    static let fixtures: [ForgeFixture] = [.gitHub, .gitea, .gitLab, .azureRepos]
    /// Those whose API takes several files in one commit.
    static let whole: [ForgeFixture] = [.gitHub, .azureRepos]

    private static func badges(_ texts: String...) -> [SharedFile] {
        texts.enumerated().map { index, text in
            SharedFile(name: "b\(index).svg", content: .bytes(Array(text.utf8)), mediaType: "image/svg+xml")
        }
    }

    @Test(arguments: fixtures)
    func `files go to the branch that is named, and are replaced there`(fixture: ForgeFixture) async throws {
        try await fixture.connected { connection, running in
            let shelf = try connection.branch("badges")
            let pages = try await shelf.put(Self.badges("<svg/>", "<svg>é</svg>"))
            #expect(pages.count == 2)
            for (index, page) in pages.enumerated() { #expect(page?.contains("b\(index).svg") == true) }
            _ = try await shelf.put(Self.badges("<svg/>", "<svg>longer</svg>"))
            let shown = running.exhibit.files.filter { $0.shelf == "Branch badges" && $0.path.contains("svg") }
            #expect(shown.map(\.size) == [6, 17])
        }
    }

    @Test(arguments: whole)
    func `several files are one commit, and none where they stand already`(fixture: ForgeFixture) async throws {
        try await fixture.connected { connection, running in
            let shelf = try connection.branch("badges")
            for last in ["<svg>1</svg>", "<svg>2</svg>", "<svg>2</svg>"] {
                _ = try await shelf.put(Self.badges("<svg/>", "<svg>a</svg>", last))
            }
            let moves = running.exchanges.filter { exchange in
                let path = exchange.request.path
                return exchange.request.method != .get
                    && ["/git/refs", "/pushes"].contains { path.contains($0) }
            }
            #expect(moves.count == 2)
        }
    }

    @Test(arguments: fixtures)
    func `bytes that are no text arrive as they are`(fixture: ForgeFixture) async throws {
        try await fixture.connected { connection, running in
            var files = Self.badges("<svg/>", "")
            files[1].content = .bytes([0xFF, 0x00, 0xC3])
            _ = try await connection.branch("badges").put(files)
            let shown = running.exhibit.files.filter { $0.shelf == "Branch badges" && $0.path.contains("svg") }
            #expect(shown.map(\.size) == [6, 3])
        }
    }

    @Test(arguments: fixtures)
    func `writers that meet all get through`(fixture: ForgeFixture) async throws {
        try await fixture.connected { connection, running in
            let shelf = try connection.branch("badges")
            try await withThrowingTaskGroup { group in
                for index in 0..<3 {
                    group.addTask {
                        var files = Self.badges("<svg>\(index)</svg>", "<svg/>")
                        files[0].name = "own-\(index).svg"
                        _ = try await shelf.put(files)
                    }
                }
                try await group.waitForAll()
            }
            let names = running.exhibit.files.filter { $0.shelf == "Branch badges" }.map(\.path)
            for index in 0..<3 { #expect(names.contains { $0.hasSuffix("own-\(index).svg") }) }
        }
    }

    @Test(arguments: [
        (ForgeFixture.gitHub, "PATCH *"), (.gitHub, "POST */git/refs"), (.gitLab, "POST */repository/files*"),
        (.azureRepos, "POST *pushes*"),
    ])
    func `a lost answer leaves what was meant`(fixture: ForgeFixture, pattern: String) async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.faults = [Fault(.lostAnswer, count: 1, pattern: pattern)]
        try await fixture.connected(wishes) { connection, running in
            let shelf = try connection.branch("badges")
            _ = try await shelf.put(Self.badges("<svg/>", "<svg>1</svg>"))
            _ = try await shelf.put(Self.badges("<svg/>", "<svg>22</svg>"))
            let shown = running.exhibit.files.filter { $0.shelf == "Branch badges" && $0.path.contains("svg") }
            #expect(shown.map(\.size) == [6, 13])
            #expect(running.exchanges.contains { $0.fault == .lostAnswer })
        }
    }
}

extension ForgeConnection {
    fileprivate func branch(_ name: String) throws -> any BranchShelf {
        let shelf = try #require(shelves[.repositoryFiles]).required()
        return try #require(shelf as? any BranchShelf).on(name)
    }
}
