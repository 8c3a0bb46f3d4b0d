import CICore
import Testing

import struct Foundation.Date

@testable import Artifacts

@Suite struct StateV1Tests {
    private let baseline = Baseline(
        point: .init(choice: .file, commit: nil, branch: "ma\"in", at: Date(timeIntervalSince1970: 1_700_000_000)),
        tests: [
            "s::a\n\u{0}": .init(outcome: .passed, duration: .milliseconds(1500)),
            "s::b": .init(
                outcome: .errored, duration: .zero,
                failing: .init(commit: "c", at: Date(timeIntervalSince1970: 1_600_000_000), runs: 7)),
            "s::c": .init(
                outcome: .failed, duration: .zero,
                failing: .init(commit: nil, at: Date(timeIntervalSince1970: 1_600_000_000), runs: 1)),
        ])

    @Test func `what is written is read again`() throws {
        let bytes = StateV1.write(baseline)
        #expect(try bytes.withUnsafeBufferPointer { try StateV1.read($0) } == baseline)
    }

    @Test(arguments: [
        ("", ResultsError.Code.malformed), ("{}", .notResults), (#"{"schema":"dt-ci/state/v2"}"#, .newer),
        (#"{"schema":"dt-ci/state/v1"}"#, .malformed), (#"{"schema":"dt-ci/state/v1","tests":[["a"]]}"#, .malformed),
        (#"{"schema":"dt-ci/state/v1","tests":[["a","odd",1]]}"#, .malformed),
        (#"{"schema":"dt-ci/state/v1","tests":[["a","passed",-1]]}"#, .malformed),
        (#"{"schema":"dt-ci/state/v1","tests":[["a","passed",1]"#, .malformed),
    ])
    func `what is none is refused`(text: String, code: ResultsError.Code) {
        #expect {
            try Array(text.utf8).withUnsafeBufferPointer { try StateV1.read($0) }
        } throws: {
            ($0 as? ResultsError)?.code == code
        }
    }

    @Test func `results carry their comparison`() throws {
        var comparison = Comparison(
            point: .init(choice: .mergeBase, commit: "c", branch: "b", at: Date(timeIntervalSince1970: 1_700_000_000)))
        comparison.newFailures = ["x", "y"]
        comparison.stillFailing = ["z": .init(commit: nil, at: Date(timeIntervalSince1970: 1_600_000_000), runs: 3)]
        comparison.fixed = ["f"]
        comparison.newlySkipped = ["n"]
        comparison.removed = ["r"]
        comparison.slower = [.init(test: "s", before: .seconds(1), now: .seconds(3))]
        var results = RunResults(tests: [])
        results.comparison = comparison
        var bytes: [UInt8] = []
        ResultsV1.write(results) { bytes += $0 }
        #expect(try bytes.withUnsafeBufferPointer { try ResultsV1.read($0) }.comparison == comparison)
    }
}
