import Artifacts
import CICore
import CIProviders

/// A shelf of a forge's or a CI service's API as a place for artifacts.
struct ShelfPlace: ArtifactPlace, PlaceReader {
    let title: String
    private(set) var shelf: any FileShelf
    let form: PlaceForm
    let limits: PlaceLimits

    init(_ shelf: any FileShelf, _ offer: ArtifactOffer) {
        title = offer.title
        self.shelf = shelf
        form =
            switch offer.layout {
            case .files: .files
            case .archive: .archive(hasManifest: false)
            case .archiveWithManifest: .archive(hasManifest: true)
            }
        limits = PlaceLimits(fileSize: offer.limits.fileSize, artifacts: offer.limits.artifacts)
    }

    /// The same for files that every run reads and replaces; `nil` where what a run puts there is its own.
    func lasting() -> ShelfPlace? {
        guard let shelf = shelf as? any LastingShelf else { return nil }
        var place = self
        place.shelf = shelf.lasting()
        return place
    }

    func put(
        _ parcel: Parcel, resuming ticket: String?, note: @escaping @Sendable (String) -> Void
    ) async throws(PlaceError) -> String? {
        do throws(APIError) {
            return try await shelf.put(
                SharedFile(
                    name: parcel.path, content: .file(parcel.source, count: parcel.content.size),
                    mediaType: parcel.content.mediaType, digest: parcel.content.digest))
        } catch {
            throw PlaceError(error, at: title)
        }
    }

    func conclude(_ artifact: StoredArtifact, address: String?) async throws(PlaceError) -> String? {
        guard let container = shelf as? any ArtifactContainer else { return address }
        do throws(APIError) {
            return try await container.publish(artifact.name.fileName, size: artifact.totals.size)
        } catch {
            throw PlaceError(error, at: title)
        }
    }

    func get(
        _ parcel: String, into sink: (_ part: [UInt8]) throws(PlaceError) -> Void
    ) async throws(PlaceError) -> Int64? {
        guard let source = shelf as? any FileSource else {
            throw PlaceError(.unavailable, "\(title) gives nothing back")
        }
        var trouble: PlaceError?
        do throws(APIError) {
            return try await source.get(parcel) { part throws(APIError) in
                try PlaceError.relay(part, to: sink, &trouble)
            }
        } catch {
            throw trouble ?? PlaceError(error, at: title)
        }
    }
}

/// A bucket as a place for artifacts: each file on its own.
struct S3Place: ArtifactPlace, PlaceReader {
    let client: S3Client

    var title: String { client.address.title }
    var form: PlaceForm { .files }
    /// Amazon S3 User Guide, "Amazon S3 multipart upload limits".
    var limits: PlaceLimits { PlaceLimits(fileSize: 5 << 40) }

    func put(
        _ parcel: Parcel, resuming ticket: String?, note: @escaping @Sendable (String) -> Void
    ) async throws(PlaceError) -> String? {
        do throws(APIError) {
            _ = try await client.put(
                S3Item(
                    key: client.address.key(parcel.path), content: .file(parcel.source, count: parcel.content.size),
                    digest: parcel.content.digest, mediaType: parcel.content.mediaType),
                resuming: ticket, note: note)
            return nil
        } catch {
            throw PlaceError(error, at: title)
        }
    }

    func abandon(_ parcel: String, ticket: String) async {
        // Half an upload that stays is for the bucket's own rules to clear away.
        try? await client.abandon(client.address.key(parcel), ticket: ticket)
    }

    func conclude(_ artifact: StoredArtifact, address: String?) async throws(PlaceError) -> String? {
        "s3://\(client.address.bucket)/\(client.address.key(artifact.name.fileName))/"
    }

    func get(
        _ parcel: String, into sink: (_ part: [UInt8]) throws(PlaceError) -> Void
    ) async throws(PlaceError) -> Int64? {
        var trouble: PlaceError?
        do throws(APIError) {
            return try await client.get(client.address.key(parcel)) { part throws(APIError) in
                try PlaceError.relay(part, to: sink, &trouble)
            }
        } catch {
            throw trouble ?? PlaceError(error, at: title)
        }
    }
}

extension PlaceError {
    /// What follows from an API's refusal; the place's title, which stands before every reason, is taken off it.
    init(_ error: APIError, at title: String) {
        let code: Code =
            switch error.code {
            case .refused, .conflict, .malformed, .serverFailed: .refused
            case .unauthorized, .forbidden, .notFound, .rateLimited, .unreachable, .misdirected, .budgetSpent,
                .circuitOpen, .noCredentials:
                .unavailable
            case .cancelled: .cancelled
            }
        let (text, prefix) = (error.description, "\(title): ")
        self.init(code, text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text)
    }

    /// Hands a part on; what the sink says against it is kept, for the API's error can only end the transfer.
    static func relay(
        _ part: [UInt8], to sink: (_ part: [UInt8]) throws(PlaceError) -> Void, _ trouble: inout PlaceError?
    ) throws(APIError) {
        do throws(PlaceError) {
            try sink(part)
        } catch {
            trouble = error
            throw APIError(.cancelled, "")
        }
    }
}
