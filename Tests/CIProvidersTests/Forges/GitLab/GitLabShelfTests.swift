import CICore
import SystemPackage
import Testing

@testable import CIProviders
@testable import Simulator

struct GitLabShelfTests {
    @Test func `the job's own token may publish packages and nothing else`() async throws {
        try await ForgeFixture.gitLabCI.connected(.jobTokenOnly) { connection, running in
            let page = try await connection.shelf(.packages).put(Self.badge)
            #expect(page?.hasPrefix("https://forge.example/octo/widgets/-/package_files/") == true)
            #expect(running.exhibit.files.map(\.shelf) == ["Package dt-ci 0.0.900301"])
            let closed = [
                connection.status.obstacle, connection.comments.obstacle,
                connection.shelves[.repositoryFiles]?.obstacle, connection.shelves[.projectBadge]?.obstacle,
            ]
            for obstacle in closed {
                #expect(obstacle?.reason == "GitLab's job token may neither comment nor post statuses")
                #expect(obstacle?.advice.contains("scope api") == true)
                #expect(obstacle?.advice.contains("GITLAB_TOKEN") == true)
            }
        }
    }

    @Test(arguments: [
        "report.xml", "a b.xml", "a:b.xml", "../../etc/passwd", "..", "", "ünïcode 🙂.xml", "~x", "@x",
        String(repeating: "x", count: 300),
    ])
    func `a package's file gets a legal name of its own`(name: String) async throws {
        try await ForgeFixture.gitLabCI.connected(.jobTokenOnly) { connection, running in
            let shelf = try connection.shelf(.packages)
            for content in ["1", "22"] {
                _ = try await shelf.put(SharedFile(name: name, content: .bytes(Array(content.utf8)), mediaType: ""))
            }
            #expect(running.exhibit.files.map(\.size) == [2])
            let other = SharedFile(name: name + "?", content: .bytes([]), mediaType: "")
            _ = try await shelf.put(other)
            #expect(running.exhibit.files.count == 2)
        }
    }

    @Test func `a package's file is read from the disk`() async throws {
        try await Self.withFile(Array(repeating: 7, count: 300_000)) { path in
            try await ForgeFixture.gitLabCI.connected(.jobTokenOnly) { connection, running in
                let file = SharedFile(name: "big.bin", content: .file(path, count: 300_000), mediaType: "")
                _ = try await connection.shelf(.packages).put(file)
                #expect(running.exhibit.files.map(\.size) == [300_000])
            }
        }
    }

    @Test(arguments: [ForgeFixture.gitLab, .gitLabCI])
    func `a file's branch is made from the default one, and a file that stands is not written again`(
        fixture: ForgeFixture
    ) async throws {
        try await fixture.connected { connection, running in
            let shelf = try connection.shelf(.repositoryFiles)
            let page = try await shelf.put(Self.badge)
            #expect(page == "https://forge.example/octo/widgets/-/blob/dt-ci/badge.svg")
            _ = try await shelf.put(Self.badge)
            _ = try await shelf.put(SharedFile(name: "badge.svg", content: .bytes([1]), mediaType: "image/svg+xml"))
            let shown = running.exhibit.files.filter { $0.path == "badge.svg" }
            #expect(shown.map(\.shelf) == ["Branch dt-ci"])
            #expect(shown.map(\.size) == [1])
            let writes = running.exchanges.filter { [.post, .put].contains($0.request.method) }
            #expect(writes.map(\.answer.status) == [201, 200])
            #expect(writes.allSatisfy { String(decoding: $0.request.body, as: UTF8.self).contains("[skip ci]") })
        }
    }

    @Test func `jobs that write to a new branch at the same time all end`() async throws {
        try await ForgeFixture.gitLabCI.connected { connection, running in
            let shelf = try connection.shelf(.repositoryFiles)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<4 {
                    group.addTask {
                        _ = try await shelf.put(
                            SharedFile(name: "f\(number)", content: .bytes([UInt8(number)]), mediaType: ""))
                    }
                }
                try await group.waitForAll()
            }
            #expect(running.exhibit.files.filter { $0.path.hasPrefix("f") }.count == 4)
        }
    }

    @Test func `a file whose answer is lost is committed once`() async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.faults = [Fault(.lostAnswer, count: 1, pattern: "POST *")]
        try await ForgeFixture.gitLabCI.connected(wishes) { connection, running in
            _ = try await connection.shelf(.repositoryFiles).put(Self.badge)
            #expect(running.exchanges.filter { $0.request.method == .post }.count == 1)
        }
    }

    @Test func `a file that cannot be read is a plain error`() async throws {
        try await ForgeFixture.gitLabCI.connected { connection, _ in
            let shelf = try connection.shelf(.repositoryFiles)
            let error = await #expect(throws: APIError.self) {
                try await shelf.put(SharedFile(name: "x", content: .file("/nowhere/x", count: 1), mediaType: ""))
            }
            #expect(error?.code == .refused)
            #expect(error?.description.contains("/nowhere/x") == true)
        }
    }

    @Test func `the project has one badge, which shows the branch's file`() async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.faults = [Fault(.lostAnswer, count: 1, pattern: "POST *badges")]
        try await ForgeFixture.gitLabCI.connected(wishes) { connection, running in
            let shelf = try connection.shelf(.projectBadge)
            let image = "https://forge.example/octo/widgets/-/raw/dt-ci/badge.svg"
            for _ in 0..<2 { #expect(try await shelf.put(Self.badge) == image) }
            let badges = running.exhibit.files.filter { $0.shelf == "Project badge" }
            #expect(badges.map(\.path) == [image])
        }
    }

    @Test func `a badge that shows something else is put right`() async throws {
        let scenario = Scenario(service: "gitlab-ci", forge: "gitlab", event: .pullRequest)
        let state = SimulatedState(GitLabState(scenario))
        state { state in
            state.badges = [
                GitLabState.Badge(id: 1, name: "coverage", image: "https://c.example/c.svg", link: "https://c.example"),
                GitLabState.Badge(id: 2, name: "dt-ci", image: "https://old.example/b.svg", link: "https://c.example"),
            ]
        }
        try await ForgeFixture.gitLabCI.connected(.gitLab(state)) { connection, _ in
            _ = try await connection.shelf(.projectBadge).put(Self.badge)
            #expect(
                state { $0.badges.map(\.image) } == [
                    "https://c.example/c.svg", "https://forge.example/octo/widgets/-/raw/dt-ci/badge.svg",
                ])
        }
    }

    @Test func `permissions tell the job's token from a project's`() async throws {
        try await ForgeFixture.gitLabCI.connected(.jobTokenOnly) { connection, _ in
            let granted = await connection.permissions().filter { $0.isGranted == true }
            #expect(granted.map(\.capability) == [.packages])
            #expect(granted.map(\.token) == ["CI_JOB_TOKEN"])
        }
        try await ForgeFixture.gitLabCI.connected { connection, _ in
            let findings = await connection.permissions()
            #expect(findings.count == 5)
            #expect(findings.allSatisfy { $0.isGranted == nil && $0.token == "GITLAB_TOKEN" })
        }
    }

    @Test func `a token that may only read is refused with GitLab's own words`() async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.tokens.isReadOnly = true
        try await ForgeFixture.gitLabCI.connected(wishes) { connection, running in
            let board = try connection.status.required()
            let error = await #expect(throws: APIError.self) {
                try await board.post(CommitStatus(state: .passed, name: "dt-ci", summary: ""))
            }
            #expect(error?.code == .forbidden)
            #expect(error?.description.contains("higher privileges") == true)
            #expect(running.exhibit.statuses.isEmpty)
        }
    }

    private static let badge = SharedFile(
        name: "badge.svg", content: .bytes(Array("<svg/>".utf8)), mediaType: "image/svg+xml")

    private static func withFile(_ bytes: [UInt8], _ body: (FilePath) async throws -> Void) async throws {
        let path = FilePath("/tmp/dt-ci-gitlab-\(UInt64.random(in: 0 ... .max)).bin")
        let files = LocalFileSystem()
        try files.write(bytes, to: path)
        let result: Result<Void, any Error>
        do { result = .success(try await body(path)) } catch { result = .failure(error) }
        try files.remove(path)
        try result.get()
    }
}

extension ForgeConnection {
    /// The shelf of that kind; without it the test ends with the obstacle.
    func shelf(_ capability: Capability) throws -> any FileShelf {
        try #require(shelves[capability]).required()
    }
}
