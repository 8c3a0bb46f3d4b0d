import CICore

/// Where a run stands, as its events tell it; memory grows with failing tests and units, not with tests.
struct ProgressState: Sendable {
    /// A batch in a slot.
    struct Running: Sendable {
        var batch: BatchID
        var suite: SuiteName
        var units: [UnitID]
        var estimate: Duration
        /// On the clock of whoever draws.
        var since: Duration
    }

    /// Something to say at once, besides the moving numbers.
    enum Remark: Sendable, Hashable {
        case failed(TestID, Outcome, message: String?)
        /// It had failed before.
        case passedOnRetry(TestID)
        case batchProblem(SuiteName?, units: Int, String)
        case error(String)
    }

    /// What the run was started with.
    private(set) var total: (units: Int, slots: Int) = (0, 1)
    private(set) var running: [Int: Running] = [:]
    private(set) var tests = 0
    private(set) var flaky = 0
    private var failing: Set<TestID> = []
    private var doneUnits: Set<UnitID> = []
    private var remaining = RemainingTime(total: .zero, slots: 1)

    /// Tests whose last attempt failed.
    var failures: Int { failing.count }

    var unitsDone: Int { total.units > 0 ? min(doneUnits.count, total.units) : doneUnits.count }

    /// Takes note of an event; a remark if it is worth one.
    mutating func handle(_ kind: RunEvent.Kind, at now: Duration) -> Remark? {
        switch kind {
        case .runStarted(_, let units, let slots, let estimate):
            total = (units, slots)
            remaining = RemainingTime(total: estimate, slots: slots)
        case .batchStarted(let batch, let suite, let units, let slot, let estimate):
            running[slot] = Running(batch: batch, suite: suite, units: units, estimate: estimate, since: now)
            remaining.start(estimate)
        case .testFinished(let test, let attempt, _): return finish(test, attempt)
        case .batchFinished(_, let slot, let duration, let problem): return finish(slot, duration, problem)
        case .error(let message): return .error(message)
        case .batchLeased, .nodeJoined, .runFinished: break
        case .nodeLost(let name, let reason): return .error("node \(name) is lost: \(reason)")
        }
        return nil
    }

    /// Until the end; `nil` when nothing is known.
    func timeLeft(at now: Duration) -> Duration? { remaining.left(running: current(now)) }

    /// The part that is done, 0…1.
    func fraction(at now: Duration) -> Double {
        let byUnits = total.units > 0 ? Double(unitsDone) / Double(total.units) : 0
        return min(1, remaining.fraction(running: current(now)) ?? byUnits)
    }

    private func current(_ now: Duration) -> [(estimate: Duration, elapsed: Duration)] {
        running.values.map { ($0.estimate, now - $0.since) }
    }

    private mutating func finish(_ test: TestID, _ attempt: Attempt) -> Remark? {
        let failedBefore = failing.contains(test)
        if !failedBefore { tests += 1 }
        guard attempt.outcome.isFailure else {
            guard failedBefore, attempt.outcome == .passed else { return nil }
            failing.remove(test)
            flaky += 1
            return .passedOnRetry(test)
        }
        failing.insert(test)
        return .failed(test, attempt.outcome, message: attempt.reason?.message ?? attempt.reason?.details)
    }

    private mutating func finish(_ slot: Int, _ duration: Duration, _ problem: String?) -> Remark? {
        let batch = running.removeValue(forKey: slot)
        if let batch { remaining.finish(batch.estimate, actual: duration) }
        guard let problem else {
            doneUnits.formUnion(batch?.units ?? [])
            return nil
        }
        return .batchProblem(batch?.suite, units: batch?.units.count ?? 0, problem)
    }
}
