package import CICore
package import SystemPackage

/// Everything that `dt-ci.yml` and the options say, every default filled in.
package struct Configuration: Sendable, Hashable {
    /// The file it was read from; `nil` where the suites were proposed from the tree.
    package var file: FilePath?
    /// The directory that everything is relative to: the file's, else the working directory; absolute.
    package var root: FilePath
    /// In the order of the file; never empty after reading a file.
    package var suites: [Suite]
    package var run: RunSettings
    package var hardware: HardwareSettings
    package var storage: Storage
    package var reporting: Reporting
    /// What was assumed where there is no file, as sentences for the user.
    package var assumptions: [String]

    package init(
        file: FilePath? = nil, root: FilePath, suites: [Suite], run: RunSettings = RunSettings(),
        hardware: HardwareSettings = HardwareSettings(), storage: Storage, reporting: Reporting = Reporting(),
        assumptions: [String] = []
    ) {
        self.file = file
        self.root = root
        self.suites = suites
        self.run = run
        self.hardware = hardware
        self.storage = storage
        self.reporting = reporting
        self.assumptions = assumptions
    }

    /// Where a run reads and leaves what outlives it.
    package struct Storage: Sendable, Hashable {
        /// A URL; `sqlite:` with an absolute path when it is the embedded store.
        package var history: String
        /// Absolute.
        package var results: FilePath
        /// Absolute; the file need not exist.
        package var quarantine: FilePath
        package var baseline: Comparison
        /// A place of artifacts that keeps what later runs are compared with; `nil` = none.
        package var memory: String?

        package init(
            history: String, results: FilePath, quarantine: FilePath, baseline: Comparison = .auto,
            memory: String? = nil
        ) {
            self.history = history
            self.results = results
            self.quarantine = quarantine
            self.baseline = baseline
            self.memory = memory
        }

        /// What a run is compared with.
        package enum Comparison: Sendable, Hashable {
            /// What the history has of the place where the branch began, or of its target.
            case auto
            case none
            /// Absolute.
            case file(FilePath)
        }
    }

    /// What goes to the CI service and the forge, and what reports show.
    package struct Reporting: Sendable, Hashable {
        package var publish: PublishSettings
        package var forge: ForgeSettings
        package var badges: BadgeSettings
        package var report: ReportSettings
        package var artifacts: ArtifactSettings

        package init(
            publish: PublishSettings = PublishSettings(), forge: ForgeSettings = ForgeSettings(),
            badges: BadgeSettings = BadgeSettings(), report: ReportSettings = ReportSettings(),
            artifacts: ArtifactSettings = ArtifactSettings()
        ) {
            self.report = report
            self.publish = publish
            self.forge = forge
            self.badges = badges
            self.artifacts = artifacts
        }
    }

    /// The name of the file that is looked for.
    package static let fileName = "dt-ci.yml"
}
