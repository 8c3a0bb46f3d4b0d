import Artifacts
import CICore
import CIProviders
import SystemPackage

/// A directory that the CI service is told about by a line of the log, and stores then: Azure Pipelines, TeamCity.
struct AnnouncedPlace: ArtifactPlace {
    let title: String
    /// Where the agent finds the artifacts; it reads them after the line has come.
    let directory: DirectoryPlace
    /// The line for an absolute path and an artifact's name.
    let line: @Sendable (_ path: String, _ name: String) -> String?
    let say: @Sendable (String) -> Void

    var form: PlaceForm { .files }
    var limits: PlaceLimits { directory.limits }

    func put(
        _ parcel: Parcel, resuming ticket: String?, note: @escaping @Sendable (String) -> Void
    ) async throws(PlaceError) -> String? {
        try await directory.put(parcel, resuming: ticket, note: note)
    }

    func conclude(_ artifact: StoredArtifact, address: String?) async throws(PlaceError) -> String? {
        let name = artifact.name.fileName
        guard let line = line(directory.path(of: name).string, name) else {
            throw PlaceError(.unavailable, "\(title) stores no artifacts by a line of the log")
        }
        say(line)
        return nil
    }
}
