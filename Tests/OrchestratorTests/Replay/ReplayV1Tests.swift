import Artifacts
import CICore
import SystemPackage
import Testing

@testable import Orchestrator

struct ReplayV1Tests {
    private static let record = ReplayRecord(
        run: "20260131-154502-3f9a1c", slots: 2,
        suites: [
            .init(name: "unit \"one\"", runner: "pytest", variables: ["A": "b\nc", "B": ""], secrets: ["TOKEN"])
        ],
        batches: [
            .init(
                QueuedBatch(
                    id: "b0", suite: "unit \"one\"",
                    units: [
                        TestUnit(
                            suite: "unit \"one\"", selector: "a.py", granularity: .file, tests: ["a.py::x", "a.py::y"])
                    ], estimate: .milliseconds(1500)), slot: 1),
            .init(
                QueuedBatch(
                    id: "b0+1", suite: "unit \"one\"",
                    units: [
                        TestUnit(suite: "unit \"one\"", selector: "a.py::x", granularity: .test, container: "a.py")
                    ],
                    estimate: .seconds(1), purpose: .retry(attempt: 3)), slot: 0),
        ])

    @Test func `what is written is what is read`() throws {
        #expect(try ReplayV1.record(from: ReplayV1.bytes(of: Self.record)) == Self.record)
    }

    @Test(arguments: [
        ("", "cut off or no JSON"), ("{}", "no record"), (#"{"schema":"dt-ci/replay/v2"}"#, "newer dt-ci"),
        (#"{"schema":"dt-ci/replay/v1","run":"r","slots":0}"#, "does not say what ran"),
        (#"{"schema":"dt-ci/replay/v1","run":"r","slots":1,"batches":[{}]}"#, "cannot be"),
        (
            #"{"schema":"dt-ci/replay/v1","run":"r","slots":1,"batches":[{"id":"b","suite":"s","slot":1,"purpose":"planned"}]}"#,
            "cannot be"
        ),
        (
            #"{"schema":"dt-ci/replay/v1","run":"r","slots":1,"batches":[{"id":"b","suite":"s","slot":0,"purpose":"planned","units":[{}]}]}"#,
            "without units"
        ),
    ]) func `what cannot be is refused`(text: String, words: String) {
        let error = #expect(throws: BundleError.self) { try ReplayV1.record(from: Array(text.utf8)) }
        #expect(error?.description.contains(words) == true)
    }

    @Test func `batches are in the order of their beginnings, without the values of secrets`() {
        let batches = ["b0", "b1", "b2"].map { id in
            ReplayRecord.Batch(
                QueuedBatch(
                    id: BatchID(id), suite: "s", units: [TestUnit(suite: "s", selector: id, granularity: .test)],
                    estimate: .zero), slot: 0)
        }
        let timeline = ["b2", "b0", "b1"].map { id in
            BatchSpan(
                batch: BatchID(id), suite: "s", place: .init(slot: 0), start: .zero, duration: .zero, count: .init())
        }
        let record = ReplayRecord(run: "r", slots: 1, suites: [], served: batches, timeline: timeline)
        #expect(record.batches.map(\.batch.id) == ["b2", "b0", "b1"])
        let suite = Suite(
            name: "s", runner: "command", workingDirectory: "/", environment: ["MODE": "x", "MY_TOKEN": "y"])
        let kept = ReplayRecord.SuiteEnvironment(of: suite)
        #expect(kept.variables == ["MODE": "x"] && kept.secrets == ["MY_TOKEN"])
    }
}
