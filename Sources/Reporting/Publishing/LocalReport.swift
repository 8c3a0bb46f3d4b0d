import CICore
package import CIProviders

/// A report on this machine that others may want to fetch.
package struct LocalReport: Sendable, Hashable {
    /// Absolute.
    package var path: String
    package var shared: SharedFile

    package init(path: String, shared: SharedFile) {
        self.path = path
        self.shared = shared
    }
}

extension PublishSettings.FilePlace {
    /// What an API must be able to do to be such a place.
    var capability: Capability {
        switch self {
        case .artifacts: .artifacts
        case .packages: .packages
        case .downloads: .downloads
        case .branch: .repositoryFiles
        case .gist: .gist
        }
    }
}
