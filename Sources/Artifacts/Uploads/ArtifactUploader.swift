package import CICore
import Synchronization
import SystemPackage

/// Brings artifacts of the store to the first place that takes them, and remembers how far it came.
///
/// Nothing is taken out of the store: an artifact that no place has wholly stays marked as pending there, and a later
/// upload sends of it only what no place has.
package struct ArtifactUploader: Sendable {
    let store: ArtifactStore
    let places: [any ArtifactPlace]
    /// `nil` where anything may leave.
    let scan: SecretScan?
    let files: any FileSystem
    /// Parcels of an artifact on their way at a time.
    let width: Int

    package init(
        store: ArtifactStore, places: [any ArtifactPlace], scan: SecretScan?, files: any FileSystem, width: Int = 4
    ) {
        self.store = store
        self.places = places
        self.scan = scan
        self.files = files
        self.width = width
    }

    /// Uploads artifacts one after the other; `tell` hears of each when it is done.
    package func upload(
        _ names: [ArtifactName], tell: @Sendable (UploadOutcome) -> Void = { _ in }
    ) async -> [UploadOutcome] {
        var ladder = UploadLadder(places.map { .init(title: $0.title, form: $0.form, limits: $0.limits) })
        var outcomes: [UploadOutcome] = []
        for name in names {
            let outcome = await upload(name, &ladder)
            tell(outcome)
            outcomes.append(outcome)
        }
        return outcomes
    }

    private func upload(_ name: ArtifactName, _ ladder: inout UploadLadder) async -> UploadOutcome {
        var outcome = UploadOutcome(name: name, artifact: nil, state: .kept)
        do {
            let artifact = try store.artifact(named: name)
            outcome.artifact = artifact
            let inspection = try inspect(artifact)
            outcome.unseen = inspection.unseen
            let journal = UploadJournalFile(store.uploadState(of: name), digest: artifact.digest, files: files)
            if let finding = inspection.finding {
                outcome.state = .withheld(finding)
            } else if !places.isEmpty {
                await climb(artifact, inspection.freight, journal, &ladder, &outcome)
            }
        } catch let error as StoreError {
            outcome.state = .failed(error.description)
        } catch let error as FileError {
            outcome.state = .failed(error.description)
        } catch {
            outcome.state = .failed("\(error)")
        }
        return outcome
    }

    /// Tries place after place.
    private func climb(
        _ artifact: StoredArtifact, _ freight: UploadLadder.Freight, _ journal: UploadJournalFile,
        _ ladder: inout UploadLadder, _ outcome: inout UploadOutcome
    ) async {
        journal.settle(isPending: true)
        var index = 0
        while true {
            switch ladder.step(at: index, for: freight) {
            case .keep: return
            case .pass(let place, let reason):
                outcome.passed.append(.init(place: places[place].title, reason: reason))
            case .offer(let chosen):
                let place = places[chosen]
                if let standing = journal.journal.places[place.title], standing.isComplete {
                    outcome.state = .placed(.init(title: place.title, url: standing.address), isNew: false)
                    return await finish(journal, at: place)
                }
                do throws(PlaceError) {
                    let address = try await Shipment(uploader: self, artifact: artifact, journal: journal).ship(
                        to: place)
                    ladder.took(chosen)
                    outcome.state = .placed(.init(title: place.title, url: address), isNew: true)
                    return await finish(journal, at: place)
                } catch {
                    ladder.failed(chosen, error)
                    outcome.passed.append(.init(place: place.title, reason: error.description))
                    if error.code == .damaged { outcome.state = .failed(error.description) }
                    if error.code == .damaged || error.code == .cancelled { return }
                }
            }
            index += 1
        }
    }

    /// One place has it: what others have begun is given up.
    private func finish(_ journal: UploadJournalFile, at place: any ArtifactPlace) async {
        journal.settle(isPending: false)
        for other in places where other.title != place.title {
            guard let progress = journal.journal.places[other.title] else { continue }
            for (path, ticket) in progress.tickets { await other.abandon(path, ticket: ticket) }
            journal.update(other.title) { $0.tickets = [:] }
        }
    }
}

// MARK: Before anything leaves

extension ArtifactUploader {
    /// What is known of an artifact before it is sent.
    private struct Inspection {
        var freight: UploadLadder.Freight
        var finding: SecretFinding?
        var unseen: [UploadOutcome.Unseen] = []
    }

    /// Goes over all entries once, and reads every content once where secrets are looked for.
    private func inspect(_ artifact: StoredArtifact) throws -> Inspection {
        var inspection = Inspection(freight: .init(total: artifact.totals.size))
        let entries = try store.entries(of: artifact)
        var clean: Set<ContentDigest> = []
        while let entry = try entries.next() {
            if let variable = scan?.variable(in: entry.path) ?? entry.original.flatMap({ scan?.variable(in: $0) }) {
                inspection.finding = SecretFinding(variable: variable, path: "", isInPath: true)
                return inspection
            }
            guard let content = entry.file else { continue }
            if content.size > inspection.freight.largestSize {
                inspection.freight.largestPath = entry.path
                inspection.freight.largestSize = content.size
            }
            guard let scan, content.size >= SecretScan.leastLength, !clean.contains(content.digest) else { continue }
            let packed = try PackedScan(scan, files).look(into: store.path(of: content.digest))
            if let variable = packed.variable {
                let path = packed.member.map { "\(entry.path): \($0)" } ?? entry.path
                inspection.finding = SecretFinding(variable: variable, path: path, isInPath: false)
                return inspection
            }
            if let reason = packed.obstacle, inspection.unseen.count < UploadOutcome.mostUnseen {
                inspection.unseen.append(.init(path: entry.path, reason: reason))
            }
            // Enough to see that a tree repeats itself; of more than that a second look is cheaper than the memory.
            if clean.count < 100_000 { clean.insert(content.digest) }
        }
        return inspection
    }
}
