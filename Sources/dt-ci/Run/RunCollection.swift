import Artifacts
import CICore
import Orchestrator
import SystemPackage

import struct FoundationEssentials.Date

/// What a run keeps for people and later jobs: collected into the store among its results, and uploaded from there.
///
/// Nothing here can change the verdict; what could not be kept or placed is said.
struct RunCollection {
    let configuration: Configuration
    let surroundings: Surroundings
    /// The node that this job is; its artifacts are called after it.
    let node: NodePosition?

    /// More artifacts of one name than that are one too many.
    private static let mostTries = 20

    /// What became of it.
    struct Outcome {
        var artifacts: [RunArtifact] = []
        /// Sentences for the user.
        var trouble: [String] = []
        /// Whether an artifact that was to be placed is at no place.
        var isIncomplete = false
    }

    /// Collects and uploads; `uploads` is false where nobody waits for that.
    func keep(hasPassed: Bool, uploads: Bool) async -> Outcome {
        let settings = configuration.reporting.artifacts
        let wanted = settings.collections.filter { $0.when == .always || !hasPassed }
        guard !wanted.isEmpty else { return Outcome() }
        ArtifactStorePlace.expectFileLimits()
        let store = ArtifactStore(at: configuration.storage.results.appending("artifacts"))
        var outcome = Outcome()
        var names: [ArtifactName] = []
        for collection in wanted {
            do {
                if let name = try await put(collection, into: store, &outcome.trouble) { names.append(name) }
            } catch {
                outcome.trouble.append("artifact \(SafeText.line(collection.name)): \(error)")
            }
        }
        await upload(names, of: store, uploads: uploads, &outcome)
        if let age = settings.retention {
            do throws(StoreError) {
                _ = try store.collect(RetentionPolicy(maximumAge: age), at: Date())
            } catch {
                outcome.trouble.append("artifacts: \(error)")
            }
        }
        return outcome
    }

    /// `nil` where nothing is there.
    private func put(
        _ collection: ArtifactSettings.Collection, into store: ArtifactStore, _ trouble: inout [String]
    ) async throws -> ArtifactName? {
        let place = Surroundings(
            environment: surroundings.environment, workingDirectory: configuration.root, files: surroundings.files)
        let there = collection.paths.filter { path in
            Glob.isPattern(path) || surroundings.files.exists(configuration.root.pushing(FilePath(path)))
        }
        for path in collection.paths where !there.contains(path) {
            trouble.append("artifact \(SafeText.line(collection.name)): \(SafeText.line(path)) is not there")
        }
        guard !there.isEmpty else { return nil }
        var source = try ArtifactSelection(there, in: place).source
        if !collection.exclude.isEmpty { source.isExcluded = ArtifactSelection.exclusion(collection.exclude) }
        do {
            return try await put(source, as: collection.name, into: store, &trouble)
        } catch let error as StoreError where error.code == .missing {
            trouble.append("artifact \(SafeText.line(collection.name)): \(error)")
            return nil
        }
    }

    /// An artifact of an earlier run that is still to be uploaded keeps its name.
    private func put(
        _ source: ArtifactSource, as text: String, into store: ArtifactStore, _ trouble: inout [String]
    ) async throws -> ArtifactName {
        let base = node.map { "\(text)-\($0.index + 1)-of-\($0.total)" } ?? text
        var number = 1
        while true {
            let name = try ArtifactName(number == 1 ? base : "\(base) \(number)")
            do throws(StoreError) {
                let report = try await store.put(
                    source, as: name, at: Date(), policy: PutPolicy(taken: .replace))
                trouble += report.losses.lines.prefix(5).map { "artifact \(SafeText.line(text)): left out: \($0)" }
                return name
            } catch {
                guard error.code == .busy, number < Self.mostTries else { throw error }
                number += 1
            }
        }
    }

    private func upload(
        _ names: [ArtifactName], of store: ArtifactStore, uploads: Bool, _ outcome: inout Outcome
    ) async {
        let settings = configuration.reporting.artifacts
        var places: [any ArtifactPlace] = []
        if uploads {
            do throws(PlaceFailure) {
                let desk = await PlaceDesk(
                    in: surroundings, forge: configuration.reporting.forge, budget: .seconds(600))
                places = try desk.places(settings.places)
            } catch {
                outcome.trouble.append("artifacts: \(error)")
                outcome.isIncomplete = true
            }
        }
        let upload = ArtifactUpload(
            store: store, places: places, surroundings: surroundings, deniesSecrets: settings.deniesSecrets,
            secrets: configuration.suites.reduce(into: [:]) { secrets, suite in
                for (name, value) in suite.environment where Suite.isNameOfSecret(name) {
                    secrets[name] = Secret(value)
                }
            })
        let shown = ArtifactNotes.shown(store.root, in: surroundings)
        for artifact in await upload.run(names) {
            if let kept = artifact.artifact(path: nil) { outcome.artifacts.append(kept) }
            guard !places.isEmpty || artifact.state != .kept else { continue }
            if !artifact.isPlaced { outcome.isIncomplete = true }
            if !artifact.isPlaced || !artifact.passed.isEmpty {
                outcome.trouble.append("artifact \(artifact.line(store: shown))")
            }
        }
    }
}
