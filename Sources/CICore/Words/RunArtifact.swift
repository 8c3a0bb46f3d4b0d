/// A file or a directory that a run left for people or for later jobs.
package struct RunArtifact: Sendable, Hashable {
    /// As people see it, such as `report.html` or `screenshots`.
    package var name: String
    /// Whose attachment it is; `nil` for the run's own.
    package var test: TestID?
    /// Where it is on this machine, as seen from the results' directory; `nil` where it is not.
    package var path: String?
    /// Such as `image/png`; `nil` for a directory.
    package var mediaType: String?
    /// Of all its files together, in bytes.
    package var size: Int64
    /// Of the file, or of a directory's manifest; `nil` where nobody has asked.
    package var digest: ContentDigest?
    /// Where it was put; the first is the one to send people to.
    package var places: [Place]

    package init(
        name: String, test: TestID? = nil, path: String? = nil, mediaType: String? = nil, size: Int64,
        digest: ContentDigest? = nil, places: [Place] = []
    ) {
        self.name = name
        self.test = test
        self.path = path
        self.mediaType = mediaType
        self.size = size
        self.digest = digest
        self.places = places
    }

    /// One place where it can be fetched.
    package struct Place: Sendable, Hashable {
        /// As people call it: `GitHub artifacts`, `s3://bucket/prefix`.
        package var title: String
        /// `nil` where the place has no address of its own for it.
        package var url: String?

        package init(title: String, url: String? = nil) {
            self.title = title
            self.url = url
        }

        /// Whether the address says what the place is called, and more: a file's in a directory or a bucket.
        package var isCalledByAddress: Bool { url?.hasPrefix(title) ?? false }

        /// For people, what it is called and its address, nothing of it twice.
        package var text: String {
            guard let url else { return title }
            return isCalledByAddress ? url : "\(title): \(url)"
        }
    }
}
