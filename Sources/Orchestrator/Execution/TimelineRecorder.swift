package import CICore
import Synchronization

import struct FoundationEssentials.Date

/// Notes when each batch ran in which slot.
package final class TimelineRecorder: RunObserver {
    private let state = Mutex(State())

    private struct State {
        var began: Date?
        /// The batch that runs in each slot.
        var open: [Int: (batch: BatchID, suite: SuiteName, at: Date, count: BatchSpan.Count)] = [:]
        var spans: [BatchSpan] = []
    }

    package init() {}

    /// The batches that have ended, in the order of their beginning.
    package var spans: [BatchSpan] {
        state.withLock { $0.spans }.sorted { ($0.start, $0.place) < ($1.start, $1.place) }
    }

    package func observe(_ event: RunEvent) {
        state.withLock { state in
            switch event.kind {
            case .runStarted: state.began = event.at
            case .batchStarted(let batch, let suite, _, let slot, _):
                state.open[slot] = (batch, suite, event.at, BatchSpan.Count())
            case .testFinished(_, let attempt, let slot):
                state.open[slot]?.count.tests += 1
                if attempt.outcome.isFailure { state.open[slot]?.count.failed += 1 }
            case .batchFinished(_, let slot, let duration, let problem):
                guard let open = state.open.removeValue(forKey: slot) else { return }
                var count = open.count
                count.isBroken = problem != nil
                let start = max(0, open.at.timeIntervalSince(state.began ?? open.at))
                state.spans.append(
                    BatchSpan(
                        batch: open.batch, suite: open.suite, place: .init(slot: slot),
                        start: .milliseconds(Int((start * 1000).rounded())), duration: duration, count: count))
            default: break
            }
        }
    }

    package func observe(output: [UInt8], of batch: BatchID, slot: Int) {}
}
