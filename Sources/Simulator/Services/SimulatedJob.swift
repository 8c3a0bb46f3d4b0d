package import CICore
package import SystemPackage

/// What a job of a CI service finds when it starts: variables and files; and what these mean.
package struct SimulatedJob: Sendable, Hashable {
    package var environment: [String: String]
    /// To be written before the job starts.
    package var files: [File]
    /// What a detector that makes no mistake says of it.
    package var context: BuildContext
    /// The file whose Markdown the service shows as the job's summary.
    package var summary: FilePath?

    package init(
        environment: [String: String], files: [File] = [], context: BuildContext, summary: FilePath? = nil
    ) {
        self.environment = environment
        self.files = files
        self.context = context
        self.summary = summary
    }

    /// One file.
    package struct File: Sendable, Hashable {
        package var path: FilePath
        package var bytes: [UInt8]

        package init(_ path: FilePath, _ bytes: [UInt8] = []) {
            self.path = path
            self.bytes = bytes
        }
    }
}

/// Where a simulated job runs.
package struct JobPlace: Sendable {
    /// For the files that the service hands to the job.
    package let directory: FilePath
    /// Where the code is.
    package let workspace: FilePath
    private let bases: @Sendable (String) -> String

    /// `base` gives a simulated API's base URL by its id.
    package init(directory: FilePath, workspace: FilePath, base: @escaping @Sendable (String) -> String) {
        self.directory = directory
        self.workspace = workspace
        bases = base
    }

    /// The simulation's own address, which also stands for a proxy.
    var root: String { String(bases("").dropLast()) }

    /// A simulated API's base URL, without a slash at the end.
    func base(of api: String) -> String { bases(api) }
}
