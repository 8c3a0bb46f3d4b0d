import Artifacts
import CICore
import Foundation
import SystemPackage
import Testing

@Suite struct ArtifactCollectionTests {
    private static let day: TimeInterval = 86_400

    /// `day0` … `day4`, the last of them today, with 1000 bytes of their own and 1000 that all have.
    private static func filled() async throws -> StoreSandbox {
        let sandbox = try StoreSandbox()
        try sandbox.write("common", [UInt8](repeating: 0, count: 1000))
        for day in 0..<5 {
            try sandbox.write("own", [UInt8](repeating: UInt8(day + 1), count: 1000))
            _ = try await sandbox.put("day\(day)", at: StoreSandbox.time + Double(day - 4) * Self.day)
        }
        return sandbox
    }

    private static func names(_ sandbox: StoreSandbox) throws -> [String] {
        try sandbox.store.artifacts().artifacts.map(\.name.rawValue)
    }

    private static func expectUpload(_ json: String, of name: String, in sandbox: StoreSandbox) throws {
        let state = sandbox.store.uploadState(of: try ArtifactName(name))
        try LocalFileSystem().createDirectory(state.removingLastComponent())
        try LocalFileSystem().write(Array(json.utf8), to: state)
    }

    @Test(arguments: [
        (RetentionPolicy(), [0, 1, 2, 3, 4]), (.init(maximumAge: .seconds(2.5 * 86_400)), [2, 3, 4]),
        (.init(maximumCount: 1), [4]), (.init(maximumCount: 0), []), (.init(maximumSize: 3000), [3, 4]),
        (.init(maximumSize: 2999), [4]), (.init(maximumSize: 1999), []),
        (.init(maximumAge: .seconds(1.5 * 86_400), maximumSize: 4000, maximumCount: 4), [3, 4]),
    ]) func `each bound removes the oldest and the contents that nothing has any more`(
        policy: RetentionPolicy, days: [Int]
    ) async throws {
        let sandbox = try await Self.filled()
        let rehearsed = try sandbox.store.collect(policy, at: StoreSandbox.time, isRehearsal: true)
        #expect(try Self.names(sandbox).count == 5)
        #expect(try sandbox.objects().count == 6)
        let report = try sandbox.store.collect(policy, at: StoreSandbox.time)
        #expect(report == rehearsed)
        #expect(try Self.names(sandbox) == days.map { "day\($0)" })
        #expect(try sandbox.objects().count == (days.isEmpty ? 0 : days.count + 1))
        #expect(report.freed.size == Int64(6 - (days.isEmpty ? 0 : days.count + 1)) * 1000)
        #expect(try await sandbox.store.verify().problemCount == 0)
    }

    @Test(arguments: [#"{"pending":true}"#, "broken", "{}"])
    func `an artifact whose upload is unfinished, or may be, always stays`(state: String) async throws {
        let sandbox = try await Self.filled()
        try Self.expectUpload(state, of: "day1", in: sandbox)
        try Self.expectUpload(#"{"pending":false}"#, of: "day0", in: sandbox)
        let report = try sandbox.store.collect(.init(maximumAge: .zero, maximumCount: 0), at: StoreSandbox.time + 1)
        #expect(try Self.names(sandbox) == ["day1"])
        #expect(report.protected.map(\.rawValue) == ["day1"])
        #expect(!LocalFileSystem().exists(sandbox.store.uploadState(of: try ArtifactName("day0"))))
        #expect(try await sandbox.store.verify().problemCount == 0)
    }

    @Test func `contents of a put that never ended go`() async throws {
        let sandbox = try await Self.filled()
        let prefix = sandbox.store.root.appending("objects").appending("ff")
        try LocalFileSystem().createDirectory(prefix)
        try LocalFileSystem().write([1, 2, 3], to: prefix.appending(String(repeating: "f", count: 62)))
        let report = try sandbox.store.collect(RetentionPolicy(), at: StoreSandbox.time)
        #expect(report.freed == .init(size: 3, entries: 1))
        #expect(report.removed.isEmpty && report.kept.count == 5)
    }

    @Test func `nothing goes while a manifest cannot be read`() async throws {
        let sandbox = try await Self.filled()
        try LocalFileSystem().write([1], to: sandbox.store.root.appending("manifests").appending("bad.jsonl"))
        let error = #expect(throws: StoreError.self) {
            try sandbox.store.collect(.init(maximumCount: 0), at: StoreSandbox.time)
        }
        #expect(error?.code == .malformed)
        #expect(try sandbox.objects().count == 6)
        #expect(try Self.names(sandbox).count == 5)
    }

    @Test func `a store that is not there is empty`() throws {
        let sandbox = try StoreSandbox()
        let report = try sandbox.store.collect(.init(maximumCount: 0), at: StoreSandbox.time)
        #expect(report.removed.isEmpty && report.kept.isEmpty)
        #expect(try sandbox.store.artifacts().artifacts.isEmpty)
        #expect(!LocalFileSystem().exists(sandbox.store.root))
    }
}
