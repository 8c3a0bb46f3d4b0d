import CICore
import Orchestrator
import Testing

import struct Foundation.Date

@Suite struct TimelineRecorderTests {
    @Test func `a batch is noted with its slot, its time and what came of it`() {
        let recorder = TimelineRecorder()
        let attempt = { Attempt(outcome: $0, duration: .zero) }
        let events: [(Double, RunEvent.Kind)] = [
            (10, .runStarted("r", units: 2, slots: 2)),
            (11, .batchStarted("b1", suite: "s", units: ["u"], slot: 1, estimate: .zero)),
            (11.5, .batchStarted("b2", suite: "s", units: ["v"], slot: 0, estimate: .zero)),
            (12, .testFinished("t", attempt(.failed), slot: 1)), (12, .testFinished("t", attempt(.passed), slot: 1)),
            (13, .batchFinished("b2", slot: 0, duration: .seconds(1), problem: "crashed")),
            (14, .batchFinished("b1", slot: 1, duration: .seconds(3), problem: nil)),
            (14, .batchFinished("never", slot: 7, duration: .seconds(3), problem: nil)),
        ]
        for (sequence, event) in events.enumerated() {
            recorder.observe(RunEvent(at: Date(timeIntervalSince1970: event.0), sequence: sequence, kind: event.1))
        }
        #expect(
            recorder.spans == [
                BatchSpan(
                    batch: "b1", suite: "s", place: .init(slot: 1), start: .seconds(1), duration: .seconds(3),
                    count: .init(tests: 2, failed: 1)),
                BatchSpan(
                    batch: "b2", suite: "s", place: .init(slot: 0), start: .milliseconds(1500), duration: .seconds(1),
                    count: .init(isBroken: true)),
            ])
    }
}
