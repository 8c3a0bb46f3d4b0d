import CICore
import Crypto
import Synchronization
import SystemPackage

/// One artifact on its way to one place.
struct Shipment: Sendable {
    let uploader: ArtifactUploader
    let artifact: StoredArtifact
    let journal: UploadJournalFile

    /// Sends what the place does not have, and says where the artifact is then.
    func ship(to place: any ArtifactPlace) async throws(PlaceError) -> String? {
        let first = Mutex<String?>(nil)
        switch place.form {
        case .files: try await sendFiles(to: place, first)
        case .archive(let hasManifest):
            let archive = uploader.store.archiveDraft(of: artifact.name)
            defer {
                // It is made anew whenever it is wanted.
                try? uploader.files.remove(archive)
            }
            try await send(try archiveParcel(archive), number: 0, to: place, first)
            if hasManifest { try await send(try manifestParcel(), number: 1, to: place, first) }
        }
        let address = try await place.conclude(artifact, address: first.withLock { $0 })
        journal.update(place.title) { progress in
            progress.isComplete = true
            progress.address = address
        }
        return address
    }

    /// Several at a time; the manifest comes last, so that what has one is whole.
    private func sendFiles(to place: any ArtifactPlace, _ first: borrowing Mutex<String?>) async throws(PlaceError) {
        let entries = try opened()
        let done = journal.journal.places[place.title]?.done ?? IndexRanges()
        var number = -1
        func pull() throws(PlaceError) -> (Int, Parcel)? {
            while let entry = try next(of: entries) {
                guard let content = entry.file else { continue }
                number += 1
                if done.contains(number) { continue }
                return (
                    number,
                    Parcel(
                        artifact: artifact.name, path: "\(artifact.name.fileName)/\(entry.path)",
                        source: uploader.store.path(of: content.digest), content: content)
                )
            }
            return nil
        }
        var failure: PlaceError?
        await withTaskGroup(of: PlaceError?.self) { group in
            func add() {
                do throws(PlaceError) {
                    guard failure == nil, let (number, parcel) = try pull() else { return }
                    group.addTask { await self.attempt(parcel, number: number, to: place) }
                } catch {
                    failure = error
                }
            }
            for _ in 0..<max(1, uploader.width) { add() }
            for await trouble in group {
                if let trouble {
                    if failure == nil { failure = trouble }
                    group.cancelAll()
                }
                add()
            }
        }
        if let failure { throw failure }
        try await send(try manifestParcel(), number: number + 1, to: place, first)
    }

    private func attempt(_ parcel: Parcel, number: Int, to place: any ArtifactPlace) async -> PlaceError? {
        do throws(PlaceError) {
            let ignored = Mutex<String?>(nil)
            try await send(parcel, number: number, to: place, ignored)
            return nil
        } catch {
            return error
        }
    }

    private func send(
        _ parcel: Parcel, number: Int, to place: any ArtifactPlace, _ first: borrowing Mutex<String?>
    ) async throws(PlaceError) {
        guard !Task.isCancelled else { throw PlaceError(.cancelled, "the upload was ended") }
        let progress = journal.journal.places[place.title]
        if progress?.done.contains(number) ?? false { return }
        let journal = journal
        let address = try await place.put(parcel, resuming: progress?.tickets[parcel.path]) { ticket in
            journal.update(place.title) { $0.tickets[parcel.path] = ticket }
        }
        first.withLock { $0 = $0 ?? address }
        let hadTicket = journal.journal.places[place.title]?.tickets[parcel.path] != nil
        journal.update(place.title, weighing: hadTicket ? nil : parcel.content.size) { progress in
            progress.done.insert(number)
            progress.tickets[parcel.path] = nil
        }
    }
}

// MARK: Parcels

extension Shipment {
    private func manifestParcel() throws(PlaceError) -> Parcel {
        try parcel(artifact.name.manifestPath, artifact.manifest, mediaType: "application/jsonl")
    }

    private func archiveParcel(_ archive: FilePath) throws(PlaceError) -> Parcel {
        do {
            try uploader.files.createDirectory(archive.removingLastComponent())
            _ = try uploader.store.archive(artifact, to: archive)
        } catch let error as StoreError {
            throw PlaceError(.damaged, error.description)
        } catch {
            throw PlaceError(.damaged, "\(error)")
        }
        return try parcel(artifact.name.archivePath, archive, mediaType: "application/zip")
    }

    private func parcel(_ path: String, _ source: FilePath, mediaType: String) throws(PlaceError) -> Parcel {
        do {
            var digest = SHA256()
            var size: Int64 = 0
            while true {
                let chunk = try uploader.files.contents(of: source, from: size, count: 1 << 20)
                if chunk.isEmpty { break }
                digest.update(data: chunk)
                size += Int64(chunk.count)
            }
            return Parcel(
                artifact: artifact.name, path: path, source: source,
                content: .init(size: size, digest: ContentDigest(bytes: digest.finalize()), mediaType: mediaType))
        } catch {
            throw PlaceError(.damaged, error.description)
        }
    }

    private func opened() throws(PlaceError) -> ManifestEntries {
        do {
            return try uploader.store.entries(of: artifact)
        } catch {
            throw PlaceError(.damaged, error.description)
        }
    }

    private func next(of entries: ManifestEntries) throws(PlaceError) -> ArtifactEntry? {
        do {
            return try entries.next()
        } catch {
            throw PlaceError(.damaged, error.description)
        }
    }
}

extension ArtifactStore {
    /// Where an artifact's archive is while it is uploaded.
    func archiveDraft(of name: ArtifactName) -> FilePath {
        uploadState(of: name).removingLastComponent().appending("\(name.fileName).zip")
    }
}
