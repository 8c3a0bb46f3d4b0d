package import CICore
package import SystemPackage

/// Where a run leaves its files: `.dt-ci/` with the latest results, and a directory for each of the last runs.
///
///     .dt-ci/.gitignore            keeps all of it out of git
///     .dt-ci/junit.xml             the latest run, merged
///     .dt-ci/report.html           the same as a page
///     .dt-ci/attachments/BATCH/    what tests of the latest run attached
///     .dt-ci/state.json            what a later run can be compared with
///     .dt-ci/results.json          the latest run
///     .dt-ci/bundles/node-0-of-4/  what a node of several leaves for `dt-ci merge`
///     .dt-ci/cache/RUNNER/         what a runner keeps from run to run; may be removed at any time
///     .dt-ci/runs/RUN/batches/…    reports and whole output, batch by batch
package struct RunDirectory: Sendable {
    /// Ended runs whose directories are kept.
    package static let kept = 5
    /// Runs without an end whose directories are kept: those of other nodes that run right now in the same place, and
    /// those that were killed.
    package static let keptUnended = 100
    /// The name of the file with the latest results.
    package static let resultsName = "results.json"
    /// The name of the directory with what tests attached.
    package static let attachmentsName = "attachments"
    /// The configured directory.
    package let root: FilePath
    package let run: RunID
    private let files: any FileSystem

    package init(root: FilePath, run: RunID, files: any FileSystem) {
        self.root = root
        self.run = run
        self.files = files
    }

    package var runRoot: FilePath { root.appending("runs").appending(run.rawValue) }
    package var batches: FilePath { runRoot.appending("batches") }
    package var scratch: FilePath { runRoot.appending("scratch") }
    package var cache: FilePath { root.appending("cache") }
    package var junit: FilePath { root.appending("junit.xml") }
    package var results: FilePath { root.appending(Self.resultsName) }
    package var state: FilePath { root.appending("state.json") }
    /// There once the run has ended.
    private var endMark: FilePath { runRoot.appending(Self.endMarkName) }
    private static let endMarkName = "ended"
    package var page: FilePath { root.appending("report.html") }
    package var attachments: FilePath { root.appending(Self.attachmentsName) }

    /// Makes the configured directory alone.
    package func createRoot() throws(FileError) {
        try files.createDirectory(root)
        let ignore = root.appending(".gitignore")
        if !files.exists(ignore) { try files.write(Array("*\n".utf8), to: ignore) }
    }

    /// Makes the directories and forgets the oldest runs.
    package func create() throws(FileError) {
        try createRoot()
        try files.createDirectory(batches)
        try files.createDirectory(scratch)
        try files.remove(attachments)
        forgetOldRuns()
    }

    /// Says that nobody writes to the run's directory any more.
    package func conclude() {
        // Without the mark it is kept for longer.
        try? files.write([], to: endMark)
    }

    private func forgetOldRuns() {
        let runs = root.appending("runs")
        // Old runs that cannot be listed or removed cost room, not results.
        let names = ((try? files.entries(of: runs)) ?? []).filter { $0.kind == .directory && $0.name != run.rawValue }
            .map(\.name).sorted()
        let hasEnded = { (name: String) in files.exists(runs.appending(name).appending(Self.endMarkName)) }
        let ended = names.filter(hasEnded)
        let unended = names.filter { !hasEnded($0) }
        for name in ended.dropLast(Self.kept - 1) + unended.dropLast(Self.keptUnended) {
            try? files.remove(runs.appending(name))
        }
    }
}
