import Artifacts
import CICore
import Foundation
import Synchronization
import SystemPackage
import Testing

@Suite struct ArtifactPutTests {
    private static let tree = [
        "a.txt": "alpha", "bin/run*": "#!/bin/sh\n", "bin/link -> ../a.txt": "", "deep/er/est/x": "x", "empty/": "",
        "same.txt": "alpha", "zero": "", "ünïcode/日本": "ja",
    ]

    @Test func `a tree comes back as it was`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(Self.tree)
        let report = try await sandbox.put()
        #expect(report.artifact.totals == .init(size: 23, entries: 8))
        #expect(report.losses.isEmpty && report.changes.isEmpty)
        let target = sandbox.directory.path.appending("target")
        let written = try sandbox.store.get(report.artifact, to: target)
        #expect(written.written == report.artifact.totals)
        #expect(try StoreSandbox.tree(target) == StoreSandbox.tree(sandbox.source))
        #expect(try StoreSandbox.tree(target) == Self.tree)
    }

    @Test func `each content is kept once and cannot be written`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(Self.tree)
        let first = try await sandbox.put()
        #expect(first.added == .init(size: 18, entries: 5))
        #expect(try sandbox.objects().count == 5)
        let second = try await sandbox.put("again")
        #expect(second.added == .init())
        #expect(second.artifact.digest == first.artifact.digest)
        for object in try sandbox.objects() {
            let mode = try FileManager.default.attributesOfItem(atPath: object.string)[.posixPermissions] as? Int
            #expect(mode == 0o444)
        }
        #expect(try sandbox.staged().isEmpty)
    }

    @Test func `entries stand in the order of their names, with what they are`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(["a/x.png": "p", "a.b": "1", "a-b": "2", "a b": "3", "b/": "", "b.d/e/": "", "Z*": "z"])
        _ = try await sandbox.put()
        #expect(try sandbox.listing() == ["Z*", "a/x.png", "a b", "a-b", "a.b", "b/", "b.d/e/"])
        let image = try #require(try sandbox.entries().first { $0.path == "a/x.png" }?.file)
        #expect(image.mediaType == "image/png")
        #expect(image.size == 1)
        #expect(
            image.digest.hexadecimal == "148de9c5a7a44d19e56cd9ae1a554bf67847afb0c58f6e12fa29ac7ddfca9940")
    }

    @Test func `hidden names stay behind unless they are wanted, and what is excluded always does`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write([".git/config": "g", ".env": "e", "a.log": "1", "b/c.log": "2", "b/d.txt": "3", "tmp/x": "4"])
        let report = try await sandbox.put { $0.isExcluded = { $0 == "tmp" || $0.hasSuffix(".log") } }
        #expect(try sandbox.listing() == ["b/d.txt"])
        #expect(report.hidden == 2)
        _ = try await sandbox.put("hidden") { $0.includesHidden = true }
        #expect(try sandbox.listing("hidden") == [".env", ".git/config", "a.log", "b/c.log", "b/d.txt", "tmp/x"])
        _ = try await sandbox.put("picked") { $0.picks = [.init(path: ".env")] }
        #expect(try sandbox.listing("picked") == [".env"])
    }

    @Test func `picks and filters take a part, and look at nothing else`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write([
            "a/x.log": "1", "a/y.txt": "2", "b/z.log": "3", "b/deep/w.log": "4", "c/whole/v": "5", "d": "6",
        ])
        let asked = Mutex<[String]>([])
        _ = try await sandbox.put { source in
            source.picks = [
                .init(path: "d"),
                .init(path: "b") { path in
                    asked.withLock { $0.append(path) }
                    return path.hasSuffix(".log")
                }, .init(path: "c") { $0 == "c/whole" }, .init(path: "none") { _ in true },
            ]
        }
        #expect(try sandbox.listing() == ["b/deep/w.log", "b/z.log", "c/whole/v", "d"])
        #expect(asked.withLock { $0.allSatisfy { $0.hasPrefix("b/") } })
    }

    @Test func `something that was picked and is not there is an error`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(["a": "1"])
        let error = await #expect(throws: StoreError.self) {
            try await sandbox.put { $0.picks = [.init(path: "a"), .init(path: "b/c")] }
        }
        #expect(error?.code == .missing)
        #expect(error?.description.contains("source/b/c") == true)
    }

    @Test func `nothing at all is an error that says what was left out`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write([".hidden": "1"])
        let error = await #expect(throws: StoreError.self) { try await sandbox.put() }
        #expect(error?.code == .missing)
        #expect(error?.description.contains("1 hidden names were left out") == true)
        #expect(try sandbox.store.artifacts().artifacts.isEmpty)
    }

    @Test func `links are kept, followed, skipped or refused`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write([
            "d/f": "1", "in -> d": "", "out -> /etc/hostname": "", "up -> ../..": "", "d/loop -> ..": "",
        ])
        let kept = try await sandbox.put("keep")
        #expect(try sandbox.listing("keep") == ["d/f", "d/loop -> ..", "in -> d"])
        #expect(kept.losses.count == 2)
        #expect(kept.losses.lines.first?.hasPrefix("out is a link out of the artifact") == true)
        _ = try await sandbox.put("skip") { $0.symbolicLinks = .skip }
        #expect(try sandbox.listing("skip") == ["d/f"])
        let refused = await #expect(throws: StoreError.self) {
            try await sandbox.put("no") { $0.symbolicLinks = .refuse }
        }
        #expect(refused?.code == .unusable)
        try FileManager.default.removeItem(atPath: sandbox.place("up").string)
        try FileManager.default.removeItem(atPath: sandbox.place("out").string)
        let followed = try await sandbox.put("follow") { $0.symbolicLinks = .follow }
        #expect(try sandbox.listing("follow") == ["d/f", "in/f"])
        #expect(
            followed.losses.lines == [
                "d/loop is a link to a directory that it is in", "in/loop is a link to a directory that it is in",
            ])
    }

    @Test func `pipes and sockets never hang and are named`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(["a": "1"])
        #expect(mkfifo(sandbox.place("pipe").string, 0o600) == 0)
        let report = try await sandbox.put()
        #expect(report.losses.lines == ["pipe is a pipe, no file"])
        let error = await #expect(throws: StoreError.self) { try await sandbox.put("b", policy: .init(isStrict: true)) }
        #expect(error?.description.contains("pipe is a pipe") == true)
        #expect(try sandbox.store.artifacts().artifacts.map(\.name.rawValue) == ["all"])
        #expect(try sandbox.staged().isEmpty)
    }

    @Test func `names that not all systems can have are changed, and said`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(["line\nbreak": "1", "a:b": "2", "a%3Ab": "3", "con/x.": "4", "Readme": "5", "README": "6"])
        let report = try await sandbox.put()
        let paths = try sandbox.listing()
        #expect(paths.count == 6)
        #expect(paths.contains("line%0Abreak") && paths.contains("a%3Ab") && paths.contains("%63on/x%2E"))
        #expect(paths.contains { $0.hasPrefix("a%3Ab~") })
        #expect(paths.sorted(by: ArtifactPath.precedes) == paths)
        #expect(try sandbox.entries().first { $0.path == "line%0Abreak" }?.original == "line\nbreak")
        #expect(report.changes.count == 4)
        #expect(report.changes.lines.contains { $0.hasPrefix("Readme: Windows and macOS") })
        let target = sandbox.directory.path.appending("target")
        #expect(try sandbox.store.get(report.artifact, to: target).written.entries == 6)
    }

    @Test func `a name that is no UTF-8 is kept under a name that is`() async throws {
        let sandbox = try StoreSandbox()
        let path: [CChar] = sandbox.source.string.utf8CString.dropLast() + "/a".utf8CString.dropLast() + [-1, 0]
        let file = open(path, O_CREAT | O_WRONLY, 0o600)
        #expect(file >= 0)
        close(file)
        let report = try await sandbox.put()
        #expect(try sandbox.listing() == ["a%FF"])
        #expect(report.changes.count == 1)
    }

    @Test func `a file that changes while it is read is kept as it was read, and said`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write("big", [UInt8](repeating: 7, count: 24 << 20))
        let isDone = Flag()
        let place = sandbox.place("big").string
        // A thread of its own: tasks of other tests may have all others.
        Thread.detachNewThread { while !isDone.value.load(ordering: .relaxed) { utimes(place, nil) } }
        defer { isDone.value.store(true, ordering: .relaxed) }
        let report = try await sandbox.put()
        #expect(report.changes.lines == ["big changed while it was read; kept as it was read"])
        #expect(report.artifact.totals.size == 24 << 20)
        #expect(try await sandbox.store.verify().problemCount == 0)
    }

    @Test func `a name that is taken is refused or replaced, and the same content is fine`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(["a": "1"])
        let first = try await sandbox.put()
        let same = try await sandbox.put(at: StoreSandbox.time + 60)
        #expect(same.isUnchanged && same.artifact == first.artifact)
        try sandbox.write(["a": "2"])
        let error = await #expect(throws: StoreError.self) { try await sandbox.put() }
        #expect(error?.code == .taken)
        #expect(try sandbox.store.artifact(named: ArtifactName("all")) == first.artifact)
        let replaced = try await sandbox.put(policy: .init(taken: .replace), at: StoreSandbox.time + 60)
        #expect(try sandbox.store.artifact(named: ArtifactName("all")) == replaced.artifact)
        #expect(replaced.artifact.createdAt == StoreSandbox.time + 60)
    }

    @Test func `an artifact whose upload is unfinished is not replaced`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(["a": "1"])
        let first = try await sandbox.put()
        let state = sandbox.store.uploadState(of: first.artifact.name)
        try LocalFileSystem().createDirectory(state.removingLastComponent())
        try LocalFileSystem().write(Array(#"{"pending":true}"#.utf8), to: state)
        try sandbox.write(["a": "2"])
        let error = await #expect(throws: StoreError.self) { try await sandbox.put(policy: .init(taken: .replace)) }
        #expect(error?.code == .busy)
        try LocalFileSystem().write(Array(#"{"pending":false}"#.utf8), to: state)
        _ = try await sandbox.put(policy: .init(taken: .replace))
        #expect(!LocalFileSystem().exists(state), "it told of other content")
    }

    @Test func `content that a power failure cut is put anew`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(["a": "alpha"])
        _ = try await sandbox.put()
        let object = try #require(try sandbox.objects().first)
        try FileManager.default.removeItem(atPath: object.string)
        try LocalFileSystem().write([], to: object)
        #expect(try await sandbox.put("again").added.entries == 1)
        #expect(try await sandbox.store.verify().problemCount == 0)
    }

    @Test func `the store in the tree is not put into itself`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(["a": "1"])
        let source = ArtifactSource(directory: sandbox.directory.path)
        _ = try await sandbox.store.put(source, as: ArtifactName("all"), at: StoreSandbox.time)
        #expect(try sandbox.listing() == ["source/a"])
    }

    @Test func `what a killed writer left goes, what a living one has stays`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(["a": "1"])
        _ = try await sandbox.put()
        let staging = sandbox.store.root.appending("staging")
        for name in ["dead", "alive", "never-locked"] {
            try LocalFileSystem().createDirectory(staging.appending(name))
            try LocalFileSystem().write([1], to: staging.appending(name).appending("7"))
            if name != "never-locked" { try LocalFileSystem().write([], to: staging.appending(name).appending("lock")) }
        }
        let lock = open(staging.appending("alive").appending("lock").string, O_RDWR)
        defer { close(lock) }
        #expect(flock(lock, LOCK_EX) == 0)
        _ = try await sandbox.put("again")
        #expect(try sandbox.staged() == ["alive"])
    }

    @Test func `a store where none can be is a plain error`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(["a": "1"])
        try LocalFileSystem().write([], to: sandbox.store.root)
        let error = await #expect(throws: StoreError.self) { try await sandbox.put() }
        #expect(error?.code == .inaccessible)
        #expect(error?.description.contains("cannot make the directory") == true)
    }
}

/// Something that two tasks look at.
private final class Flag: Sendable {
    let value = Atomic(false)
}
