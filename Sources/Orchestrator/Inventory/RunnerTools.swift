package import CICore
package import SystemPackage

/// What discovery may use: nothing else of the world.
package struct RunnerTools: Sendable {
    package var processes: any ProcessPort
    package var files: any FileSystem
    /// The environment that children start from, before the suite's own additions.
    package var environment: [String: String]
    /// Limit for one listing command.
    package var listingTimeout: Duration
    /// For side files of listings; exists.
    package var scratch: FilePath
    /// As `BatchPlace.cache`.
    package var cache: FilePath?

    package init(
        processes: any ProcessPort, files: any FileSystem, environment: [String: String], scratch: FilePath,
        cache: FilePath? = nil, listingTimeout: Duration = .seconds(600)
    ) {
        self.processes = processes
        self.files = files
        self.environment = environment
        self.scratch = scratch
        self.cache = cache
        self.listingTimeout = listingTimeout
    }
}
