import Artifacts
import CICore

/// Runs recorded batches again: begun in the same order, each in the slot that it had, one at a time in a slot.
package struct ReplayEngine: Sendable {
    private let course: BatchCourse

    package init(executor: BatchExecutor, events: EventStamp) {
        course = BatchCourse(executor: executor, events: events)
    }

    /// What came of each, in the order of their ends. Nothing follows from a batch: what followed then is recorded too.
    package func run(_ batches: [ReplayRecord.Batch]) async -> [BatchReport] {
        await withTaskGroup(of: BatchReport.self) { group in
            var busy: Set<Int> = []
            var reports: [BatchReport] = []
            for served in batches {
                while busy.contains(served.slot), let report = await group.next() {
                    busy.remove(report.slot)
                    take(report, &reports)
                }
                if Task.isCancelled { break }
                busy.insert(served.slot)
                course.begin(served.batch, slot: served.slot)
                group.addTask { await course.run(served.batch, slot: served.slot) }
            }
            for await report in group { take(report, &reports) }
            return reports
        }
    }

    private func take(_ report: BatchReport, _ reports: inout [BatchReport]) {
        course.conclude(report)
        reports.append(report)
    }
}
