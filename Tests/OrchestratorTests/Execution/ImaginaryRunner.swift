import Artifacts
import CICore

@testable import Orchestrator

/// A runner that exists as rules only, so that `RunState` can be driven through any misfortune without processes.
struct ImaginaryRunner {
    enum Fate: Hashable {
        case passes
        case fails
        /// Fails on the first `times` executions, then passes.
        case flaky(times: Int)
        /// Takes the process with it every time.
        case kills
        /// Takes the process with it on the first execution only.
        case killsOnce
        case hangs
        /// Ends normally without ever being reported.
        case vanishes
    }

    var fates: [String: Fate]
    /// Whether it says what was running when it died.
    var namesRunning = true
    var canSelectTests = true
    /// Whether it can list the tests of a file on request.
    var canSplit = true
    private(set) var executions: [String: Int] = [:]

    init(fates: [String: Fate]) { self.fates = fates }

    /// Tests of a file unit, or the test itself.
    func tests(of unit: TestUnit) -> [String] {
        unit.granularity == .test
            ? [unit.selector] : fates.keys.filter { $0.hasPrefix(unit.selector + "::") }.sorted()
    }

    mutating func run(_ batch: QueuedBatch) -> BatchReport {
        var batch = batch
        if let refinement = batch.refinement, canSplit {
            for unit in batch.units { batch.refinement?.found[unit.id] = tests(of: unit) }
            batch.units = batch.units.flatMap { unit in
                tests(of: unit).filter { !refinement.excluding.contains($0) }.map { single($0, unit) }
            }
        }
        var report = BatchReport(batch: batch, slot: 0, ending: .completed)
        for (selector, unit) in batch.units.flatMap({ unit in tests(of: unit).map { ($0, unit) } }) {
            executions[selector, default: 0] += 1
            switch outcome(of: selector) {
            case .passed?: report.tests.append(observed(selector, unit, .passed))
            case .failed?: report.tests.append(observed(selector, unit, .failed))
            case .errored?:
                report.ending = fates[selector] == .hangs ? .timedOut("timed out") : .crashed("signal 11")
                report.progress.running = namesRunning ? [selector] : []
                return report
            default: break
            }
        }
        if report.tests.isEmpty, batch.units.isEmpty { report.ending = .nothingCollected }
        return report
    }

    private func outcome(of selector: String) -> Outcome? {
        let count = executions[selector, default: 0]
        return switch fates[selector] {
        case .passes?: .passed
        case .fails?: .failed
        case .flaky(let times)?: count <= times ? .failed : .passed
        case .kills?, .hangs?: .errored
        case .killsOnce?: count == 1 ? .errored : .passed
        case .vanishes?, nil: nil
        }
    }

    private func single(_ selector: String, _ unit: TestUnit) -> TestUnit {
        TestUnit(
            suite: unit.suite, selector: selector, granularity: .test, container: unit.container, tests: [selector])
    }

    private func observed(_ selector: String, _ unit: TestUnit, _ outcome: Outcome) -> ObservedTest {
        ObservedTest(
            id: TestID(suite: unit.suite, selector: selector),
            address: TestAddress(selector: selector, container: unit.container),
            test: ReportedTest(name: selector, attempts: [Attempt(outcome: outcome, duration: .milliseconds(5))]))
    }
}

/// Runs a state to its end on `slots` imaginary slots.
func drive(_ state: inout RunState, _ runner: inout ImaginaryRunner, slots: Int = 2, limit: Int = 2_000) -> Int {
    var batches = 0
    var running: [QueuedBatch] = []
    while !state.isFinished, batches < limit {
        while running.count < slots, let next = state.next() { running.append(next) }
        guard !running.isEmpty else { break }
        batches += 1
        state.finish(runner.run(running.removeFirst()))
    }
    return batches
}
