import Artifacts
import CICore
import Orchestrator
import SystemPackage
import TestHistory

import struct FoundationEssentials.Date

/// Compares a merged run with the past and leaves its results where a run leaves its own: `junit.xml`, `results.json`,
/// `report.html`, `state.json`, the history.
struct MergeKeeper {
    let directory: RunDirectory
    let configuration: Configuration
    let past: RunPast

    /// Sentences about what could not be kept.
    func keep(_ merged: inout MergedRun) async -> [String] {
        let lesson = merged.lesson
        let source = await source(lesson)
        guard let started = lesson.started else { return await write(merged, at: nil) }
        var trouble: [String] = []
        let history = openHistory(&trouble)
        await past.compare(
            &merged.results, tests: merged.tests, with: history, source, isWhole: lesson.isWhole)
        past.describe(&merged.results, from: history)
        let point = Baseline.Point(choice: .file, commit: source.commit, branch: source.branch, at: started)
        trouble += await write(merged, at: lesson.isComplete ? point : nil)
        if let history { trouble += learn(merged, started, source, history) }
        if lesson.isComplete { trouble += await past.remember(merged.results, in: directory) }
        return trouble
    }

    /// The documents at the same time, then the page, which wants the tests in memory.
    private func write(_ merged: MergedRun, at point: Baseline.Point?) async -> [String] {
        let (directory, results, tests) = (directory, merged.results, merged.tests)
        async let junit = Self.attempt { () throws(FileError) in
            try JUnitWriter.write(tests, to: directory.junit)
        }
        async let document = Self.attempt { () throws(FileError) in
            try ResultsV1.write(results, tests: tests, to: directory.results)
        }
        async let state = Self.attempt { () throws(FileError) in
            guard let point else { return }
            try StateV1.write(
                tests, at: point, standing: results.comparison?.stillFailing ?? [:], to: directory.state)
        }
        let trouble = await [junit, document, state]
        let page = RunKeeper.keepPage(
            of: tests.count, in: directory, commit: point?.commit, configuration.reporting.report
        ) {
            var results = results
            results.tests = Array(tests)
            return results
        }
        return (trouble + [page]).compactMap(\.self)
    }

    @concurrent private static func attempt(_ body: @Sendable () throws(FileError) -> Void) async -> String? {
        do throws(FileError) {
            try body()
            return nil
        } catch {
            return "\(error)"
        }
    }

    private func openHistory(_ trouble: inout [String]) -> (any HistoryStore)? {
        do throws(HistoryError) {
            return try HistoryURL(configuration.storage.history, root: configuration.root).open()
        } catch {
            trouble.append("history: \(error)")
            return nil
        }
    }

    private func learn(
        _ merged: MergedRun, _ started: Date, _ source: HistoricalRun.Source, _ history: any HistoryStore
    ) -> [String] {
        let lesson = merged.lesson
        guard merged.tests.count > 0 else { return [] }
        do throws(HistoryError) {
            for (index, part) in lesson.parts.enumerated() {
                let run = HistoricalRun(
                    id: id(lesson, started, part: index), startedAt: started, source: source, hardware: part.hardware,
                    isComplete: lesson.isComplete, tests: merged.tests.group(part.group),
                    batches: (lesson.isWhole ? part.costs : []).map { cost in
                        .init(suite: cost.suite, units: cost.units, wall: cost.wall, tests: cost.tests)
                    },
                    // The parts are kinds of machines; what the whole run had is kept with the first.
                    parts: index == 0
                        ? HistoricalRun.Parts(
                            of: merged.results, hardware: part.hardware,
                            machines: lesson.machines.mapValues(MachineProfile.init)) : HistoricalRun.Parts())
                try history.record(run)
            }
            return []
        } catch {
            return ["this run is not in the history: \(error)"]
        }
    }

    /// The same for the same run, so that merging again, as after a job that was run again, replaces what was recorded.
    private func id(_ lesson: MergedRun.Lesson, _ started: Date, part: Int) -> RunID {
        let time = RunID.drawn(at: started).rawValue.prefix { $0 != "-" }
        let hash = String(StableHash.of(lesson.identity) & 0xffff_ffff_ffff, radix: 16)
        return RunID("\(time)-\(hash)\(part == 0 ? "" : "-\(part + 1)")")
    }

    /// What is checked out here; a job without a checkout has the word of the nodes.
    private func source(_ lesson: MergedRun.Lesson) async -> HistoricalRun.Source {
        var source = await past.source()
        source.commit = source.commit ?? lesson.commit
        return source
    }
}
