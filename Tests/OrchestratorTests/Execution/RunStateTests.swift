import CICore
import Testing

@testable import Orchestrator

struct RunStateTests {
    private let suite: SuiteName = "api"

    private func file(_ name: String, tests: [String]? = nil) -> TestUnit {
        TestUnit(suite: suite, selector: name, granularity: .file, tests: tests)
    }

    private func state(
        _ batches: [[TestUnit]], retries: Int = 0, canSelectTests: Bool = true,
        settings: RunSettings = RunSettings(), quarantine: Quarantine = Quarantine()
    ) -> RunState {
        RunState(
            planned: batches.enumerated().map { index, units in
                QueuedBatch(id: BatchID("b\(index)"), suite: suite, units: units, estimate: .seconds(1))
            },
            suites: [suite: .init(retries: retries, canSelectTests: canSelectTests)], settings: settings,
            quarantine: quarantine)
    }

    private func outcomes(_ state: RunState) -> [String: Outcome] {
        Dictionary(uniqueKeysWithValues: state.ledger.records.map { ($0.id.rawValue, $0.outcome) })
    }

    @Test func `a run without misfortune runs every batch once`() {
        var runner = ImaginaryRunner(fates: ["a::1": .passes, "a::2": .fails, "b::1": .passes])
        var state = state([[file("a")], [file("b")]])
        #expect(drive(&state, &runner) == 2)
        #expect(outcomes(state) == ["api::a::1": .passed, "api::a::2": .failed, "api::b::1": .passed])
        #expect(state.ledger.lost().isEmpty)
    }

    @Test func `a failed test is tried again until it passes, and is flaky then`() throws {
        var runner = ImaginaryRunner(fates: ["a::1": .flaky(times: 2), "a::2": .passes])
        var state = state([[file("a")]], retries: 2)
        #expect(drive(&state, &runner) == 3)
        let record = try #require(state.ledger["api::a::1"])
        #expect(record.isFlaky)
        #expect(record.attempts.map(\.outcome) == [.failed, .failed, .passed])
        #expect(runner.executions["a::2"] == 1)
        #expect(state.failedTests == 0)
    }

    @Test func `a test that keeps failing gets its retries and no more`() {
        var runner = ImaginaryRunner(fates: ["a::1": .fails])
        var state = state([[file("a")]], retries: 3)
        #expect(drive(&state, &runner) == 4)
        #expect(state.ledger["api::a::1"]?.attempts.count == 4)
        #expect(state.failedTests == 1)
    }

    @Test func `beyond the run's budget a failed test gets no retry, and that is said`() {
        var runner = ImaginaryRunner(
            fates: Dictionary(uniqueKeysWithValues: (0..<10).map { ("a::\($0)", .fails) }))
        var settings = RunSettings()
        settings.retryBudget = .init(tests: 4)
        var state = state([[file("a")]], retries: 1, settings: settings)
        _ = drive(&state, &runner)
        #expect(state.ledger.records.filter { $0.attempts.count == 2 }.count == 4)
        #expect(state.refusedRetries == 6)
    }

    @Test func `a runner that cannot select tests gets no retries`() {
        var runner = ImaginaryRunner(fates: ["a::1": .fails])
        var state = state([[file("a")]], retries: 3, canSelectTests: false)
        #expect(drive(&state, &runner) == 1)
    }

    @Test(arguments: [true, false]) func `a test that kills the process is errored by name and the rest runs`(
        namesRunning: Bool
    ) {
        var fates = Dictionary(uniqueKeysWithValues: (0..<20).map { ("a::\($0)", ImaginaryRunner.Fate.passes) })
        fates["a::7"] = .kills
        var runner = ImaginaryRunner(fates: fates)
        runner.namesRunning = namesRunning
        var state = state([[file("a")]])
        _ = drive(&state, &runner)
        #expect(state.ledger.lost().isEmpty)
        #expect(state.ledger["api::a::7"]?.outcome == .errored)
        #expect(state.ledger.records.filter { $0.outcome == .passed }.count == 19)
        #expect(state.ledger.records.count == 20)
    }

    @Test func `a test that killed the process once and passes alone is flaky`() throws {
        var runner = ImaginaryRunner(fates: ["a::1": .passes, "a::2": .killsOnce, "a::3": .passes])
        var state = state([[file("a")]])
        _ = drive(&state, &runner)
        let record = try #require(state.ledger["api::a::2"])
        #expect(record.isFlaky)
        #expect(runner.executions == ["a::1": 1, "a::2": 2, "a::3": 1])
    }

    @Test func `a test that hangs is named once and not run again`() throws {
        var runner = ImaginaryRunner(fates: ["a::1": .passes, "a::2": .hangs, "a::3": .passes, "b::1": .passes])
        var state = state([[file("a"), file("b")]])
        _ = drive(&state, &runner)
        let record = try #require(state.ledger["api::a::2"])
        #expect(record.outcome == .errored)
        #expect(record.attempts.first?.reason?.type == "Timeout")
        #expect(runner.executions["a::2"] == 1)
        #expect(outcomes(state)["api::a::3"] == .passed)
        #expect(outcomes(state)["api::b::1"] == .passed)
    }

    @Test func `a listed test that a normal end never reports is asked for twice and then lost by name`() {
        var runner = ImaginaryRunner(fates: ["a::1": .passes, "a::2": .vanishes])
        var state = state([[file("a", tests: ["a::1", "a::2"])]])
        #expect(drive(&state, &runner) == 2)
        #expect(state.ledger.lost() == ["api::a::2"])
    }

    @Test func `a file without tests is empty, not lost`() {
        var runner = ImaginaryRunner(fates: ["a::1": .passes])
        var state = state([[file("a"), file("empty")]])
        _ = drive(&state, &runner)
        #expect(state.ledger.lost().isEmpty)
        #expect(state.remarks.empty == ["api::empty"])
    }

    @Test func `fail-fast ends the run and what did not run is lost by name`() {
        var runner = ImaginaryRunner(fates: ["a::1": .fails, "b::1": .passes, "c::1": .passes])
        var settings = RunSettings()
        settings.failFast = 1
        var state = state([[file("a")], [file("b")], [file("c", tests: ["c::1"])]], settings: settings)
        _ = drive(&state, &runner, slots: 1)
        #expect(state.stop == .failFast(failures: 1))
        #expect(state.ledger.lost() == ["api::b", "api::c::1"])
    }

    @Test func `a quarantined failure neither counts nor is tried again`() throws {
        var runner = ImaginaryRunner(fates: ["a::1": .fails])
        let entry = Quarantine.Entry(
            test: TestPattern("a::*"), owner: "ada", reason: "known", expires: try #require(CalendarDay("2999-01-01")))
        var settings = RunSettings()
        settings.failFast = 1
        var state = state([[file("a")]], retries: 2, settings: settings, quarantine: Quarantine(entries: [entry]))
        #expect(drive(&state, &runner) == 1)
        #expect(state.failedTests == 0)
        #expect(state.stop == nil)
    }

    @Test(arguments: 0..<60) func `whatever happens, the run ends and every test has a result or is named`(seed: Int) {
        var random = SplitMix(state: UInt64(seed))
        var fates: [String: ImaginaryRunner.Fate] = [:]
        var batches: [[TestUnit]] = []
        for batch in 0..<Int.random(in: 1...4, using: &random) {
            batches.append([])
            for unit in 0..<Int.random(in: 1...5, using: &random) {
                let name = "f\(batch)_\(unit)"
                let tests = (0..<Int.random(in: 1...6, using: &random)).map { "\(name)::t\($0)" }
                for test in tests {
                    let all: [ImaginaryRunner.Fate] = [
                        .passes, .passes, .passes, .passes, .fails, .flaky(times: 1), .kills, .killsOnce, .hangs,
                        .vanishes,
                    ]
                    fates[test] = all.randomElement(using: &random) ?? .passes
                }
                batches[batch].append(file(name, tests: Bool.random(using: &random) ? tests : nil))
            }
        }
        var runner = ImaginaryRunner(fates: fates)
        runner.namesRunning = Bool.random(using: &random)
        runner.canSplit = Bool.random(using: &random)
        var state = state(
            batches, retries: Int.random(in: 0...2, using: &random), canSelectTests: Bool.random(using: &random))
        let count = drive(&state, &runner, slots: Int.random(in: 1...3, using: &random))
        let isFinished = state.isFinished
        #expect(isFinished, "\(count) batches did not end it")
        let lost = Set(state.ledger.lost())
        for (test, fate) in fates where fate != .vanishes {
            let id = TestID(suite: suite, selector: test)
            let unit = TestID(suite: suite, selector: String(test.prefix { $0 != ":" }))
            let isNamed =
                state.ledger[id] != nil || lost.contains(id)
                || lost.contains(unit) || state.ledger[unit]?.outcome.isFailure == true
            #expect(isNamed, "\(test) (\(fate)) is neither reported nor lost")
            if fate == .kills || fate == .hangs || fate == .fails {
                let record = state.ledger[id] ?? state.ledger[unit]
                #expect(record == nil || record?.outcome.isFailure == true)
            }
        }
    }
}

/// Sebastiano Vigna's SplitMix64: the same numbers on every machine.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
