package import CICore
package import SystemPackage

/// A file for people or later jobs to fetch.
package struct SharedFile: Sendable, Hashable {
    /// Without directories; hostile until the shelf has checked it against its forge's rules.
    package var name: String
    package var content: Content
    /// Such as `application/xml`.
    package var mediaType: String
    /// Of its bytes; where it is known, the shelf checks what arrived, as far as its API tells.
    package var digest: ContentDigest?

    package init(name: String, content: Content, mediaType: String, digest: ContentDigest? = nil) {
        self.name = name
        self.content = content
        self.mediaType = mediaType
        self.digest = digest
    }

    /// Where its bytes are.
    package enum Content: Sendable, Hashable {
        case bytes([UInt8])
        case file(FilePath, count: Int64)
    }
}

/// A place of an API that keeps files: artifacts, packages, downloads, a branch, a gist.
package protocol FileShelf: Sendable {
    /// Puts a file there in place of one of the same name, and returns the page or address where it is, if the API tells.
    func put(_ file: SharedFile) async throws(APIError) -> String?
}

/// A shelf that is a branch of the repository.
package protocol BranchShelf: FileShelf {
    /// The same on another branch.
    func on(_ branch: String) -> Self

    /// Puts files there in one commit where the API can, and returns the page of each, if the API tells; what stands there
    /// already is not written again.
    func put(_ files: [SharedFile]) async throws(APIError) -> [String?]
}

extension BranchShelf {
    package func put(_ files: [SharedFile]) async throws(APIError) -> [String?] {
        var pages: [String?] = []
        for file in files { pages.append(try await put(file)) }
        return pages
    }
}

/// A shelf that gives back what was put there.
package protocol FileSource: Sendable {
    /// Hands over the bytes of a file, part by part; of this run's, unless the shelf is a lasting one.
    ///
    /// - Returns: how many there were; `nil` if there is no file of that name.
    /// - Throws: `APIError`, also that of `sink`.
    func get(
        _ name: String, into sink: (_ part: [UInt8]) throws(APIError) -> Void
    ) async throws(APIError) -> Int64?
}

/// A shelf that can keep files for later runs of the same repository.
package protocol LastingShelf: FileShelf, FileSource {
    /// The same for files that every run reads and replaces.
    func lasting() -> Self
}
