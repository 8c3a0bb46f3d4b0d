import CICore
import FoundationEssentials
import Synchronization
import SystemPackage
import Testing

@testable import Artifacts

@Suite struct ArtifactUploaderTests {
    @Test func `each file and then the manifest come to the first place, and nothing is pending`() async throws {
        let scene = try await Scene()
        let place = PlannedPlace("first")
        let outcome = try #require(await scene.uploader([place]).upload([scene.name]).first)
        #expect(outcome.state == .placed(.init(title: "first", url: "first/tree"), isNew: true))
        #expect(place.parcels.sorted() == ["tree.manifest.jsonl", "tree/a.txt", "tree/deep/b.txt"])
        #expect(place.parcels.last == "tree.manifest.jsonl")
        #expect(try scene.journal().isPending == false)
        let again = try #require(await scene.uploader([place]).upload([scene.name]).first)
        #expect(again.state == .placed(.init(title: "first", url: "first/tree"), isNew: false))
        #expect(place.parcels.count == 3)
    }

    @Test func `what one place refuses the next takes, with the reason said`() async throws {
        let scene = try await Scene()
        let refusing = PlannedPlace("no", failures: ["tree/deep/b.txt": [PlaceError(.refused, "too odd")]])
        let taking = PlannedPlace("yes")
        let outcome = try #require(await scene.uploader([refusing, taking]).upload([scene.name]).first)
        #expect(outcome.place?.title == "yes")
        #expect(outcome.passed == [.init(place: "no", reason: "too odd")])
    }

    @Test func `a place that is gone is asked once`() async throws {
        let scene = try await Scene()
        let second = try await scene.put("other", ["c": "c"])
        let gone = PlannedPlace(
            "gone",
            failures: Dictionary(
                uniqueKeysWithValues: ["tree/a.txt", "tree/deep/b.txt", "other/c"].map {
                    ($0, [PlaceError(.unavailable, "no answer")])
                }))
        let outcomes = await scene.uploader([gone], width: 1).upload([scene.name, second])
        #expect(outcomes.map(\.state) == [.kept, .kept])
        #expect(outcomes.allSatisfy { $0.passed.map(\.reason) == ["no answer"] })
        #expect(gone.tried == ["tree/a.txt"])
        #expect(try scene.journal().isPending)
    }

    @Test func `a later upload sends only what is not there yet`() async throws {
        let scene = try await Scene()
        let place = PlannedPlace("first", failures: ["tree/deep/b.txt": [PlaceError(.unavailable, "cut")]])
        place.ticket = "half of it"
        #expect(await scene.uploader([place], width: 1).upload([scene.name]).map(\.state) == [.kept])
        #expect(place.parcels == ["tree/a.txt"])
        let again = await scene.uploader([place], width: 1).upload([scene.name])
        #expect(again.first?.place?.title == "first")
        #expect(place.parcels == ["tree/a.txt", "tree/deep/b.txt", "tree.manifest.jsonl"])
        #expect(place.resumed == ["half of it"])
    }

    @Test func `a half upload is given up once another place has it all`() async throws {
        let scene = try await Scene()
        let half = PlannedPlace("half", failures: ["tree/deep/b.txt": [PlaceError(.unavailable, "cut")]])
        half.ticket = "half of it"
        _ = await scene.uploader([half, PlannedPlace("whole")], width: 1).upload([scene.name])
        #expect(half.abandoned == ["tree/deep/b.txt"])
        #expect(try scene.journal().places["half"]?.tickets == [:])
    }

    @Test func `another content under the name is another upload`() async throws {
        let scene = try await Scene()
        let place = PlannedPlace("first")
        _ = await scene.uploader([place]).upload([scene.name])
        _ = try await scene.put("tree", ["a.txt": "other"], policy: PutPolicy(taken: .replace))
        let outcome = try #require(await scene.uploader([place]).upload([scene.name]).first)
        #expect(outcome.state == .placed(.init(title: "first", url: "first/tree"), isNew: true))
    }

    @Test func `what holds a secret goes nowhere, and the verdict names variable and file`() async throws {
        let scene = try await Scene()
        let place = PlannedPlace("first")
        let scan = SecretScan(["NPM_TOKEN": Secret("hello from b")])
        let outcome = try #require(await scene.uploader([place], scan: scan).upload([scene.name]).first)
        guard case .withheld(let finding) = outcome.state else { throw ScanError() }
        #expect(finding.description == "deep/b.txt holds the value of NPM_TOKEN")
        #expect(place.tried.isEmpty)
        let inName = SecretScan(["A_TOKEN": Secret("deep/b.txt")])
        let named = try #require(await scene.uploader([place], scan: inName).upload([scene.name]).first)
        #expect(named.state == .withheld(SecretFinding(variable: "A_TOKEN", path: "", isInPath: true)))
    }

    @Test func `an archive is one parcel, and leaves nothing in the store`() async throws {
        let scene = try await Scene()
        let place = PlannedPlace("zip", form: .archive(hasManifest: true))
        let outcome = try #require(await scene.uploader([place]).upload([scene.name]).first)
        #expect(outcome.place?.title == "zip")
        #expect(place.parcels == ["tree.zip", "tree.manifest.jsonl"])
        let left = try LocalFileSystem().entries(of: scene.store.root.appending("uploads")).map(\.name)
        #expect(left == ["tree.json"])
    }

    @Test func `an artifact that is not there and a content that is gone are plain words`() async throws {
        let scene = try await Scene()
        let missing = await scene.uploader([]).upload([try ArtifactName("no")])
        guard case .failed(let reason) = missing[0].state else { throw ScanError() }
        #expect(reason.contains("no artifact called no"))
        let directory = DirectoryPlace(title: "there", root: scene.root.appending("there"))
        try scene.damage()
        let damaged = await scene.uploader([directory, PlannedPlace("second")]).upload([scene.name])
        guard case .failed = damaged[0].state else { throw ScanError() }
        #expect(try scene.journal().isPending)
    }

    @Test func `a directory takes a tree, and gives it back`() async throws {
        let scene = try await Scene()
        let place = DirectoryPlace(title: "there", root: scene.root.appending("there"))
        let outcome = try #require(await scene.uploader([place]).upload([scene.name]).first)
        #expect(outcome.place?.url == scene.root.appending("there/tree").string)
        #expect(try LocalFileSystem().text(of: scene.root.appending("there/tree/deep/b.txt")) == "hello from b")
        let other = ArtifactStore(at: scene.root.appending("other-store"))
        let fetched = try await ArtifactFetch(from: place, into: other).fetch(
            scene.name, at: Date(timeIntervalSince1970: 1e9))
        #expect(try fetched.digest == scene.store.artifact(named: scene.name).digest)
    }

    @Test(arguments: ["tree/deep/b.txt", "tree.manifest.jsonl"])
    func `what was changed or lost in a place does not come into the store`(path: String) async throws {
        let scene = try await Scene()
        let place = DirectoryPlace(title: "there", root: scene.root.appending("there"))
        _ = await scene.uploader([place]).upload([scene.name])
        let other = ArtifactStore(at: scene.root.appending("other-store"))
        try LocalFileSystem().write(Array("hello from c".utf8), to: place.path(of: path))
        await #expect(throws: StoreError.self) {
            try await ArtifactFetch(from: place, into: other).fetch(scene.name, at: Date())
        }
        try LocalFileSystem().remove(place.path(of: path))
        let error = await #expect(throws: StoreError.self) {
            try await ArtifactFetch(from: place, into: other).fetch(scene.name, at: Date())
        }
        #expect(error?.code == .missing)
        #expect(throws: StoreError.self) { try other.artifact(named: scene.name) }
    }
}

private struct ScanError: Error {}

/// A store of its own with an artifact `tree`; it is removed with this object.
private final class Scene {
    let root = FilePath("/tmp/dt-ci-uploads-\(UInt64.random(in: 0 ... .max))")
    let store: ArtifactStore
    let name: ArtifactName

    init() async throws {
        store = ArtifactStore(at: root.appending("store"))
        name = try ArtifactName("tree")
        _ = try await put("tree", ["a.txt": "hello from a", "deep/b.txt": "hello from b"])
    }

    deinit { try? LocalFileSystem().remove(root) }  // what stays is in a temporary directory

    func put(_ name: String, _ files: [String: String], policy: PutPolicy = PutPolicy()) async throws -> ArtifactName {
        let source = root.appending("source-\(UInt64.random(in: 0 ... .max))")
        for (path, text) in files {
            let file = path.split(separator: "/").reduce(source) { $0.appending(String($1)) }
            try LocalFileSystem().createDirectory(file.removingLastComponent())
            try LocalFileSystem().write(Array(text.utf8), to: file)
        }
        let name = try ArtifactName(name)
        _ = try await store.put(
            ArtifactSource(directory: source), as: name, at: Date(timeIntervalSince1970: 1e9), policy: policy)
        return name
    }

    func uploader(_ places: [any ArtifactPlace], scan: SecretScan? = nil, width: Int = 4) -> ArtifactUploader {
        ArtifactUploader(store: store, places: places, scan: scan, files: LocalFileSystem(), width: width)
    }

    func journal() throws -> UploadJournal {
        try #require(UploadJournal(try LocalFileSystem().contents(of: store.uploadState(of: name), limit: 1 << 20)))
    }

    /// Makes one content another one.
    func damage() throws {
        let entries = try store.entries(of: store.artifact(named: name))
        let digest = try #require(try entries.next()?.file?.digest)
        let path = store.path(of: digest)
        try LocalFileSystem().remove(path)
        try LocalFileSystem().write(Array("hello from c".utf8), to: path)
    }
}

/// A place that fails as it was planned to, and tells what came.
private final class PlannedPlace: ArtifactPlace {
    let title: String
    let form: PlaceForm
    let limits = PlaceLimits()
    private let state: Mutex<State>

    private struct State {
        var failures: [String: [PlaceError]]
        var tried: [String] = []
        var parcels: [String] = []
        var resumed: [String] = []
        var abandoned: [String] = []
        var ticket: String?
    }

    init(_ title: String, form: PlaceForm = .files, failures: [String: [PlaceError]] = [:]) {
        self.title = title
        self.form = form
        state = Mutex(State(failures: failures))
    }

    var tried: [String] { state.withLock { $0.tried } }
    var parcels: [String] { state.withLock { $0.parcels } }
    var resumed: [String] { state.withLock { $0.resumed } }
    var abandoned: [String] { state.withLock { $0.abandoned } }
    /// Noted for what then fails.
    var ticket: String? {
        get { state.withLock { $0.ticket } }
        set { state.withLock { $0.ticket = newValue } }
    }

    func put(
        _ parcel: Parcel, resuming ticket: String?, note: @escaping @Sendable (String) -> Void
    ) async throws(PlaceError) -> String? {
        let (failure, half) = state.withLock { state in
            state.tried.append(parcel.path)
            if let ticket { state.resumed.append(ticket) }
            guard state.failures[parcel.path]?.isEmpty == false else {
                state.parcels.append(parcel.path)
                return (PlaceError?.none, String?.none)
            }
            return (state.failures[parcel.path]?.removeFirst(), state.ticket)
        }
        if let half { note(half) }
        if let failure { throw failure }
        return nil
    }

    func abandon(_ parcel: String, ticket: String) async { state.withLock { $0.abandoned.append(parcel) } }

    func conclude(_ artifact: StoredArtifact, address: String?) async throws(PlaceError) -> String? {
        "\(title)/\(artifact.name)"
    }
}
