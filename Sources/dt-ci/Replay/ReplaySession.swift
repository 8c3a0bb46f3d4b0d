import Artifacts
import CICore
import Orchestrator
import Reporting
import SystemPackage

import struct FoundationEssentials.Date

/// One `dt-ci replay`: reads a bundle, runs what it holds and says what came out otherwise.
struct ReplaySession {
    /// What the user wants to see.
    struct Display {
        var output: OutputPolicy
        var isQuiet: Bool
    }

    let configuration: Configuration
    let surroundings: Surroundings
    let display: Display
    /// Whether another commit will do.
    let toleratesCommit: Bool

    /// More than that nobody reads one by one.
    private static let mostLines = 50

    /// Runs to the comparison, or until a signal ends it.
    ///
    /// Throws `ConfigurationError` for a bundle that is none, is not whole or is of other code.
    func run(_ place: FilePath) async throws -> ExitCode {
        let bundle = try ReplayBundle(at: place, files: surroundings.files)
        try await check(bundle)
        let suites = try bundle.suites(among: configuration.suites)
        let directory = RunDirectory(
            root: configuration.storage.results.appending("replay"), run: RunID.drawn(at: Date()),
            files: surroundings.files)
        try directory.create()
        defer { directory.conclude() }
        let record = bundle.record
        say(
            "\(bundle.manifest.position.title) ran \(counted(record.batches.count, "batch", "batches")) in "
                + "\(counted(record.slots, "slot")): running them again\n")
        let works = suites.compactMap { suite in
            TestRunners.runner(suite.runner).map { SuiteWork(suite: suite, runner: $0) }
        }
        let (reports, signal) = await serve(record, works, in: directory)
        if let signal { return .signal(signal) }
        let comparison = ReplayComparison(
            bundle.tests, reports: reports,
            selects: Dictionary(works.map { ($0.suite.name, $0.runner.profile.canSelectTests) }) { first, _ in first })
        return conclude(comparison, logs: directory.batches)
    }

    private func check(_ bundle: ReplayBundle) async throws {
        let here = await WorkingCopy(root: configuration.root, environment: surroundings.environment).commit()
        guard !toleratesCommit, let then = bundle.manifest.origin.commit, let here, then != here else { return }
        throw ConfigurationError([
            .init(
                source: bundle.path.string,
                problem:
                    "its node ran commit \(SafeText.line(String(then.prefix(12)))), and \(here.prefix(12)) is checked "
                    + "out here",
                expected: "that commit, or --any-commit")
        ])
    }

    private func serve(
        _ record: ReplayRecord, _ works: [SuiteWork], in directory: RunDirectory
    ) async -> (reports: [BatchReport], signal: Int32?) {
        let processes = LocalBatchProcesses(slots: record.slots, run: directory.run)
        let environment = ChildEnvironment(
            inherited: surroundings.environment, run: record.run, slots: record.slots)
        let executor = BatchExecutor(
            suites: works, silence: configuration.run.limits.silence,
            world: .init(
                processes: processes,
                tools: RunnerTools(
                    processes: LocalProcesses(), files: surroundings.files, environment: environment.inherited,
                    scratch: directory.scratch, cache: directory.cache),
                environment: environment, directory: directory.batches, followsOutput: display.output == .all))
        let progress = RunProgress(
            .choose(
                isTerminal: RunProgress.isTerminal(), isQuiet: display.isQuiet,
                environment: surroundings.environment), events: nil)
        let stamp = EventStamp(observers: [RunReporter(progress)], now: { Date() })
        let trap = SignalTrap()
        let outcome = await withTaskGroup(of: (reports: [BatchReport], signal: Int32?)?.self) { group in
            group.addTask { (await ReplayEngine(executor: executor, events: stamp).run(record.batches), nil) }
            group.addTask {
                for await number in trap.signals { return ([], number) }
                return nil
            }
            defer { group.cancelAll() }
            for await result in group { if let result { return result } }
            return ([], nil)
        }
        _ = await processes.endStragglers()
        progress.finish()
        return outcome
    }

    private func conclude(_ comparison: ReplayComparison, logs: FilePath) -> ExitCode {
        let differences = comparison.differences
        guard !differences.isEmpty else {
            if !display.isQuiet {
                FileDescriptor.standardOutput.say("✔ \(counted(comparison.same, "test")) came out as in the bundle\n")
            }
            return .passed
        }
        var lines = differences.prefix(Self.mostLines).map { "  \($0.line)" }
        if differences.count > Self.mostLines { lines.append("  … and \(differences.count - Self.mostLines) more") }
        let head =
            "✘ \(counted(differences.count, "test")) came out otherwise, \(comparison.same) as in the bundle; "
            + "their output is below \(logs)"
        FileDescriptor.standardOutput.say(([head] + lines).map { $0 + "\n" }.joined())
        return .testsFailed
    }

    private func say(_ text: String) {
        if !display.isQuiet { FileDescriptor.standardError.say(text) }
    }
}
