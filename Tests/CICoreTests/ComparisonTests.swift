import CICore
import Testing

import struct Foundation.Date

@Suite struct ComparisonTests {
    private static let point = Baseline.Point(
        choice: .branch, commit: "c0", branch: "main", at: Date(timeIntervalSince1970: 1000))

    private func results(_ tests: [(name: String, outcome: Outcome, milliseconds: Int)]) -> RunResults {
        RunResults(
            tests: tests.map { test in
                TestRecord(
                    id: TestID("s::\(test.name)"),
                    identity: TestIdentity(suite: "s", className: "", name: test.name), container: "f",
                    attempts: [Attempt(outcome: test.outcome, duration: .milliseconds(test.milliseconds))])
            })
    }

    private func baseline(_ tests: [(name: String, outcome: Outcome, milliseconds: Int)]) -> Baseline {
        Baseline(of: results(tests), at: Self.point)
    }

    @Test func `failures are new or old, and what else changed is told`() {
        let before = baseline([
            ("old", .failed, 10), ("mended", .failed, 10), ("broken", .passed, 10), ("left", .passed, 10),
            ("gone", .passed, 10), ("slow", .passed, 200), ("quick", .passed, 1),
        ])
        let now = results([
            ("old", .errored, 10), ("mended", .passed, 10), ("broken", .failed, 10), ("left", .skipped, 0),
            ("slow", .passed, 600), ("quick", .passed, 200), ("fresh", .failed, 1), ("added", .passed, 1),
        ])
        let comparison = Comparison(of: now, with: before, isWhole: true)
        #expect(comparison.newFailures == ["s::broken", "s::fresh"])
        #expect(comparison.stillFailing["s::old"] == .init(commit: "c0", at: Self.point.at, runs: 2))
        #expect(comparison.fixed == ["s::mended"])
        #expect(comparison.newlySkipped == ["s::left"])
        #expect(comparison.removed == ["s::gone"])
        #expect(comparison.slower.map(\.test) == ["s::slow"])
    }

    @Test func `a failure stands longer with every run`() {
        var state = baseline([("a", .failed, 1), ("b", .failed, 1)])
        for run in 2...5 {
            var now = results([("a", .failed, 1), ("b", run == 3 ? .passed : .failed, 1)])
            now.comparison = Comparison(of: now, with: state, isWhole: true)
            state = Baseline(
                of: now,
                at: .init(choice: .file, commit: "c\(run)", branch: nil, at: Date(timeIntervalSince1970: Double(run))))
        }
        #expect(state.tests["s::a"]?.failing == .init(commit: "c0", at: Self.point.at, runs: 5))
        #expect(state.tests["s::b"]?.failing == .init(commit: "c4", at: Date(timeIntervalSince1970: 4), runs: 2))
    }

    @Test func `nothing is removed where not everything was to run or something is lost`() {
        let before = baseline([("a", .passed, 1), ("b", .passed, 1)])
        var now = results([("a", .passed, 1)])
        #expect(Comparison(of: now, with: before, isWhole: false).removed.isEmpty)
        now.completeness = Completeness(ran: 1, skipped: 0, quarantined: 0, lost: ["s::b"])
        #expect(Comparison(of: now, with: before, isWhole: true).removed.isEmpty)
    }

    @Test func `a slower machine makes no test slower`() {
        let names = (0..<20).map { "t\($0)" }
        let before = baseline(names.map { ($0, .passed, 200) })
        let now = results(names.enumerated().map { ($1, .passed, $0 == 7 ? 3000 : 600) })
        #expect(Comparison(of: now, with: before, isWhole: true).slower.map(\.test) == ["s::t7"])
    }
}
