import Artifacts
import CICore
import Orchestrator
import SystemPackage

import struct FoundationEssentials.Date

/// Brings the bundles of a run's nodes to a place of artifacts, and from there to the job that merges them.
struct BundleJourney {
    let configuration: Configuration
    let surroundings: Surroundings

    /// For all that one job sends or fetches.
    private static let budget = Duration.seconds(600)
    /// How many are fetched at a time.
    private static let width = 4
    /// The first of these that is there tells how many nodes there are.
    private static let probes = 16

    /// What was fetched.
    struct Fetched {
        /// Directories with a bundle each.
        var directories: [FilePath] = []
        /// Why others could not be; one sentence each. That a place has none of a node is for the merge to say.
        var trouble: [String] = []
    }

    // MARK: There

    /// Sends a node's bundle; a sentence for each thing that went wrong.
    func send(
        _ bundle: FilePath, of position: NodePosition, resuming lineage: BundleManifest.Lineage?, to place: String
    ) async -> [String] {
        let title = "the bundle of \(position.title)"
        // A store of its own: what an earlier run could not send must not stand for this one.
        let store = ArtifactStore(at: scratch("sent"))
        defer { try? surroundings.files.remove(store.root) }  // the bundle itself stays
        do {
            try surroundings.files.remove(store.root)
            let name = try Self.name(of: (lineage?.first ?? 0) + position.index)
            let places = try await desk().places([place])
            _ = try await store.put(ArtifactSource(directory: bundle), as: name, at: Date())
            let outcomes = await ArtifactUpload(
                store: store, places: places, surroundings: surroundings,
                deniesSecrets: configuration.reporting.artifacts.deniesSecrets
            ).run([name])
            let shown = ArtifactNotes.shown(bundle, in: surroundings)
            return outcomes.filter { !$0.isPlaced }.map { "\(title) is not sent: \($0.line(store: shown))" }
        } catch {
            return ["\(title) is not sent: \(error)"]
        }
    }

    // MARK: And back

    /// Fetches the bundles of all nodes into a directory each.
    func fetch(from place: String, total: Int?) async -> Fetched {
        let root = scratch("fetched")
        var fetched = Fetched()
        do {
            try surroundings.files.remove(root)
            let fetch = ArtifactFetch(
                from: try await desk().reader(place), into: ArtifactStore(at: root.appending("store")))
            var total = total
            var next = 0
            while total == nil, next < Self.probes {
                await take([next], with: fetch, to: root, &fetched)
                total =
                    BundleSearch(files: surroundings.files).find(below: fetched.directories)
                    .bundles.first?.manifest.position.total
                next += 1
            }
            await take(Array(min(next, total ?? next)..<(total ?? next)), with: fetch, to: root, &fetched)
            if let total { await takeResumed(after: total, with: fetch, to: root, &fetched) }
            if fetched.directories.isEmpty, fetched.trouble.isEmpty {
                fetched.trouble.append("\(place) has no bundle of any node")
            }
        } catch {
            fetched.trouble.append("no bundles from \(place): \(error)")
        }
        return fetched
    }

    /// Nodes that went on are counted behind those of the beginning, generation by generation.
    private func takeResumed(
        after first: Int, with fetch: ArtifactFetch, to root: FilePath, _ fetched: inout Fetched
    ) async {
        var first = first
        while true {
            let known = fetched.directories.count
            var next = first
            while fetched.directories.count == known, next < first + Self.probes {
                await take([next], with: fetch, to: root, &fetched)
                next += 1
            }
            let found = BundleSearch(files: surroundings.files).find(below: Array(fetched.directories[known...]))
            guard let manifest = found.bundles.first?.manifest, let lineage = manifest.work.resumes,
                lineage.first == first
            else { return }
            let end = first + manifest.position.total
            await take(Array(min(next, end)..<end), with: fetch, to: root, &fetched)
            first = end
        }
    }

    private func take(
        _ indices: [Int], with fetch: ArtifactFetch, to root: FilePath, _ fetched: inout Fetched
    ) async {
        var rest = indices[...]
        while !rest.isEmpty {
            let batch = rest.prefix(Self.width)
            rest = rest.dropFirst(Self.width)
            let found = await withTaskGroup(of: (Int, Result<FilePath?, any Error>).self) { group in
                for index in batch {
                    group.addTask {
                        do {
                            return (index, .success(try await take(index, with: fetch, to: root)))
                        } catch {
                            return (index, .failure(error))
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            for (index, result) in found.sorted(by: { $0.0 < $1.0 }) {
                switch result {
                case .success(let directory): fetched.directories += [directory].compactMap(\.self)
                case .failure(let error): fetched.trouble.append("the bundle of node \(index + 1): \(error)")
                }
            }
        }
    }

    /// The bundle's directory; `nil` if the place has none.
    private func take(_ index: Int, with fetch: ArtifactFetch, to root: FilePath) async throws -> FilePath? {
        let artifact: StoredArtifact
        do {
            artifact = try await fetch.fetch(Self.name(of: index), at: Date())
        } catch let error as StoreError {
            guard error.code == .missing else { throw error }
            return nil
        }
        let directory = root.appending("node-\(index)")
        _ = try ArtifactStore(at: root.appending("store")).get(artifact, to: directory)
        return directory
    }

    // MARK: Parts

    private static func name(of index: Int) throws(StoreError) -> ArtifactName {
        try ArtifactName("dt-ci-bundle-\(index)")
    }

    private func scratch(_ name: String) -> FilePath {
        configuration.storage.results.appending("bundles-\(name)")
    }

    private func desk() async -> PlaceDesk {
        await PlaceDesk(in: surroundings, forge: configuration.reporting.forge, budget: Self.budget)
    }
}
