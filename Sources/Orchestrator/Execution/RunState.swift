import Artifacts
package import CICore

/// The whole of a run's decisions: what starts next, what follows from a batch's end, when to stop.
///
/// Events in, batches out; no clock, no I/O, no concurrency. `RunEngine` carries out what it says.
package struct RunState: Sendable {
    /// What the state must know of a suite.
    package struct SuiteRules: Sendable, Hashable {
        /// Further attempts of a failed test.
        package var retries: Int
        package var canSelectTests: Bool
        package var limits: BatchQueue.SuiteLimits

        package init(retries: Int = 0, canSelectTests: Bool = true, limits: BatchQueue.SuiteLimits = .init()) {
            self.retries = retries
            self.canSelectTests = canSelectTests
            self.limits = limits
        }
    }

    /// Why a run ends before its work does.
    package enum Stop: Sendable, Hashable {
        case signal(Int32)
        case failFast(failures: Int)
        case timeLimit(Duration)
    }

    package internal(set) var ledger: TestLedger
    package private(set) var stop: Stop?
    /// Whether tests could not be built or collected.
    package private(set) var isBroken = false
    package private(set) var remarks = RunRemarks()
    var flow: RunFlow
    private var failures = FailureCount()
    private let rules: Rules

    private struct Rules {
        var suites: [SuiteName: SuiteRules]
        var settings: RunSettings
        var quarantine: Quarantine
    }

    private struct FailureCount {
        /// Tests whose failure is final: no retry is to come.
        var final: Set<TestID> = []
        /// Tests that were given a retry.
        var retried: Set<TestID> = []
        /// Numbers the follow-up batches.
        var followUps = 0
        var refusedRetries = 0
    }

    package init(
        planned: [QueuedBatch], absent: [UnitID] = [], suites: [SuiteName: SuiteRules],
        settings: RunSettings = RunSettings(), quarantine: Quarantine = Quarantine(), ranking: BatchRanking? = nil,
        dependencies: DependencyGraph = .none
    ) {
        ledger = TestLedger(units: planned.flatMap(\.units), absent: absent)
        flow = RunFlow(
            queue: BatchQueue(planned: planned, limits: suites.mapValues(\.limits), ranking: ranking),
            dependencies: dependencies, planned: planned)
        rules = Rules(suites: suites, settings: settings, quarantine: quarantine)
    }

    /// Nothing runs and nothing will.
    package var isFinished: Bool { flow.queue.isIdle && (flow.queue.isEmpty || (stop != nil && !isCleaningUp)) }

    /// Whether what prepared the run is cleaned up although the run was ended: nobody but its own failures did that.
    package var isCleaningUp: Bool {
        if case .failFast = stop { return !flow.queue.isEmpty }
        return false
    }

    /// Failed tests whose failure is final so far, without quarantined ones.
    package var failedTests: Int { failures.final.count }

    /// Tests that failed and got no retry because the run's budget was spent.
    package var refusedRetries: Int { failures.refusedRetries }

    /// The next batch to start; `nil` if none may start now.
    package mutating func next() -> QueuedBatch? { stop == nil || isCleaningUp ? flow.queue.next() : nil }

    /// So much time has passed since the first batch could start; gives what people should know of the rest.
    package mutating func reach(_ elapsed: Duration) -> String? { stop == nil ? flow.queue.reach(elapsed) : nil }

    /// How the strategy changed its mind, and why, as sentences.
    package var turns: [String] { flow.queue.turns }

    /// No further batch starts; the first reason stands.
    package mutating func end(because reason: Stop) { stop = stop ?? reason }

    /// Books a batch's end and queues what follows from it.
    package mutating func finish(_ report: BatchReport) {
        flow.queue.finish(
            report.batch, after: report.cost.wall,
            hasFailed: report.tests.contains { $0.test.attempts.last?.outcome.isFailure == true })
        for test in report.tests {
            ledger.book(test, suite: report.batch.suite)
            isBroken = isBroken || test.test.attempts.contains { $0.reason?.isBroken == true }
        }
        remarks.add(report)
        let suite = rules.suites[report.batch.suite] ?? SuiteRules()
        let aftermath = AftermathRules(report: report, canSelectTests: suite.canSelectTests).aftermath()
        apply(aftermath, to: report.batch.suite)
        flow.note(report, aftermath)
        let retries = retries(after: report, aftermath, suite)
        if stop == nil { flow.queue.addUrgent(numbered(aftermath.followUps + retries, after: report.batch)) }
        release(after: report.batch.id)
        if stop == nil, let limit = rules.settings.failFast, failures.final.count >= limit {
            end(because: .failFast(failures: failures.final.count))
            keepTeardowns()
        }
    }

    /// Whether `quarantine.yml` takes the test's failure out of the verdict.
    package func isQuarantined(_ test: TestID) -> Bool { rules.quarantine.entry(matching: test) != nil }

    private mutating func apply(_ aftermath: Aftermath, to suite: SuiteName) {
        for (unit, tests) in aftermath.learned { ledger.learn(tests: tests, of: unit) }
        for death in aftermath.deaths {
            ledger.bookDeath(of: death.selector, container: death.container, suite: suite, death.attempt)
        }
        for unit in aftermath.settled { ledger.settle(unit) }
        remarks.empty += aftermath.empty
        isBroken = isBroken || aftermath.isBroken
    }

    private mutating func numbered(_ batches: [QueuedBatch], after parent: QueuedBatch) -> [QueuedBatch] {
        batches.map { batch in
            var batch = batch
            failures.followUps += 1
            batch.id = BatchID("\(parent.id.root)+\(failures.followUps)")
            return batch
        }
    }

    // MARK: Retries

    private mutating func retries(
        after report: BatchReport, _ aftermath: Aftermath, _ suite: SuiteRules
    ) -> [QueuedBatch] {
        let failed = failedUnits(after: report, aftermath)
        var again: [TestUnit] = []
        for (id, unit) in failed {
            failures.final.remove(id)
            if isQuarantined(id) { continue }
            guard mayRetry(id, suite) else {
                failures.final.insert(id)
                continue
            }
            if !again.contains(where: { $0.selector == unit.selector }) { again.append(unit) }
        }
        // What passes on a retry is no longer a final failure.
        for test in report.tests where ledger[test.id]?.outcome.isFailure == false { failures.final.remove(test.id) }
        for unit in unitsToCatchUp(after: report) where !again.contains(where: { $0.selector == unit.selector }) {
            again.append(unit)
        }
        guard !again.isEmpty else { return [] }
        return [
            QueuedBatch(
                id: report.batch.id, suite: report.batch.suite, units: again,
                estimate: report.batch.estimate * Double(again.count) / Double(max(report.tests.count, again.count)),
                purpose: .retry(attempt: report.batch.attempt + 1))
        ]
    }

    /// The failed tests of this batch, each as a unit of its own.
    private func failedUnits(after report: BatchReport, _ aftermath: Aftermath) -> [(TestID, TestUnit)] {
        let isolated = Set(aftermath.followUps.filter { $0.purpose == .isolation }.flatMap(\.units).map(\.selector))
        let observed = report.tests.map { ($0.id, $0.address.selector, $0.address.container) }
        let dead = aftermath.deaths.map {
            (TestID(suite: report.batch.suite, selector: $0.selector), $0.selector, $0.container)
        }
        return (observed + dead).compactMap { id, selector, container in
            guard ledger[id]?.outcome.isFailure == true, !isolated.contains(selector) else { return nil }
            return (
                id,
                TestUnit(
                    suite: report.batch.suite, selector: selector, granularity: .test, container: container,
                    tests: [selector], constraints: report.batch.retryConstraints)
            )
        }
    }

    private mutating func mayRetry(_ id: TestID, _ suite: SuiteRules) -> Bool {
        guard suite.retries > 0, suite.canSelectTests, stop == nil, let attempts = ledger[id]?.attempts,
            attempts.count <= suite.retries, !attempts.contains(where: { $0.reason?.isBroken == true })
        else { return false }
        if failures.retried.contains(id) { return true }
        guard failures.retried.count < rules.settings.retryBudget.allowance(of: ledger.knownTests) else {
            failures.refusedRetries += 1
            return false
        }
        failures.retried.insert(id)
        return true
    }

    // MARK: Parts of a shared run

    /// Tests that were given a retry.
    package var retriedTests: Int { failures.retried.count }

    /// Takes over the books of a part that was run on its own.
    package mutating func absorb(_ part: RunState) {
        ledger.absorb(part.ledger)
        remarks.absorb(part.remarks)
        isBroken = isBroken || part.isBroken
        failures.final.formUnion(part.failures.final)
        failures.retried.formUnion(part.failures.retried)
        failures.refusedRetries += part.failures.refusedRetries
    }

    /// Answers for results that another machine has; see `TestLedger.adopt`.
    package mutating func adopt(_ units: [TestUnit], tests: [TestRecord], lost: [TestID]?) {
        ledger.adopt(units, tests: tests, lost: lost)
        let failed = tests.filter { $0.outcome.isFailure && !isQuarantined($0.id) }
        failures.final.formUnion(failed.map(\.id))
        isBroken = isBroken || tests.contains { $0.attempts.contains { $0.reason?.isBroken == true } }
    }

    /// Names these units as ones that nobody could run to their end.
    package mutating func bury(_ units: [TestUnit], _ attempt: Attempt) {
        for unit in units {
            ledger.absorb(TestLedger(units: [unit]))
            ledger.bookDeath(of: unit.selector, container: unit.container, suite: unit.suite, attempt)
            for test in unit.tests ?? [] where test != unit.selector {
                ledger.bookDeath(of: test, container: unit.container, suite: unit.suite, attempt)
            }
            ledger.settle(unit.id)
        }
    }
}
