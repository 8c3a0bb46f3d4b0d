import Artifacts
import CICore
import CIProviders
import Orchestrator
import Reporting
import SystemPackage
import TestHistory

import struct FoundationEssentials.Date

/// What earlier runs came to, at a place of artifacts: the memory of jobs that start from nothing each time.
///
/// Each branch has one artifact, which every whole run of the branch replaces. A pull request reads that of its target and
/// writes none: its code is not trusted with what others are compared with.
struct RunMemory {
    private let place: String
    private let configuration: Configuration
    private let surroundings: Surroundings
    private let context: BuildContext
    private let job: String

    /// For all that a job sends or fetches.
    private static let budget = Duration.seconds(60)
    /// The state of three million tests.
    private static let longest = 256 << 20

    /// `nil` where the configuration names no place; `context` is looked for where it is not known.
    init?(_ configuration: Configuration, in surroundings: Surroundings, _ context: BuildContext?) async {
        guard let place = configuration.storage.memory else { return nil }
        self.place = place
        self.configuration = configuration
        self.surroundings = surroundings
        if let context {
            self.context = context
        } else {
            self.context =
                await Detector(
                    environment: surroundings.environment, files: surroundings.files, processes: LocalProcesses(),
                    workingDirectory: surroundings.workingDirectory
                ).detect().context
        }
        job = PublishedRun(context: self.context, settings: configuration.reporting.publish, start: 0).section
    }

    // MARK: Back

    /// The last run of the branch's target; of a branch without a pull request its own last run, else the default branch's.
    func recall(_ source: HistoricalRun.Source) async -> Publisher.Memory {
        let origins = await origins(source)
        guard !origins.isEmpty else { return .none("\(shownPlace) is not asked, for the branch is unknown") }
        for origin in origins {
            do {
                // What a pull request's target came to on the very same commit is what it is compared with.
                let commit = context.pullRequest == nil ? source.commit : nil
                if let baseline = try await recall(origin, before: commit) { return .baseline(baseline) }
            } catch {
                return .none("\(shownPlace) cannot be asked: \(SafeText.line("\(error)", limit: 300))")
            }
        }
        let names = origins.map { SafeText.line($0.branch, limit: 100) }.joined(separator: " or ")
        return .none("\(shownPlace) remembers no earlier run of \(names)")
    }

    /// `nil` if the place has none of that branch but of this very commit.
    private func recall(_ origin: MemoryOrigin, before commit: String?) async throws -> Baseline? {
        let root = scratch("fetched")
        defer { try? surroundings.files.remove(root) }  // read, and of no more use
        try surroundings.files.remove(root)
        let store = ArtifactStore(at: root.appending("store"))
        let directory = root.appending("memory")
        do {
            let artifact = try await ArtifactFetch(
                from: try await lastingReader(), into: store,
                limits: ArchiveLimits(entries: 16, size: Int64(2 * Self.longest))
            ).fetch(origin.artifact, at: Date())
            _ = try store.get(artifact, to: directory)
        } catch let error as StoreError {
            guard error.code == .missing else { throw error }
            return nil
        }
        let written = try surroundings.files.contents(of: directory.appending(MemoryOrigin.file), limit: 64 << 10)
        guard let found = MemoryOrigin(reading: written), found == origin else {
            throw PlaceFailure("what it has is not the state of \(origin.title)")
        }
        for file in [Self.latest, Self.before] {
            let path = directory.appending(file)
            guard surroundings.files.kind(of: path) == .file else { continue }
            let bytes = try surroundings.files.contents(of: path, limit: Self.longest)
            var baseline = try bytes.withUnsafeBufferPointer { try StateV1.read($0) }
            guard commit == nil || baseline.point.commit != commit else { continue }
            baseline.point.choice = .branch
            return baseline
        }
        return nil
    }

    // MARK: There

    /// Puts the state of a whole run there; sentences about what stands in the way.
    func keep(_ state: FilePath) async -> [String] {
        guard let origin = own, surroundings.files.kind(of: state) == .file else { return [] }
        let root = scratch("sent")
        defer { try? surroundings.files.remove(root) }  // it is at its place, or its loss is told
        do {
            try surroundings.files.remove(root)
            let directory = root.appending("memory")
            try surroundings.files.createDirectory(directory)
            let bytes = try surroundings.files.contents(of: state, limit: Self.longest)
            try surroundings.files.write(bytes, to: directory.appending(Self.latest))
            try surroundings.files.write(origin.json, to: directory.appending(MemoryOrigin.file))
            // A second attempt of this commit's job must find what came before the commit, not the first attempt.
            let commit = try bytes.withUnsafeBufferPointer { try StateV1.read($0) }.point.commit
            // Where that is unknown, nothing else is lost.
            if let commit, let before = try? await recall(origin, before: commit) {
                try surroundings.files.write(StateV1.write(before), to: directory.appending(Self.before))
            }
            let store = ArtifactStore(at: root.appending("store"))
            let name = try origin.artifact
            _ = try await store.put(ArtifactSource(directory: directory), as: name, at: Date())
            let outcomes = await ArtifactUpload(
                store: store, places: [try await lastingPlace()], surroundings: surroundings,
                deniesSecrets: configuration.reporting.artifacts.deniesSecrets
            ).run([name])
            return outcomes.filter { !$0.isPlaced }.map {
                "later runs will not know of this one: \($0.line(store: "here"))"
            }
        } catch {
            return ["later runs will not know of this one: \(SafeText.line("\(error)", limit: 300))"]
        }
    }

    private static let latest = "state.json"
    private static let before = "before.json"

    // MARK: Whose

    /// What this build may write: that of its branch, in a CI service and without a pull request.
    private var own: MemoryOrigin? {
        guard CIServices.named(context.service) != nil, context.pullRequest == nil, context.source.tag == nil else {
            return nil
        }
        return context.source.branch.flatMap(origin)
    }

    private func origins(_ source: HistoricalRun.Source) async -> [MemoryOrigin] {
        var branches: [String?] = []
        if let request = context.pullRequest {
            branches = [request.target]
        } else {
            branches = [context.source.branch ?? source.branch]
        }
        if let known = context.repository.defaultBranch {
            branches.append(known)
        } else {
            let copy = WorkingCopy(root: configuration.root, environment: surroundings.environment)
            branches.append(await copy.defaultBranch())
        }
        var origins: [MemoryOrigin] = []
        for origin in branches.compactMap({ $0.flatMap(origin) }) where !origins.contains(origin) {
            origins.append(origin)
        }
        return origins
    }

    private func origin(_ branch: String) -> MemoryOrigin? {
        let repository = [context.repository.host, context.repository.slug].compactMap(\.self).joined(separator: "/")
        return MemoryOrigin(repository: repository, branch: branch, job: job)
    }

    // MARK: Parts

    private var shownPlace: String { "the memory at \(SafeText.line(place, limit: 200))" }

    private func scratch(_ name: String) -> FilePath { configuration.storage.results.appending("memory-\(name)") }

    private func desk() async -> PlaceDesk {
        await PlaceDesk(in: surroundings, forge: configuration.reporting.forge, budget: Self.budget)
    }

    private func lastingReader() async throws -> any PlaceReader {
        let reader = try await desk().reader(place)
        guard let shelf = reader as? ShelfPlace else { return reader }
        return try lasting(shelf)
    }

    private func lastingPlace() async throws -> any ArtifactPlace {
        guard let first = try await desk().places([place]).first else {
            throw PlaceFailure("\(place) is no place here")
        }
        guard let shelf = first as? ShelfPlace else { return first }
        return try lasting(shelf)
    }

    /// What a run puts on a shelf is its own, unless the shelf knows of others.
    private func lasting(_ place: ShelfPlace) throws(PlaceFailure) -> ShelfPlace {
        guard let lasting = place.lasting() else {
            throw PlaceFailure(
                "\(place.title) belong to one run alone; name a directory that the pipeline caches, or s3://BUCKET/PREFIX"
            )
        }
        return lasting
    }
}
