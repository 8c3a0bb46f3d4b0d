import CICore
import Crypto
import Foundation
import Synchronization
import SystemPackage
import Testing

@testable import CIProviders

/// Round trips with moto's server, which checks every signature by botocore's own hand.
@Suite struct S3ServerTests {
    private static let server = Result { try S3Server() }

    /// A server, and a bucket that no other test knows.
    private func bucket() throws -> (S3Server, String) {
        (try Self.server.get(), "bucket-\(UInt64.random(in: 0 ... .max))")
    }

    private func item(_ key: String, _ bytes: [UInt8]) -> S3Item {
        S3Item(
            key: key, content: .bytes(bytes), digest: ContentDigest(bytes: SHA256.hash(data: bytes)),
            mediaType: "text/plain")
    }

    private func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) } }

    private func content(of key: String, _ client: S3Client) async throws -> [UInt8]? {
        var all: [UInt8] = []
        let count = try await client.get(key) { all += $0 }
        #expect(count.map(Int.init) == (count == nil ? nil : all.count))
        return count == nil ? nil : all
    }

    @Test(arguments: ["plain.txt", "a b/ü ñ/+&=$@,:;'()*!~.txt", "日本/x%41y", "q?x#y"])
    func `an object comes back as it went, whatever it is called`(key: String) async throws {
        let (server, name) = try bucket()
        let client = try await server.client(name)
        #expect(try await client.put(item(key, bytes(1000))) == .sent(1000))
        #expect(try await content(of: key, client) == bytes(1000))
        #expect(try await client.objects(below: "").map(\.key) == [key])
        #expect(try await client.put(item(key, bytes(1000))) == .standing)
        #expect(try await client.put(item(key, bytes(1001))) == .sent(1001))
        try await client.delete(key)
        #expect(try await content(of: key, client) == nil)
        #expect(try await client.object(key) == nil)
    }

    @Test(arguments: [0, 1, 8 << 20, (8 << 20) + 1, 16 << 20])
    func `every size comes back`(size: Int) async throws {
        let (server, name) = try bucket()
        let client = try await server.client(name)
        _ = try await client.put(item("a", bytes(size)))
        #expect(try await content(of: "a", client) == bytes(size))
    }

    @Test func `a list goes over all its pages`() async throws {
        let (server, name) = try bucket()
        let client = try await server.client(name)
        for index in 0..<3 { _ = try await client.put(item("p/\(index)", [])) }
        _ = try await client.put(item("q", []))
        #expect(try await client.objects(below: "p/").map(\.key) == ["p/0", "p/1", "p/2"])
        #expect(try await client.objects(below: "p/", limit: 2).count == 2)
    }

    @Test func `a wrong key is refused in plain words`() async throws {
        let (server, name) = try bucket()
        let error = await #expect(throws: APIError.self) {
            _ = try await server.client(name, secret: "wrong-secret").put(item("a", [1, 2]))
        }
        #expect(error?.code == .forbidden)
        #expect(error?.description.contains("wrong-secret") == false)
    }

    @Test func `a large file goes in parts out of the disk and is whole`() async throws {
        let (server, name) = try bucket()
        let client = try await server.client(name)
        let file = try StoredFile(bytes((21 << 20) + 5))
        #expect(try await client.put(file.item("big"), partSize: 5 << 20) == .sent(Int64(file.bytes.count)))
        let parts = try await server.requests(of: name).filter { $0.line.contains("partNumber=") }
        #expect(parts.count == 5)
        #expect(try await content(of: "big", client) == file.bytes)
        #expect(try await client.object("big")?.tag.hasSuffix("-5") == true)
        #expect(try await client.put(file.item("big")) == .standing)
    }

    @Test func `a connection that ends in the middle of a part is made up for`() async throws {
        let (server, name) = try bucket()
        let client = try await server.client(name)
        let file = try StoredFile(bytes(17 << 20))
        try await server.plan(.init(match: "PUT /\(name)/big?partNumber=2", kind: "cut"))
        #expect(try await client.put(file.item("big"), partSize: 5 << 20) == .sent(17 << 20))
        #expect(try await content(of: "big", client) == file.bytes)
    }

    @Test func `what a broken upload had sent is not sent again`() async throws {
        let (server, name) = try bucket()
        let file = try StoredFile(bytes(26 << 20))
        let ticket = Mutex<String?>(nil)
        let match = "PUT /\(name)/big?partNumber=6"
        try await server.plan(.init(match: match, kind: "cut", count: 100))
        let client = try await server.client(name)
        let error = await #expect(throws: APIError.self) {
            try await client.put(file.item("big"), partSize: 5 << 20) { text in ticket.withLock { $0 = text } }
        }
        #expect(error?.code == .unreachable)
        #expect(try await client.object("big") == nil)
        try await server.plan(.init(match: match, kind: "cut", count: 0))
        let noted = try #require(ticket.withLock { $0 })
        let before = try await server.requests(of: name).count
        let again = try await server.client(name).put(file.item("big"), resuming: noted)
        #expect(again == .sent(1 << 20))
        let parts = try await server.requests(of: name).dropFirst(before).filter { $0.line.contains("partNumber=") }
        #expect(parts.map(\.bytes) == [1 << 20])
        #expect(try await content(of: "big", client) == file.bytes)
    }

    @Test func `a refused part leaves no upload behind`() async throws {
        let (server, name) = try bucket()
        let client = try await server.client(name)
        let file = try StoredFile(bytes(17 << 20))
        try await server.plan(.init(match: "PUT /\(name)/big?partNumber=3", kind: "refuse"))
        let error = await #expect(throws: APIError.self) { try await client.put(file.item("big"), partSize: 5 << 20) }
        #expect(error?.code == .forbidden)
        var request = S3Client.Request(.get)
        request.query = [("uploads", "")]
        #expect(S3Document(try await client.send(request)).elements("Upload").isEmpty)
    }

    @Test func `an upload that the storage has forgotten begins anew`() async throws {
        let (server, name) = try bucket()
        let client = try await server.client(name)
        let file = try StoredFile(bytes(17 << 20))
        let receipt = try await client.put(file.item("big"), resuming: "5242880 no-such-upload")
        #expect(receipt == .sent(17 << 20))
    }

    @Test func `a file that changed since its digest was taken is refused`() async throws {
        let (server, name) = try bucket()
        let client = try await server.client(name)
        var changed = item("a", [1, 2, 3])
        changed.content = .bytes([1, 2, 4])
        let error = await #expect(throws: APIError.self) { try await client.put(changed) }
        #expect(error?.detail.contains("has changed") == true)
        #expect(try await client.object("a") == nil)
    }
}

/// A file with its digest; it is removed with this object.
final class StoredFile {
    let bytes: [UInt8]
    private let path = FilePath("/tmp/dt-ci-storage-\(UInt64.random(in: 0 ... .max))")

    init(_ bytes: [UInt8]) throws {
        self.bytes = bytes
        try LocalFileSystem().write(bytes, to: path)
    }

    deinit { try? LocalFileSystem().remove(path) }  // what stays is in a temporary directory

    func item(_ key: String) -> S3Item {
        S3Item(
            key: key, content: .file(path, count: Int64(bytes.count)),
            digest: ContentDigest(bytes: SHA256.hash(data: bytes)), mediaType: "application/octet-stream")
    }
}
