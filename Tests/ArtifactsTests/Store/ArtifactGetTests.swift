import Artifacts
import CICore
import Foundation
import SystemPackage
import Testing

@Suite struct ArtifactGetTests {
    @Test func `files that are there are not replaced unless that is wanted`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(["a": "new", "l -> a": ""])
        let artifact = try await sandbox.put().artifact
        let target = sandbox.directory.path.appending("target")
        try LocalFileSystem().createDirectory(target)
        try LocalFileSystem().write(Array("old".utf8), to: target.appending("a"))
        let error = #expect(throws: StoreError.self) { try sandbox.store.get(artifact, to: target) }
        #expect(error?.code == .taken)
        #expect(try StoreSandbox.tree(target) == ["a": "old"])
        _ = try sandbox.store.get(artifact, to: target, policy: .init(overwrites: true))
        _ = try sandbox.store.get(artifact, to: target, policy: .init(overwrites: true))
        #expect(try StoreSandbox.tree(target) == ["a": "new", "l -> a": ""])
    }

    @Test func `nothing is written through a link that is there, and a link is replaced, not followed`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(["d/f": "1", "x": "2"])
        let artifact = try await sandbox.put().artifact
        let outside = sandbox.directory.path.appending("outside")
        let target = sandbox.directory.path.appending("target")
        for directory in [outside, target] { try LocalFileSystem().createDirectory(directory) }
        try LocalFileSystem().write([0x6f], to: outside.appending("x"))
        try FileManager.default.createSymbolicLink(
            atPath: target.appending("x").string, withDestinationPath: outside.appending("x").string)
        let link = target.appending("d").string
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: outside.string)
        let error = #expect(throws: StoreError.self) {
            try sandbox.store.get(artifact, to: target, policy: .init(overwrites: true))
        }
        #expect(error?.description.contains("d on the way is a link or a file") == true)
        try FileManager.default.removeItem(atPath: link)
        _ = try sandbox.store.get(artifact, to: target, policy: .init(overwrites: true))
        #expect(try StoreSandbox.tree(outside) == ["x": "o"])
        #expect(try StoreSandbox.tree(target) == ["d/f": "1", "x": "2"])
    }

    @Test func `content that is damaged is not written`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(["a": "alpha", "b": "beta"])
        let artifact = try await sandbox.put().artifact
        let digest = try #require(try sandbox.entries().first?.file?.digest)
        try FileManager.default.removeItem(atPath: sandbox.store.path(of: digest).string)
        try LocalFileSystem().write(Array("alphb".utf8), to: sandbox.store.path(of: digest))
        let target = sandbox.directory.path.appending("target")
        for policy in [GetPolicy(), GetPolicy(links: true)] {
            let error = #expect(throws: StoreError.self) { try sandbox.store.get(artifact, to: target, policy: policy) }
            #expect(error?.code == .damaged)
            #expect(error?.description.hasPrefix("the content of a is not what it was") == true)
            #expect(try StoreSandbox.tree(target).isEmpty)
        }
    }

    @Test func `hard links share their bytes with the store, executables are copies`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(["a": "alpha", "run*": "sh", "d/b": "alpha"])
        let artifact = try await sandbox.put().artifact
        let target = sandbox.directory.path.appending("target")
        let report = try sandbox.store.get(artifact, to: target, policy: .init(links: true))
        #expect(report.linked == 2 && report.written.entries == 3)
        #expect(try StoreSandbox.tree(target) == ["a": "alpha", "run*": "sh", "d/b": "alpha"])
        let links =
            try FileManager.default.attributesOfItem(atPath: target.appending("a").string)[.referenceCount] as? Int
        #expect(links == 3)
        _ = try sandbox.store.get(artifact, to: target, policy: .init(overwrites: true, links: true))
        #expect(try LocalFileSystem().entries(of: target).count == 3)
    }

    @Test func `a part can be had`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(["a.log": "1", "b.txt": "2"])
        let artifact = try await sandbox.put().artifact
        let target = sandbox.directory.path.appending("target")
        let report = try sandbox.store.get(artifact, to: target, policy: .init { $0.hasSuffix(".log") })
        #expect(report.unwanted == 1)
        #expect(try StoreSandbox.tree(target) == ["a.log": "1"])
    }

    @Test func `verify names what is damaged and what is gone`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(["a": "alpha", "b": "beta", "c": "gamma", "d": "alpha"])
        let artifact = try await sandbox.put().artifact
        #expect(try await sandbox.store.verify().checked == .init(size: 14, entries: 3))
        let entries = try sandbox.entries()
        let gone = sandbox.store.path(of: try #require(entries[0].file?.digest))
        let changed = sandbox.store.path(of: try #require(entries[1].file?.digest))
        for path in [gone, changed] { try FileManager.default.removeItem(atPath: path.string) }
        try LocalFileSystem().write(Array("betb".utf8), to: changed)
        let found = try await sandbox.store.verify(artifact.name)
        #expect(found.problemCount == 2)
        #expect(found.problems[0].hasPrefix("all: the content of a is gone"))
        #expect(found.problems[1].hasPrefix("all: the content of b is not what it was"))
        let text = try LocalFileSystem().contents(of: artifact.manifest, limit: 1 << 20)
        try FileManager.default.removeItem(atPath: artifact.manifest.string)
        try LocalFileSystem().write(Array(text.dropLast(10)), to: artifact.manifest)
        #expect(try await sandbox.store.verify().problems.contains { $0.contains("line 5: is cut off") })
    }
}
