import Artifacts
import CICore
import Orchestrator
import SystemPackage

/// The results that a command speaks of: those in the reports that were named, else those of the last run.
struct ReportedResults {
    let surroundings: Surroundings
    /// Where the last run left its own.
    let place: FilePath

    /// Reads them with every test, and says on standard error what was strange.
    ///
    /// - Throws: `ReportFailure` if there are none.
    func read(_ named: [String]) async throws -> RunResults {
        let own = [place.appending(RunDirectory.resultsName).string]
        let found = try ReportPaths(files: surroundings.files).find(named.isEmpty ? own : named)
        let set = ReportSet(
            reader: ReportReader(format: nil, temporaryDirectory: surroundings.temporaryDirectory), keepsTests: true,
            width: ThisMachine(files: surroundings.files).processors.processors)
        var reading = await set.read(found.paths)
        reading.results.warnings = found.missing + reading.results.warnings
        guard !found.paths.isEmpty, !reading.results.files.isEmpty || reading.results.totals.tests > 0 else {
            throw ReportFailure(
                named.isEmpty
                    ? "there are no results in \(place); run `dt-ci run` first, or name reports"
                    : "no report could be read")
        }
        for warning in reading.results.warnings {
            FileDescriptor.standardError.say("warning: \(SafeText.line(warning))\n")
        }
        return reading.results
    }
}
