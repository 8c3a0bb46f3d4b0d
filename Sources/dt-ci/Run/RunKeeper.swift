import Artifacts
import CICore
import Orchestrator
import SystemPackage
import TestHistory

import struct FoundationEssentials.Date

/// Leaves a run's results where they are looked for: `junit.xml`, `results.json`, `state.json`, the history.
///
/// Nothing here can change the verdict; what could not be kept is said.
struct RunKeeper {
    let directory: RunDirectory
    let history: (any HistoryStore)?
    let hardware: HardwareClass
    /// Whether everything was to run: a part of the tests teaches the history no durations.
    let isWhole: Bool

    /// Sentences about what could not be kept.
    func keep(
        _ results: RunResults, of state: RunState, started: Date, source: HistoricalRun.Source
    ) -> [String] {
        var trouble: [String] = []
        do throws(FileError) {
            try JUnitWriter(results).write(to: directory.junit)
        } catch {
            trouble.append("\(error)")
        }
        do throws(FileError) {
            try ResultsV1.write(results, to: directory.results)
        } catch {
            trouble.append("\(error)")
        }
        if isWhole, state.stop == nil {
            let point = Baseline.Point(choice: .file, commit: source.commit, branch: source.branch, at: started)
            do throws(FileError) {
                try LocalFileSystem().write(StateV1.write(Baseline(of: results, at: point)), to: directory.state)
            } catch {
                trouble.append("\(error)")
            }
        }
        if let problem = learn(results, state, started: started, source: source) { trouble.append(problem) }
        return trouble
    }

    private func learn(
        _ results: RunResults, _ state: RunState, started: Date, source: HistoricalRun.Source
    ) -> String? {
        guard let history, !results.tests.isEmpty else { return nil }
        let run = HistoricalRun(
            id: directory.run, startedAt: started, source: source, hardware: hardware,
            isComplete: isWhole && state.stop == nil && !state.isBroken && results.completeness?.lost.isEmpty == true,
            tests: results.tests,
            batches: (isWhole ? state.remarks.costs : []).filter(\.isOrdinary).map { cost in
                .init(suite: cost.suite, units: cost.units, wall: cost.wall, tests: cost.tests)
            })
        do throws(HistoryError) {
            try history.record(run)
            return nil
        } catch {
            return "this run is not in the history: \(error)"
        }
    }
}
