import Artifacts
import CICore

/// One batch from its start to its report, told to those who watch.
package struct BatchCourse: Sendable {
    private let executor: BatchExecutor
    private let events: EventStamp

    package init(executor: BatchExecutor, events: EventStamp) {
        self.executor = executor
        self.events = events
    }

    /// Tells that a slot has the batch.
    func begin(_ batch: QueuedBatch, slot: Int) { events.emit(.batchLeased(batch.id, slot: slot)) }

    /// Runs it.
    func run(_ batch: QueuedBatch, slot: Int) async -> BatchReport {
        events.emit(
            .batchStarted(
                batch.id, suite: batch.suite, units: batch.units.map(\.id), slot: slot, estimate: batch.estimate))
        let events = events
        return await executor.execute(batch, slot: slot) { notice in
            switch notice {
            case .wrote(let bytes, _): events.emit(output: bytes, of: batch.id, slot: slot)
            case .softLimitPassed:
                events.emit(.error("batch \(batch.id) of \(batch.suite) takes longer than it ever did"))
            case .started, .signalled: break
            }
        }
    }

    /// Tells what people should know of the rest of the run.
    func tell(_ news: String) { events.emit(.error(news)) }

    /// Tells how it ended, and which tests are not run because of it.
    func conclude(_ report: BatchReport, leavingOut others: [(TestID, Attempt)] = []) {
        for observed in report.tests {
            for attempt in observed.test.attempts {
                events.emit(.testFinished(observed.id, attempt, slot: report.slot))
            }
        }
        for (test, attempt) in others { events.emit(.testFinished(test, attempt, slot: report.slot)) }
        events.emit(
            .batchFinished(
                report.batch.id, slot: report.slot, duration: report.cost.wall, problem: report.ending.problem))
    }
}
