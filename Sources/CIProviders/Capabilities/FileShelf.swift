package import SystemPackage

/// A file for people or later jobs to fetch.
package struct SharedFile: Sendable, Hashable {
    /// Without directories; hostile until the shelf has checked it against its forge's rules.
    package var name: String
    package var content: Content
    /// Such as `application/xml`.
    package var mediaType: String

    package init(name: String, content: Content, mediaType: String) {
        self.name = name
        self.content = content
        self.mediaType = mediaType
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
