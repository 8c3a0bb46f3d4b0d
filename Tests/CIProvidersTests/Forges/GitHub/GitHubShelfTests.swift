import CICore
import Simulator
import SystemPackage
import Testing

@testable import CIProviders

@Suite struct GitHubShelfTests {
    private static func badge(_ text: String) -> SharedFile {
        SharedFile(name: "badge.svg", content: .bytes(Array(text.utf8)), mediaType: "image/svg+xml")
    }

    @Test(arguments: [ForgeFixture.gitHub, .gitea])
    func `a file begins a branch of its own and is replaced there`(fixture: ForgeFixture) async throws {
        try await fixture.connected { connection, running in
            let shelf = try #require(connection.shelves[.repositoryFiles]).required()
            let page = try await shelf.put(Self.badge("<svg>red</svg>"))
            #expect(page?.contains("badge.svg") == true)
            _ = try await shelf.put(Self.badge("<svg>greener</svg>"))
            let shown = running.exhibit.files.filter { $0.shelf == "Branch dt-ci" && $0.path == "badge.svg" }
            #expect(shown.map(\.size) == [18])
        }
    }

    @Test func `the new branch holds none of the code`() async throws {
        try await ForgeFixture.gitHub.connected { connection, running in
            _ = try await connection.shelves[.repositoryFiles]?.required().put(Self.badge("<svg/>"))
            #expect(running.exhibit.files.filter { $0.shelf == "Branch dt-ci" }.map(\.path) == ["badge.svg"])
        }
    }

    @Test func `a file that stands already is not written again`() async throws {
        try await ForgeFixture.gitHub.connected { connection, running in
            let shelf = try #require(connection.shelves[.repositoryFiles]).required()
            let first = try await shelf.put(Self.badge("<svg/>"))
            let writes = running.exchanges.count { $0.request.method != .get }
            #expect(try await shelf.put(Self.badge("<svg/>")) == first)
            #expect(running.exchanges.count { $0.request.method != .get } == writes)
        }
    }

    @Test(arguments: [ForgeFixture.gitHub, .gitea])
    func `writers that meet all get through`(fixture: ForgeFixture) async throws {
        try await fixture.connected { connection, running in
            let shelf = try #require(connection.shelves[.repositoryFiles]).required()
            try await withThrowingTaskGroup { group in
                for index in 0..<6 {
                    group.addTask {
                        var file = Self.badge("<svg>\(index)</svg>")
                        file.name = "badge-\(index % 3).svg"
                        _ = try await shelf.put(file)
                    }
                }
                try await group.waitForAll()
            }
            let names = running.exhibit.files.filter { $0.shelf == "Branch dt-ci" }.map(\.path)
            #expect(Set(names).isSuperset(of: ["badge-0.svg", "badge-1.svg", "badge-2.svg"]))
        }
    }

    @Test(arguments: ["PUT *", "POST */git/refs", "POST */git/trees"])
    func `a lost answer leaves the file once`(pattern: String) async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.faults = [Fault(.lostAnswer, count: 1, pattern: pattern)]
        try await ForgeFixture.gitHub.connected(wishes) { connection, running in
            let shelf = try #require(connection.shelves[.repositoryFiles]).required()
            _ = try await shelf.put(Self.badge("<svg>1</svg>"))
            _ = try await shelf.put(Self.badge("<svg>22</svg>"))
            #expect(running.exhibit.files.filter { $0.shelf == "Branch dt-ci" }.map(\.size) == [13])
            #expect(running.exchanges.contains { $0.fault == .lostAnswer })
        }
    }

    @Test func `a gist gets its file`() async throws {
        try await ForgeFixture.gitHub.connected { connection, running in
            let page = try await connection.shelves[.gist]?.required().put(
                Self.badge("<svg>\(HostileText.family)</svg>"))
            #expect(page == "https://gist.github.com/aa5a315d61ae9438b18d")
            #expect(running.exhibit.files.contains { $0.shelf.hasPrefix("Gist") && $0.path == "badge.svg" })
        }
    }

    @Test(arguments: ["../../etc/passwd", "..", "a/b:c|d*e?.xml", "", "\u{202E}lmx.tset", "x\ny\0z"])
    func `a hostile name stays within its shelf`(name: String) async throws {
        try await ForgeFixture.gitHub.connected { connection, running in
            var file = Self.badge("<svg/>")
            file.name = name
            for capability in [Capability.artifacts, .repositoryFiles] {
                _ = try await connection.shelves[capability]?.required().put(file)
            }
            let shown = running.exhibit.files.filter { $0.shelf == "Artifact" || $0.shelf == "Branch dt-ci" }
            #expect(shown.count == 2)
            #expect(shown.allSatisfy { !$0.path.isEmpty && !$0.path.contains("/") && !$0.path.hasPrefix(".") })
        }
    }
}
