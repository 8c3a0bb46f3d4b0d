import CICore
import CIProviders
import Crypto
import Simulator
import Testing

/// Files in the container of a build of Azure Pipelines, and artifacts made of them.
@Suite struct AzureFileContainerTests {
    private static func wishes(_ faults: [Fault] = []) -> ServiceFixture.Wishes {
        var wishes = ServiceFixture.Wishes()
        wishes.faults = faults
        wishes.environment = { variables in
            variables["BUILD_CONTAINERID"] = "18204"
            variables["SYSTEM_TEAMPROJECTID"] = "6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c"
        }
        return wishes
    }

    private static func file(_ name: String, _ bytes: [UInt8]) -> SharedFile {
        SharedFile(
            name: name, content: .bytes(bytes), mediaType: "text/plain",
            digest: ContentDigest(bytes: SHA256.hash(data: bytes)))
    }

    private static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) } }

    private static func content(of name: String, _ container: any ArtifactContainer) async throws -> [UInt8]? {
        var all: [UInt8] = []
        return try await container.get(name) { all += $0 } == nil ? nil : all
    }

    @Test(arguments: [
        [], [Fault(.serverError, count: 2, pattern: "PUT *Containers*")],
        [Fault(.reset, count: 3, pattern: "PUT *Containers*")],
        [Fault(.lostAnswer, count: 2, pattern: "PUT *Containers*")],
        [Fault(.lostAnswer, count: 1, pattern: "POST */artifacts")],
        [Fault(.rateLimit, count: 1, pattern: "* *Containers*")],
    ]) func `files of all sizes come back and become an artifact, whatever breaks on the way`(faults: [Fault])
        async throws
    {
        try await ServiceFixture.azurePipelines.connected(Self.wishes(faults)) { connection, running in
            let container = try #require(connection.container?.port)
            let sizes = ["shots/a b.txt": 5, "shots/zero": 0, "shots/deep/big": (9 << 20) + 7, "shots/même": 4 << 20]
            for (name, size) in sizes { _ = try await container.put(Self.file(name, Self.bytes(size))) }
            _ = try await container.publish("shots", size: 99)
            for (name, size) in sizes {
                #expect(try await Self.content(of: name, container) == Self.bytes(size), "\(name)")
            }
            #expect(try await Self.content(of: "shots/gone", container) == nil)
            let shown = running.exhibit.files.filter { $0.path == "shots" }
            #expect(shown.map(\.size) == [99])
        }
    }

    @Test func `what is there already is replaced, and published once`() async throws {
        try await ServiceFixture.azurePipelines.connected(Self.wishes()) { connection, running in
            let container = try #require(connection.container?.port)
            for size in [9 << 20, 3, 5 << 20] { _ = try await container.put(Self.file("a/b", Self.bytes(size))) }
            #expect(try await Self.content(of: "a/b", container) == Self.bytes(5 << 20))
            _ = try await container.publish("a", size: 1)
            _ = try await container.publish("a", size: 1)
            #expect(running.exhibit.files.count { $0.path == "a" } == 1)
            let taken = await #expect(throws: APIError.self) { try await container.publish("drop", size: 1) }
            #expect(taken?.code == .conflict)
        }
    }

    @Test(arguments: [
        (Fault(.forkToken, count: nil, pattern: "PUT *"), APIError.Code.forbidden),
        (Fault(.html, count: nil, pattern: "PUT *"), .malformed),
        (Fault(.tooLarge, count: nil, pattern: "PUT *"), .refused),
    ]) func `a refusal is told apart`(fault: Fault, code: APIError.Code) async throws {
        try await ServiceFixture.azurePipelines.connected(Self.wishes([fault])) { connection, _ in
            let container = try #require(connection.container?.port)
            let error = await #expect(throws: APIError.self) { try await container.put(Self.file("a", [1])) }
            #expect(error?.code == code, "\(error.map { "\($0)" } ?? "")")
        }
    }

    @Test func `a file that changes on its way does not count as there`() async throws {
        try await ServiceFixture.azurePipelines.connected(Self.wishes()) { connection, _ in
            let container = try #require(connection.container?.port)
            var file = Self.file("a", [1, 2, 3])
            file.content = .bytes([1, 2, 4])
            let changed = file
            let error = await #expect(throws: APIError.self) { try await container.put(changed) }
            #expect(error?.description.contains("what arrived is not what was sent") == true)
        }
    }

    @Test func `without a token or a container the way says what to do`() async throws {
        var wishes = Self.wishes()
        wishes.environment = { $0["SYSTEM_ACCESSTOKEN"] = "$(System.AccessToken)" }
        try await ServiceFixture.azurePipelines.connected(wishes) { connection, _ in
            #expect(connection.container?.obstacle?.advice.hasPrefix("map SYSTEM_ACCESSTOKEN") == true)
        }
        wishes.environment = { _ in }
        try await ServiceFixture.azurePipelines.connected(wishes) { connection, _ in
            #expect(connection.container?.obstacle?.reason.hasPrefix("BUILD_CONTAINERID") == true)
        }
    }
}
