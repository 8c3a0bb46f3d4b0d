package import CICore
import SystemPackage

/// A process to start for a batch.
///
/// Before the start, `writeSideFiles(with:)` puts its files in place and `environment(over:)` makes the child's
/// environment.
package struct Invocation: Sendable, Hashable {
    /// `[0]` is the executable.
    package var arguments: [String]
    /// Added to the child's environment; wins over the suite's.
    package var environment: [String: String]
    /// What goes in front of the child's search paths, first one first.
    package var searchPaths: [SearchPath]
    package var standardInput: [UInt8]?
    /// Written before the process starts: reporters, response files.
    package var sideFiles: [SideFile]
    /// Where its reports will be.
    package var reports: [ExpectedReport]
    /// Whether standard output is a report and must not be mixed with standard error.
    package var separatesErrors: Bool
    /// Sent first on a time-out, for a stack dump, where the runner gives one.
    package var dumpSignal: Int32?

    package init(
        _ arguments: [String], environment: [String: String] = [:], searchPaths: [SearchPath] = [],
        standardInput: [UInt8]? = nil, sideFiles: [SideFile] = [], reports: [ExpectedReport],
        separatesErrors: Bool = false, dumpSignal: Int32? = nil
    ) {
        self.arguments = arguments
        self.environment = environment
        self.searchPaths = searchPaths
        self.standardInput = standardInput
        self.sideFiles = sideFiles
        self.reports = reports
        self.separatesErrors = separatesErrors
        self.dumpSignal = dumpSignal
    }

    /// The child's environment: `base` with the invocation's variables over it, and in front of search paths its own
    /// and the directories of side files that must be found.
    package func environment(over base: [String: String]) -> [String: String] {
        var result = base.merging(environment) { $1 }
        for path in searchPaths.reversed() { path.extend(&result) }
        for file in sideFiles {
            guard let variable = file.searchedBy else { continue }
            SearchPath(variable, file.path.removingLastComponent()).extend(&result)
        }
        return result
    }

    /// Writes what must exist before the start.
    package func writeSideFiles(with files: any FileSystem) throws(FileError) {
        for file in sideFiles {
            try files.createDirectory(file.path.removingLastComponent())
            try files.write(file.contents, to: file.path)
        }
    }
}
