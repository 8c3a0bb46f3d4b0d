import Artifacts
import CICore
import SystemPackage

/// Makes a batch's report of what its process left: exit, report files, output.
struct BatchReading {
    /// How much of the end of an output the runner gets to see.
    private static let tailSize = 64 << 10
    let batch: QueuedBatch
    let work: SuiteWork
    let place: BatchPlace
    let tools: RunnerTools

    /// What the expected reports held.
    private struct Found {
        var tests: [ReportedTest] = []
        var files: [FilePath] = []
        var warnings: [String] = []
        /// The first required report that is not there.
        var missing: String?
    }

    private var scope: BatchScope { BatchScope(suite: work.suite, units: batch.units) }

    func report(slot: Int, invocation: Invocation, ending: ProcessEnding) -> BatchReport {
        var found = read(invocation.reports)
        var result = classify(ending, &found, hasReports: !invocation.reports.isEmpty)
        var progress = BatchProgress()
        if result.problem != nil || !coversAll(found.tests) {
            progress = work.runner.progress(in: place, batch: scope, using: tools)
        }
        // A test that the report broke off in has no result yet: it was running, and is run again.
        found.tests.removeAll(where: \.isUnfinished)
        let known = Set(found.tests.map(\.identityKey))
        // What finished before a death may stand in the runner's stream only.
        found.tests += progress.finished.filter { !known.contains($0.identityKey) }
        if case .completed = result, found.tests.isEmpty, invocation.reports.allSatisfy({ !$0.isRequired }),
            progress.collected == nil
        {
            result = judgeByExit(ending, &found)
        }
        return BatchReport(
            batch: batch, slot: slot, tests: observed(found.tests), ending: result, progress: progress,
            cost: .init(
                wall: ending.wall, cpu: ending.usage.userTime + ending.usage.systemTime,
                peakMemory: ending.usage.peakMemory),
            trace: .init(
                log: place.output, command: invocation.arguments, reports: found.files, warnings: found.warnings))
    }

    // MARK: Reports

    private func read(_ expected: [ExpectedReport]) -> Found {
        var found = Found()
        for report in expected {
            let paths = paths(of: report)
            if paths.isEmpty, report.isRequired { found.missing = found.missing ?? report.path.string }
            for path in paths { read(path, as: report, into: &found) }
        }
        return found
    }

    private func read(_ path: FilePath, as report: ExpectedReport, into found: inout Found) {
        do throws(ReportError) {
            let reader = ReportReader(format: report.format, temporaryDirectory: place.temporary)
            let outline = try reader.read(path) { found.tests.append(report.complete($0)) }
            found.files.append(path)
            found.warnings += outline.warnings.map { "\(path): \($0)" }
        } catch {
            if report.isRequired { found.missing = found.missing ?? "\(path): \(error)" }
        }
    }

    private func paths(of report: ExpectedReport) -> [FilePath] {
        switch tools.files.kind(of: report.path) {
        case .file: [report.path]
        case .directory:
            // A directory that cannot be listed holds no reports for us: that is what `missing` says.
            ((try? tools.files.entries(of: report.path)) ?? [])
                .filter { $0.kind == .file && report.takes($0.name) }
                .map { report.path.appending($0.name) }
        default: []
        }
    }

    // MARK: Endings

    private func classify(_ ending: ProcessEnding, _ found: inout Found, hasReports: Bool) -> BatchReport.Ending {
        switch ending.cause {
        case .couldNotStart(let error): return .couldNotStart(error.description)
        case .cancelled: return .cancelled
        case .hardLimit: return .timedOut("timed out after \(DurationText.short(ending.wall))")
        case .silence: return .timedOut("no output for too long, ended after \(DurationText.short(ending.wall))")
        case .exited: break
        }
        guard let exit = ending.exit else { return .crashed("the process ended in an unknown way") }
        let failures = found.tests.filter { $0.outcome.isFailure }.count
        let reading = work.runner.reading(
            of: exit, in: BatchEnding(reported: found.tests.count, failures: failures, outputTail: outputTail()))
        switch reading {
        case .completed:
            if case .signaled(let number) = exit { return .crashed("the process was ended by signal \(number)") }
            if let missing = found.missing { return .crashed("ended with \(exit) and left no report (\(missing))") }
            if found.tests.contains(where: \.isUnfinished) { return .crashed("ended within a test, with \(exit)") }
            if !exit.isSuccess, failures == 0, !found.tests.isEmpty {
                return .failedAfterwards("the process ended with \(exit)")
            }
            return .completed
        case .nothingCollected: return .nothingCollected
        case .collectionFailed(let words): return .collectionFailed(words)
        case .buildFailed(let words): return .buildFailed(words)
        case .misused(let words): return .misused(words)
        case .crashed(let words): return .crashed(words)
        }
    }

    /// A command that leaves no report has one word for all its units: its exit code.
    private func judgeByExit(_ ending: ProcessEnding, _ found: inout Found) -> BatchReport.Ending {
        guard let exit = ending.exit else { return .completed }
        guard exit.isSuccess || batch.units.count == 1 else {
            return .unattributedFailure("the process ended with \(exit)")
        }
        let outcome: Outcome = exit.isSuccess ? .passed : .failed
        let reason =
            exit.isSuccess
            ? nil : Attempt.Reason(type: "ExitCode", message: "the process ended with \(exit)", details: outputTail())
        found.tests = batch.units.map { unit in
            ReportedTest(
                className: work.suite.name.rawValue, name: unit.selector,
                attempts: [
                    Attempt(outcome: outcome, duration: ending.wall / batch.units.count, reason: reason)
                ])
        }
        return .completed
    }

    private func outputTail() -> String {
        let path = tools.files.size(of: place.errors).map { $0 > 0 } == true ? place.errors : place.output
        return FileTail.text(of: path, limit: Self.tailSize)
    }

    // MARK: Tests

    private func coversAll(_ tests: [ReportedTest]) -> Bool {
        let coverage = UnitCoverage(
            report: BatchReport(batch: batch, slot: 0, tests: observed(tests), ending: .completed))
        return batch.units.allSatisfy(coverage.isFinished)
    }

    private func observed(_ tests: [ReportedTest]) -> [ObservedTest] {
        var merge = AttemptMerge()
        for test in tests {
            let address = address(of: test)
            merge.add(
                ObservedTest(
                    id: TestID(suite: work.suite.name, selector: address.identifier), address: address, test: test))
        }
        return merge.tests
    }

    /// A case that the runner cannot place is kept under its own names: what was reported is never dropped.
    private func address(of test: ReportedTest) -> TestAddress {
        if let address = work.runner.address(of: test, in: scope) { return address }
        if batch.units.contains(where: { $0.selector == test.name }) {
            return TestAddress(selector: test.name, container: test.name)
        }
        let name = test.className.isEmpty ? test.name : "\(test.className).\(test.name)"
        let container = batch.units.count == 1 ? batch.units[0].container : test.className
        return TestAddress(selector: name, container: container)
    }
}

extension ReportedTest {
    /// Tells two cases of one batch apart.
    fileprivate var identityKey: [String] { [className, name] }
}
