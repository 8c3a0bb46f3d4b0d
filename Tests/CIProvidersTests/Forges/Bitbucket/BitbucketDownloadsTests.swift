import CICore
import SystemPackage
import Testing

@testable import CIProviders
@testable import Simulator

struct BitbucketDownloadsTests {
    @Test(arguments: [
        "report.xml", "a b.xml", "quote\".xml", "line\r\nbreak.xml", "../../etc/passwd", "🙂 בדיקה.xml",
    ])
    func `a file of any name arrives whole, and a later one takes its place`(name: String) async throws {
        try await ForgeFixture.bitbucket.connected { connection, running in
            let shelf = try connection.shelf(.downloads)
            for content in ["first", "\r\n--dt-ci-\r\n"] {
                let page = try await shelf.put(
                    SharedFile(name: name, content: .bytes(Array(content.utf8)), mediaType: "application/xml"))
                #expect(page?.hasPrefix("https://bitbucket.org/octo/widgets/downloads/") == true)
            }
            #expect(running.exhibit.files.map(\.size) == [12])
            #expect(running.exhibit.files.allSatisfy { !$0.path.contains("/") && !$0.path.contains("\n") })
        }
    }

    @Test func `a file on the disk is streamed`() async throws {
        let path = FilePath("/tmp/dt-ci-bitbucket-\(UInt64.random(in: 0 ... .max)).bin")
        let files = LocalFileSystem()
        try files.write(Array(repeating: 13, count: 400_000), to: path)
        try await ForgeFixture.bitbucket.connected { connection, running in
            let file = SharedFile(name: "big.bin", content: .file(path, count: 400_000), mediaType: "")
            _ = try await connection.shelf(.downloads).put(file)
            #expect(running.exhibit.files.map(\.size) == [400_000])
        }
        try files.remove(path)
    }

    @Test func `a file whose answer is lost stands once`() async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.faults = [Fault(.lostAnswer, count: 1)]
        try await ForgeFixture.bitbucket.connected(wishes) { connection, running in
            _ = try await connection.shelf(.downloads).put(
                SharedFile(name: "a.xml", content: .bytes([1, 2]), mediaType: ""))
            #expect(running.exhibit.files.map(\.size) == [2])
        }
    }
}
