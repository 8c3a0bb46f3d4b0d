package import Artifacts
package import SystemPackage

/// A report that an invocation leaves.
package struct ExpectedReport: Sendable, Hashable {
    /// A file, or a directory whose `*.xml` are reports.
    package var path: FilePath
    package var format: ReportFormat
    /// Whether its absence after a normal end is an error of the runner.
    package var isRequired: Bool

    package init(_ path: FilePath, format: ReportFormat = .junit, isRequired: Bool = true) {
        self.path = path
        self.format = format
        self.isRequired = isRequired
    }
}
