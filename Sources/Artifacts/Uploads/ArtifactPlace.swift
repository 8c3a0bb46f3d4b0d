package import SystemPackage

/// Somewhere that artifacts can be put, and people or later jobs can fetch them.
package protocol ArtifactPlace: Sendable {
    /// As people call it; the same in every process, for what it has is remembered by it.
    var title: String { get }
    var form: PlaceForm { get }
    var limits: PlaceLimits { get }

    /// Puts one parcel there, in place of one of the same path, and comes back when what arrived has been checked.
    ///
    /// - Parameters:
    ///   - parcel: what to put.
    ///   - ticket: what `note` was told by an earlier try that did not come to its end.
    ///   - note: is told by what a later try can go on from here.
    /// - Returns: its address, if the place tells one.
    /// - Throws: `PlaceError`.
    func put(
        _ parcel: Parcel, resuming ticket: String?, note: @escaping @Sendable (_ ticket: String) -> Void
    ) async throws(PlaceError) -> String?

    /// Gives up a half parcel, because another place has taken it.
    func abandon(_ parcel: String, ticket: String) async

    /// All parcels of an artifact are there.
    ///
    /// - Returns: where people find the artifact; `address` is that of its first parcel.
    /// - Throws: `PlaceError`.
    func conclude(_ artifact: StoredArtifact, address: String?) async throws(PlaceError) -> String?
}

extension ArtifactPlace {
    package func abandon(_ parcel: String, ticket: String) async {}

    package func conclude(_ artifact: StoredArtifact, address: String?) async throws(PlaceError) -> String? { address }
}

/// How an artifact lies in a place.
package enum PlaceForm: Sendable, Hashable {
    /// `NAME/path` for each file, and then `NAME.manifest.jsonl`.
    case files
    /// `NAME.zip`; beside it `NAME.manifest.jsonl`, unless the place takes one file only.
    case archive(hasManifest: Bool)
}

/// One file on its way to a place.
package struct Parcel: Sendable, Hashable {
    /// The artifact that it is of.
    package var artifact: ArtifactName
    /// Where in the place it goes, with `/` between names that all systems can have.
    package var path: String
    package var source: FilePath
    package var content: ArtifactEntry.FileContent

    package init(artifact: ArtifactName, path: String, source: FilePath, content: ArtifactEntry.FileContent) {
        self.artifact = artifact
        self.path = path
        self.source = source
        self.content = content
    }
}

extension ArtifactName {
    /// Where an artifact's manifest is in a place.
    package var manifestPath: String { "\(fileName).manifest.jsonl" }
    /// Where an artifact's archive is in a place.
    package var archivePath: String { "\(fileName).zip" }
}

/// What a place is known not to take.
package struct PlaceLimits: Sendable, Hashable {
    /// Bytes of one file.
    package var fileSize: Int64?
    /// Artifacts of one job.
    package var artifacts: Int?

    package init(fileSize: Int64? = nil, artifacts: Int? = nil) {
        self.fileSize = fileSize
        self.artifacts = artifacts
    }
}

/// Why a place did not take something.
package struct PlaceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What follows from it.
    package enum Code: Sendable, Hashable {
        /// The place does not want this artifact; others it may take.
        case refused
        /// The place takes nothing, now or at all.
        case unavailable
        /// What was to be sent cannot be read or has changed: no other place can help.
        case damaged
        case cancelled
    }

    package var code: Code
    /// One sentence without a secret.
    package var description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
