import Artifacts
import CICore
import Orchestrator
import Reporting
import SystemPackage
import TestHistory

import struct FoundationEssentials.Date

/// Leaves a run's results where they are looked for: `junit.xml`, `results.json`, `report.html`, `state.json`, the history.
///
/// Nothing here can change the verdict; what could not be kept is said.
struct RunKeeper {
    let directory: RunDirectory
    let history: (any HistoryStore)?
    let machine: HardwareProfile
    /// Whether everything was to run: a part of the tests teaches the history no durations.
    let isWhole: Bool
    let report: ReportSettings

    /// One page of more tests helps nobody, and takes long to make.
    private static let pageLimit = 200_000

    /// Writes the files; sentences about what could not be kept. `point` is `nil` for what later runs are not compared with.
    static func keepFiles(
        _ results: RunResults, in directory: RunDirectory, at point: Baseline.Point?, _ report: ReportSettings
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
        if let problem = keepPage(
            of: results.tests.count, in: directory, commit: point?.commit, report, { results })
        {
            trouble.append(problem)
        }
        guard let point else { return trouble }
        do throws(FileError) {
            try LocalFileSystem().write(StateV1.write(Baseline(of: results, at: point)), to: directory.state)
        } catch {
            trouble.append("\(error)")
        }
        return trouble
    }

    /// Writes the page; a sentence if that was not possible. `all` is called only for as many tests as a page can show.
    static func keepPage(
        of count: Int, in directory: RunDirectory, commit: String?, _ report: ReportSettings, _ all: () -> RunResults
    ) -> String? {
        guard count <= pageLimit else {
            return "no report.html: it would hold \(count) tests; `dt-ci report --html split` makes pages"
        }
        do throws(FileError) {
            let facts = ReportFacts(title: "Tests", commit: commit)
            try HTMLPages(HTMLReport(all(), facts: facts, settings: report, form: .single)).write(to: directory.page)
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// Writes the files and records the run; sentences about what could not be kept.
    func keep(
        _ results: RunResults, of state: RunState, started: Date, source: HistoricalRun.Source
    ) -> [String] {
        let isPoint = isWhole && state.stop == nil
        let point = Baseline.Point(choice: .file, commit: source.commit, branch: source.branch, at: started)
        return Self.keepFiles(results, in: directory, at: isPoint ? point : nil, report)
            + learn(results, of: state, started: started, source: source)
    }

    /// Records the run in the history; a sentence if that is not possible.
    private func learn(
        _ results: RunResults, of state: RunState, started: Date, source: HistoricalRun.Source
    ) -> [String] {
        guard let history, !results.tests.isEmpty else { return [] }
        let run = HistoricalRun(
            id: directory.run, startedAt: started, source: source, hardware: machine.hardwareClass,
            isComplete: isWhole && state.stop == nil && !state.isBroken && results.completeness?.lost.isEmpty == true,
            tests: results.tests,
            batches: (isWhole ? state.remarks.costs : []).filter(\.isOrdinary).map { cost in
                .init(suite: cost.suite, units: cost.units, wall: cost.wall, tests: cost.tests)
            },
            parts: HistoricalRun.Parts(
                of: results, hardware: machine.hardwareClass, machines: [0: MachineProfile(machine)]))
        do throws(HistoryError) {
            try history.record(run)
            return []
        } catch {
            return ["this run is not in the history: \(error)"]
        }
    }
}
