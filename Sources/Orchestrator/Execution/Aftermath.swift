package import CICore

/// What follows from the end of a batch: more work, records for what no report tells, remarks.
package struct Aftermath: Sendable, Hashable {
    /// A test or unit whose process died, hung or never began.
    package struct Death: Sendable, Hashable {
        package var selector: String
        package var container: String
        package var attempt: Attempt
    }

    /// Stands behind the selector of the last unit of a process that ended badly although all its tests had results.
    static let processEnd = " (process end)"

    /// Work to queue, in order; its ids are given by the run.
    package var followUps: [QueuedBatch] = []
    package var deaths: [Death] = []
    /// Units that are done although their tests are unknown.
    package var settled: [UnitID] = []
    /// Units that turned out to hold no tests.
    package var empty: [UnitID] = []
    /// Tests that units turned out to hold.
    package var learned: [UnitID: [String]] = [:]
    /// Whether tests could not be built or collected: exit code 3.
    package var isBroken = false
}

/// Decides the aftermath of a batch, without I/O and without memory of its own.
///
/// Every rule either finishes a test, makes the suspicious part smaller or runs it alone, so the run ends:
/// a batch that dies is cut at the test that was running, or in halves where nobody knows which that was; a single
/// suspect runs alone once more and is then errored by name.
package struct AftermathRules: Sendable {
    private let report: BatchReport
    private let canSelectTests: Bool
    private let coverage: UnitCoverage

    package init(report: BatchReport, canSelectTests: Bool) {
        self.report = report
        self.canSelectTests = canSelectTests
        coverage = UnitCoverage(report: report)
    }

    /// The one entry.
    package func aftermath() -> Aftermath {
        var result = Aftermath()
        result.learned = coverage.learned.merging(report.batch.refinement?.found ?? [:]) { $1 }
        switch report.ending {
        case .completed: completed(&result)
        case .failedAfterwards(let words):
            completed(&result)
            blameProcessEnd("\(words) although no test failed", type: "ExitCode", &result)
        case .nothingCollected: nothingCollected(&result)
        case .unattributedFailure(let words): unattributed(words, &result)
        case .collectionFailed(let words), .misused(let words): notCollected(words, &result)
        case .buildFailed(let words): notBuilt(words, &result)
        case .crashed(let words): died(words, type: "Crash", &result)
        case .timedOut(let words): died(words, type: "Timeout", &result)
        case .couldNotStart: notStarted(&result)
        case .cancelled: settleFinished(&result)
        }
        return result
    }

    // MARK: Normal ends

    private func completed(_ result: inout Aftermath) {
        settleFinished(&result)
        // A retry that left a test out changes nothing: its earlier result stands.
        if case .retry = report.batch.purpose { return }
        var again: [TestUnit] = []
        for unit in report.batch.units where !coverage.isFinished(unit) {
            if coverage.isKnownEmpty(unit) {
                result.empty.append(unit.id)
                result.settled.append(unit.id)
            } else if report.batch.purpose == .planned {
                again += remainder(of: unit)
            } else if unit.tests == nil {
                // Asked for twice, ended normally twice, reported nothing twice.
                result.empty.append(unit.id)
                result.settled.append(unit.id)
            }
        }
        result.followUps = batches(of: again, purpose: .rest)
    }

    private func nothingCollected(_ result: inout Aftermath) {
        for unit in report.batch.units {
            result.settled.append(unit.id)
            if unit.tests == nil { result.empty.append(unit.id) }
        }
    }

    // MARK: Failures that no test tells of

    private func unattributed(_ words: String, _ result: inout Aftermath) {
        guard report.batch.units.count > 1 else {
            return bury(report.batch.units, outcome: .failed, type: "ExitCode", words, &result)
        }
        result.followUps = report.batch.units.map { batch(of: [$0], purpose: .rest) }
    }

    private func notCollected(_ words: String, _ result: inout Aftermath) {
        settleFinished(&result)
        result.isBroken = true
        let open = report.batch.units.filter { !coverage.isFinished($0) }
        if open.count < report.batch.units.count, !open.isEmpty {
            result.followUps = batches(of: open, purpose: .rest)
        } else if open.count > 1 {
            result.followUps = halves(of: open)
        } else {
            bury(open, outcome: .errored, type: Attempt.Reason.collectionError, words, &result)
        }
    }

    private func notBuilt(_ words: String, _ result: inout Aftermath) {
        settleFinished(&result)
        result.isBroken = true
        bury(
            report.batch.units.filter { !coverage.isFinished($0) }, outcome: .errored, type: Attempt.Reason.buildError,
            words,
            &result)
    }

    private func notStarted(_ result: inout Aftermath) {
        guard report.batch.purpose == .planned else { return }
        result.followUps = batches(of: report.batch.units, purpose: .rest)
    }

    // MARK: Crashes and time-outs

    private func died(_ words: String, type: String, _ result: inout Aftermath) {
        settleFinished(&result)
        let suspects = suspectedUnits()
        let suspected = Set(suspects.map(\.selector))
        let rest = report.batch.units
            .filter { !coverage.isFinished($0) && !suspected.contains($0.selector) }
            .flatMap { remainder(of: $0, without: suspected) }
        if suspects.isEmpty {
            return narrow(rest, words, type: type, &result)
        }
        let isAlone = report.batch.purpose == .isolation && report.batch.units.count == 1
        for suspect in suspects {
            let isFinal = isAlone || (type == "Timeout" && suspects.count == 1)
            // Of several only one did it; the others must not look flaky for having been beside it.
            if isFinal || (suspect.granularity == .test && suspects.count == 1) {
                let words = type == "Crash" ? "\(words) while it ran" : words
                bury([suspect], outcome: .errored, type: type, words, &result)
            }
            if !isFinal { result.followUps.append(batch(of: [suspect], purpose: .isolation)) }
        }
        let haunted = Set(report.progress.running.compactMap { coverage.owner(of: $0)?.id })
        finish(rest, haunted: haunted, words, type: type, &result)
    }

    /// The units beside the suspects: those that began are cut into tests, so that what has a result is not run twice
    /// and what killed the process is left out.
    private func finish(
        _ rest: [TestUnit], haunted: Set<UnitID>, _ words: String, type: String, _ result: inout Aftermath
    ) {
        let isPartial = { (unit: TestUnit) in
            coverage.isPartial(unit) || (haunted.contains(unit.id) && coverage.tests(of: unit) == nil)
        }
        result.followUps += batches(of: rest.filter { !isPartial($0) }, purpose: .rest)
        let partial = rest.filter(isPartial)
        guard !partial.isEmpty else { return }
        guard canSelectTests, report.batch.refinement == nil else {
            // Cutting was tried, and its runner cannot: running it whole would only die again.
            guard report.batch.refinement != nil else {
                result.followUps += partial.map { batch(of: [$0], purpose: .isolation) }
                return
            }
            return bury(partial, outcome: .errored, type: type, words, &result)
        }
        var finer = batch(of: partial, purpose: .rest)
        finer.refinement = .init(
            excluding: coverage.finishedSelectors.union(report.progress.running))
        result.followUps.append(finer)
    }

    /// Nobody knows what was running: halve it, cut it finer, run it alone, and at last name it.
    private func narrow(_ rest: [TestUnit], _ words: String, type: String, _ result: inout Aftermath) {
        if rest.count > 1 {
            result.followUps = halves(of: rest)
        } else if let unit = rest.first {
            if unit.granularity < .test, canSelectTests, report.batch.refinement == nil {
                var finer = batch(of: [unit], purpose: .rest)
                finer.refinement = .init(excluding: coverage.finishedSelectors)
                result.followUps = [finer]
            } else if report.batch.purpose == .isolation || report.batch.units.count == 1 {
                bury([unit], outcome: .errored, type: type, words, &result)
            } else {
                result.followUps = [batch(of: [unit], purpose: .isolation)]
            }
        } else {
            blameProcessEnd("\(words) after its last test", type: type, &result)
        }
    }

    /// All tests have results, yet the process did not end well: that is nobody's test, and not nothing.
    private func blameProcessEnd(_ words: String, type: String, _ result: inout Aftermath) {
        guard let last = report.batch.units.last else { return }
        result.deaths.append(
            .init(
                selector: last.selector + Aftermath.processEnd, container: last.container,
                attempt: attempt(.errored, type: type, words)))
    }

    private func suspectedUnits() -> [TestUnit] {
        let running = report.progress.running.filter { !coverage.finishedSelectors.contains($0) }
        if running.isEmpty, report.batch.units.count == 1, let unit = report.batch.units.first,
            unit.granularity == .test, !coverage.isFinished(unit)
        {
            return [unit]
        }
        var found: [TestUnit] = []
        for selector in running {
            guard let owner = coverage.owner(of: selector) else { continue }
            let suspect = canSelectTests ? single(selector, in: owner) : owner
            if !found.contains(suspect) { found.append(suspect) }
        }
        return found
    }

    // MARK: Building blocks

    private func settleFinished(_ result: inout Aftermath) {
        for unit in report.batch.units where coverage.isFinished(unit) { result.settled.append(unit.id) }
    }

    /// What of a unit has no result: the unit itself, or its missing tests where they are known and selectable.
    private func remainder(of unit: TestUnit, without suspects: Set<String> = []) -> [TestUnit] {
        guard canSelectTests, unit.granularity < .test, let tests = coverage.tests(of: unit) else { return [unit] }
        let missing = tests.filter { !coverage.finishedSelectors.contains($0) && !suspects.contains($0) }
        if missing.count == tests.count { return [unit] }
        return missing.map { single($0, in: unit) }
    }

    private func single(_ selector: String, in owner: TestUnit) -> TestUnit {
        if owner.selector == selector { return owner }
        var unit = TestUnit(
            suite: owner.suite, selector: selector, granularity: .test, container: owner.container, tests: [selector],
            constraints: owner.constraints)
        unit.constraints.bond = nil
        return unit
    }

    private func bury(
        _ units: [TestUnit], outcome: Outcome, type: String, _ words: String, _ result: inout Aftermath
    ) {
        for unit in units {
            result.deaths.append(
                .init(
                    selector: unit.selector, container: unit.container,
                    attempt: attempt(outcome, type: type, words)))
            result.settled.append(unit.id)
        }
    }

    private func attempt(_ outcome: Outcome, type: String, _ words: String) -> Attempt {
        // The first line is the message; compilers and collectors say the rest below it.
        let lines = words.split(separator: "\n", maxSplits: 1)
        return Attempt(
            outcome: outcome, duration: report.batch.units.count == 1 ? report.cost.wall : .zero,
            reason: .init(
                type: type, message: lines.first.map(String.init) ?? words,
                details: lines.count > 1 ? words : nil))
    }

    private func halves(of units: [TestUnit]) -> [QueuedBatch] {
        let middle = (units.count + 1) / 2
        return [Array(units[..<middle]), Array(units[middle...])]
            .filter { !$0.isEmpty }
            .map { batch(of: $0, purpose: report.batch.purpose == .isolation ? .isolation : .rest) }
    }

    private func batches(of units: [TestUnit], purpose: QueuedBatch.Purpose) -> [QueuedBatch] {
        units.isEmpty ? [] : [batch(of: units, purpose: purpose)]
    }

    private func batch(of units: [TestUnit], purpose: QueuedBatch.Purpose) -> QueuedBatch {
        QueuedBatch(
            id: report.batch.id, suite: report.batch.suite, units: units,
            estimate: report.batch.estimate * Double(units.count) / Double(max(report.batch.units.count, 1)),
            purpose: purpose)
    }
}
