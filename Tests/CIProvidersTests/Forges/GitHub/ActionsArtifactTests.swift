import CICore
import Simulator
import SystemPackage
import Testing

@testable import CIProviders

@Suite struct ActionsArtifactTests {
    private static let report = SharedFile(
        name: "junit.xml", content: .bytes(Array("<testsuites/>".utf8)), mediaType: "application/xml")

    @Test(arguments: [ForgeFixture.gitHub, .forgejo])
    func `an artifact is created, uploaded and finalized`(fixture: ForgeFixture) async throws {
        try await fixture.connected { connection, running in
            let page = try await connection.shelves[.artifacts]?.required().put(Self.report)
            #expect(running.exhibit.files.filter { $0.shelf == "Artifact" }.map(\.path) == ["junit.xml"])
            let run = "https://forge.example/octo/widgets/actions/runs/900301/artifacts/5001"
            #expect(page == (fixture.forge.id == "github" ? run : nil))
        }
    }

    @Test func `the storage sees no token and no record shows its signature's source`() async throws {
        try await ForgeFixture.gitHub.connected { connection, running in
            _ = try await connection.shelves[.artifacts]?.required().put(Self.report)
            let storage = running.exchanges.filter { $0.api == "artifact-storage" }
            #expect(storage.count == 2)
            #expect(storage.allSatisfy { $0.answer.status == 201 })
            #expect(storage.allSatisfy { $0.request.headers[header: "Authorization"] == nil })
        }
    }

    @Test func `an error of the storage shows no signature`() async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.faults = [Fault(.forkToken, count: nil, pattern: "PUT /artifact-storage*")]
        try await ForgeFixture.gitHub.connected(wishes) { connection, _ in
            let shelf = try #require(connection.shelves[.artifacts]).required()
            let error = await #expect(throws: APIError.self) { try await shelf.put(Self.report) }
            #expect(
                error?.code == .forbidden
                    && error?.detail.hasPrefix("AuthorizationPermissionMismatch: This request is not") == true)
            #expect(error?.description.contains("sig") == false)
        }
    }

    @Test func `one of the same name is replaced`() async throws {
        try await ForgeFixture.gitHub.connected { connection, running in
            let shelf = try #require(connection.shelves[.artifacts]).required()
            _ = try await shelf.put(Self.report)
            var second = Self.report
            second.content = .bytes(Array("<testsuites tests=\"2\"/>".utf8))
            _ = try await shelf.put(second)
            let shown = running.exhibit.files.filter { $0.shelf == "Artifact" }
            #expect(shown.count == 1)
            // The second content, twice its name, and the archive's 98 bytes about one file.
            let size = #"<testsuites tests="2"/>"#.utf8.count + 2 * "junit.xml".utf8.count + 98
            #expect(shown.first?.size == Int64(size))
        }
    }

    @Test(arguments: ["POST *CreateArtifact", "POST *FinalizeArtifact", "PUT *"], 1...2)
    func `lost answers leave one artifact`(pattern: String, count: Int) async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.faults = [Fault(.lostAnswer, count: count, pattern: pattern)]
        try await ForgeFixture.gitHub.connected(wishes) { connection, running in
            _ = try await connection.shelves[.artifacts]?.required().put(Self.report)
            #expect(running.exhibit.files.filter { $0.shelf == "Artifact" }.count == 1)
            #expect(running.exchanges.contains { $0.fault == .lostAnswer })
        }
    }

    @Test func `a large file goes out of the disk in blocks`() async throws {
        let path = FilePath("/tmp/dt-ci-artifact-\(UInt64.random(in: 0 ... .max))")
        let size = 20 << 20
        try LocalFileSystem().write([UInt8](repeating: 0x61, count: size), to: path)
        defer { try? LocalFileSystem().remove(path) }  // what stays is in a temporary directory
        try await ForgeFixture.gitHub.connected { connection, running in
            _ = try await connection.shelves[.artifacts]?.required().put(
                SharedFile(name: "log.txt", content: .file(path, count: Int64(size)), mediaType: "text/plain"))
            let storage = running.exchanges.filter { $0.api == "artifact-storage" }
            #expect(storage.count == 4)
            #expect(storage.first?.request.bodyCount == 8 << 20)
            #expect(running.exhibit.files.filter { $0.shelf == "Artifact" }.map { $0.size > size } == [true])
        }
    }

    @Test func `a file that cannot be read is a plain error`() async throws {
        try await ForgeFixture.gitHub.connected { connection, running in
            let shelf = try #require(connection.shelves[.artifacts]).required()
            let missing = SharedFile(name: "a", content: .file("/nonexistent/a", count: 5), mediaType: "text/plain")
            let error = await #expect(throws: APIError.self) { try await shelf.put(missing) }
            #expect(error?.description.contains("/nonexistent/a") == true)
            #expect(running.exchanges.isEmpty)
        }
    }

    @Test(arguments: ["", "not.a.token", "only-one-part", "a.eyJzY3AiOiJBY3Rpb25zLkdlbmVyaWNSZWFkOjAifQ.c"])
    func `a token that opens no artifact service is known before asking`(token: String) async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.environment = { $0["ACTIONS_RUNTIME_TOKEN"] = token }
        try await ForgeFixture.gitHub.connected(wishes) { connection, running in
            #expect(connection.shelves[.artifacts]?.obstacle?.advice.contains("actions/upload-artifact") == true)
            #expect(running.exchanges.isEmpty)
        }
    }

    @Test func `the archive is one that others can open`() throws {
        let zip = try StoredZip(file: "größe.txt", .bytes(Array("hello\n".utf8)), LocalFileSystem())
        var bytes: [UInt8] = []
        for case .bytes(let piece) in zip.body.pieces { bytes += piece }
        // "hello\n" has the checksum 363a3020; the archive is one that Python's zipfile and Info-ZIP open.
        #expect(Array(bytes[14..<18]) == [0x20, 0x30, 0x3A, 0x36])
        #expect(bytes.starts(with: [0x50, 0x4B, 3, 4]))
        #expect(Array(bytes.suffix(22).prefix(4)) == [0x50, 0x4B, 5, 6])
        #expect(zip.body.count == Int64(bytes.count))
    }

    @Test(arguments: [0, 1, 7, 8, 9, 19, 20])
    func `parts of a body join to the body`(size: Int64) {
        let body = HTTPBody([.bytes(Array(0..<7)), .bytes([]), .bytes(Array(7..<20))])
        var joined: [UInt8] = []
        var offset: Int64 = 0
        while offset < 20 {
            for case .bytes(let bytes) in body.part(from: offset, count: max(1, size)).pieces { joined += bytes }
            offset += max(1, size)
        }
        #expect(joined == Array(0..<20))
        #expect(
            HTTPBody([.file("/a", offset: 5, count: 10)]).part(from: 4, count: 3).pieces == [
                .file("/a", offset: 9, count: 3)
            ])
    }
}
