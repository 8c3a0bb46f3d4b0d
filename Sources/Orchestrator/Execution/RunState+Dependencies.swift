import Artifacts
package import CICore

/// What a run must remember so that tests wait for each other.
struct RunFlow: Sendable {
    var queue: BatchQueue
    var dependencies: DependencyStates
    /// For each planned batch of which others may wait: its units, and the tests that it was seen to run.
    private var roots: [BatchID: Root] = [:]
    /// Tests that were left out and nobody was told of yet.
    var leftOut: [(TestID, Attempt)] = []

    private struct Root: Sendable {
        var units: [TestUnit]
        var tests: [TestID: String] = [:]
    }

    init(queue: BatchQueue, dependencies: DependencyGraph, planned: [QueuedBatch]) {
        self.queue = queue
        self.dependencies = DependencyStates(dependencies)
        guard !dependencies.isEmpty else { return }
        for batch in planned where batch.units.contains(where: { self.dependencies.concerns($0.id) }) {
            roots[batch.id.root] = Root(units: batch.units)
        }
    }

    /// Keeps in mind which tests a batch ran, where somebody may wait for them.
    mutating func note(_ report: BatchReport, _ aftermath: Aftermath) {
        let id = report.batch.id.root
        guard roots[id] != nil else { return }
        for test in report.tests { roots[id]?.tests[test.id] = test.address.selector }
        for death in aftermath.deaths {
            roots[id]?.tests[TestID(suite: report.batch.suite, selector: death.selector)] = death.selector
        }
    }

    /// Books what became of the units of a planned batch that has ended with all that followed from it.
    mutating func settle(_ id: BatchID, by ledger: TestLedger) {
        guard let root = roots.removeValue(forKey: id) else { return }
        var failures: [UnitID: TestID] = [:]
        var stray: TestID?
        for (test, selector) in root.tests.sorted(by: { $0.key < $1.key })
        where ledger[test]?.outcome.isFailure == true {
            if let unit = UnitCoverage.owner(of: selector, among: root.units) {
                failures[unit.id] = failures[unit.id] ?? test
            } else {
                stray = stray ?? test
            }
        }
        for unit in root.units {
            let lost = ledger.lostTest(of: unit.id)
            // A failure that belongs to none of the units may belong to any.
            dependencies.settle(unit.id, failure: failures[unit.id] ?? stray ?? lost)
        }
    }

    /// Keeps nothing in mind of a planned batch that is not to run any more.
    mutating func forget(_ batch: BatchID) { roots[batch.root] = nil }

    /// Whether all that a batch does is to clean up.
    func isTeardown(_ batch: QueuedBatch) -> Bool { batch.units.allSatisfy { dependencies.isTeardown($0.id) } }
}

extension RunState {
    /// The tests that were left out since this was last asked, each with its record.
    package mutating func takeLeftOut() -> [(TestID, Attempt)] {
        defer { flow.leftOut = [] }
        return flow.leftOut
    }

    /// Lets go what waited for a batch, if that and all that followed from it has ended.
    mutating func release(after batch: BatchID) {
        var ended = [batch.root]
        while let root = ended.popLast() {
            guard flow.queue.hasEnded(root) else { continue }
            flow.settle(root, by: ledger)
            for entry in flow.queue.release(after: root) {
                var entry = entry
                entry.batch.units = unitsToRun(of: entry.batch)
                if entry.batch.units.isEmpty {
                    flow.queue.drop(entry)
                    ended.append(entry.batch.id.root)
                } else {
                    flow.queue.admit(entry)
                }
            }
        }
    }

    /// Nothing of the plan begins any more but what cleans up.
    mutating func keepTeardowns() {
        let removed = flow.queue.removeAll { [flow] in !flow.isTeardown($0) }
        for batch in removed {
            // What never began is not to be cleaned up.
            if batch.purpose == .planned { flow.forget(batch.id) }
            release(after: batch.id)
        }
    }

    private mutating func unitsToRun(of batch: QueuedBatch) -> [TestUnit] {
        var units: [TestUnit] = []
        for unit in batch.units {
            switch flow.dependencies.answer(for: unit.id) {
            case .runs: units.append(unit)
            case .isLeftOut(let test):
                flow.dependencies.leaveOut(unit.id, because: test)
                leaveOut(unit, "not run because \(test) did not pass", because: test)
            case .isNeedless: leaveOut(unit, "not run because there is nothing to clean up", because: nil)
            }
        }
        return units
    }

    private mutating func leaveOut(_ unit: TestUnit, _ words: String, because test: TestID?) {
        let attempt = Attempt(
            outcome: .skipped, reason: .init(type: Attempt.Reason.dependency, message: words, because: test))
        for selector in ledger.tests(of: unit.id) ?? [unit.selector] {
            ledger.bookDeath(of: selector, container: unit.container, suite: unit.suite, attempt)
            flow.leftOut.append((TestID(suite: unit.suite, selector: selector), attempt))
        }
        ledger.settle(unit.id)
    }

    /// What its own runner skipped for want of tests that have passed since.
    ///
    /// - Returns: a unit for each such test.
    func unitsToCatchUp(after report: BatchReport) -> [TestUnit] {
        guard report.batch.purpose != .planned else { return [] }
        let passed = report.tests.filter { test in
            ledger[test.id].map { $0.outcome == .passed && $0.attempts.count > 1 } == true
        }
        guard !passed.isEmpty else { return [] }
        return ledger.records.filter { record in
            guard record.identity.suite == report.batch.suite, record.attempts.count == 1,
                let reason = record.attempts.first?.reason, reason.type == Attempt.Reason.dependency,
                reason.because == nil, let words = reason.message
            else { return false }
            return passed.contains { $0.isNamed(atEndOf: words) }
        }.map { record in
            let selector = String(record.id.rawValue.dropFirst(report.batch.suite.rawValue.count + 2))
            return TestUnit(
                suite: report.batch.suite, selector: selector, granularity: .test, container: record.container,
                tests: [selector], constraints: report.batch.retryConstraints)
        }
    }
}

extension ObservedTest {
    /// The property of a reported case with the name by which other tests depend on it.
    static let nameProperty = "dt-ci.dependency"

    /// Whether "… depends on NAME" means this test.
    fileprivate func isNamed(atEndOf words: String) -> Bool {
        guard let mark = words.ranges(of: " depends on ").last else { return false }
        let name = String(words[mark.upperBound...])
        return test.properties[Self.nameProperty] == name || address.selector == name
            || address.selector.hasSuffix("::" + name) || address.selector.hasSuffix("/" + name)
    }
}

extension QueuedBatch {
    /// What a test of this batch must respect when it is run again.
    var retryConstraints: TestUnit.Constraints {
        TestUnit.Constraints(
            isSerial: units.contains { $0.constraints.isSerial }, exclusive: conditions.exclusive)
    }
}
