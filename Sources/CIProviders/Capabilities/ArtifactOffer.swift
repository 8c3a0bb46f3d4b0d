/// What a forge or a CI service has for a job's artifacts, known before anything is opened.
package struct ArtifactOffer: Sendable, Hashable {
    /// How people name it in `--place` and `artifacts: places:`, the usual name first.
    package let names: [String]
    /// As people call it.
    package let title: String
    /// The forge's shelf that takes them; `nil` where the CI service itself does.
    package let shelf: Capability?
    package let layout: Layout
    package let limits: Limits

    init(
        names: [String], title: String, shelf: Capability? = nil, layout: Layout, limits: Limits = Limits()
    ) {
        self.names = names
        self.title = title
        self.shelf = shelf
        self.layout = layout
        self.limits = limits
    }

    /// How an artifact lies there.
    package enum Layout: Sendable, Hashable {
        /// Each file on its own.
        case files
        /// One archive and nothing beside it.
        case archive
        /// One archive, and its manifest beside it.
        case archiveWithManifest
    }

    /// What it is known not to take.
    package struct Limits: Sendable, Hashable {
        /// Bytes of one file.
        package var fileSize: Int64?
        /// Artifacts of one job.
        package var artifacts: Int?

        package init(fileSize: Int64? = nil, artifacts: Int? = nil) {
            self.fileSize = fileSize
            self.artifacts = artifacts
        }
    }
}

/// Every offer there is; a forge or a service makes one by having it in its value.
package enum ArtifactOffers {
    /// All names that people may write, each once.
    package static let names: [String] = {
        let offers = Forges.all.compactMap(\.artifacts) + CIServices.all.compactMap(\.artifacts.offer)
        return offers.flatMap(\.names).reduce(into: []) { names, name in
            if !names.contains(name) { names.append(name) }
        }
    }()

    /// The forge that offers a place of that name: `preferred` if it does, else the one that is usually called so.
    package static func forge(offering name: String, preferred: String?) -> Forge? {
        let forges = Forges.all.filter { $0.artifacts?.names.contains(name) ?? false }
        return forges.first { $0.id == preferred } ?? forges.first { $0.artifacts?.names.first == name }
    }

    /// The CI service that offers a place of that name.
    package static func service(offering name: String) -> CIService? {
        CIServices.all.first { $0.artifacts.offer?.names.contains(name) ?? false }
    }
}

/// A build's own store of files, of which directories become its artifacts: Azure Pipelines' file container.
///
/// Names of its files are paths with `/`.
package protocol ArtifactContainer: FileShelf, FileSource {
    /// Makes the files below a directory an artifact of the build, and returns the page where people find it.
    func publish(_ directory: String, size: Int64) async throws(APIError) -> String?
}
