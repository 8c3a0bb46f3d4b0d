package import CICore

/// One line of an artifact's manifest.
package struct ArtifactEntry: Sendable, Hashable {
    /// What stands at a path.
    package enum Kind: Sendable, Hashable {
        case file(FileContent)
        /// As the link has it; it stays inside the artifact.
        case symbolicLink(target: String)
        /// Only empty ones are listed: all others are known by what is in them.
        case emptyDirectory
    }

    /// The content of a file and what it is.
    package struct FileContent: Sendable, Hashable {
        /// In bytes.
        package var size: Int64
        package var digest: ContentDigest
        /// Such as `image/png`.
        package var mediaType: String
        package var isExecutable: Bool

        package init(size: Int64, digest: ContentDigest, mediaType: String, isExecutable: Bool = false) {
            self.size = size
            self.digest = digest
            self.mediaType = mediaType
            self.isExecutable = isExecutable
        }
    }

    /// With `/` between names, each of which is a `SafeName`.
    package var path: String
    package var kind: Kind
    /// What the file was called before its name was made safe; `nil` if it is as it was.
    package var original: String?

    package init(path: String, kind: Kind, original: String? = nil) {
        self.path = path
        self.kind = kind
        self.original = original
    }

    /// Its content, if it is a file.
    package var file: FileContent? {
        guard case .file(let content) = kind else { return nil }
        return content
    }
}
