import Artifacts
import CICore
package import SystemPackage

/// Carries out one batch: directories, process, reports; a thin shell that decides nothing about the run.
package struct BatchExecutor: Sendable {
    /// The parts of the world that a batch needs.
    package struct World: Sendable {
        package var processes: any BatchProcesses
        /// For listings, files and the environment that children start from.
        package var tools: RunnerTools
        package var environment: ChildEnvironment
        /// Each batch gets a directory of its own below.
        package var directory: FilePath
        /// Whether what children write is handed on while they write.
        package var followsOutput: Bool
        /// Where attachments are kept; `nil` = they stay where they are.
        package var attachments: AttachmentKeeper.Home?

        package init(
            processes: any BatchProcesses, tools: RunnerTools, environment: ChildEnvironment, directory: FilePath,
            followsOutput: Bool = false, attachments: AttachmentKeeper.Home? = nil
        ) {
            self.processes = processes
            self.tools = tools
            self.environment = environment
            self.directory = directory
            self.followsOutput = followsOutput
            self.attachments = attachments
        }
    }

    private let suites: [SuiteName: SuiteWork]
    private let timeouts: TimeoutPolicy
    private let world: World

    package init(suites: [SuiteWork], silence: Duration?, world: World) {
        self.suites = Dictionary(suites.map { ($0.suite.name, $0) }) { first, _ in first }
        timeouts = TimeoutPolicy(models: self.suites.mapValues(\.durations), silence: silence)
        self.world = world
    }

    /// Runs the batch on a slot; never throws, since whatever goes wrong is part of the report.
    package func execute(
        _ queued: QueuedBatch, slot: Int, notice: @escaping @Sendable (ProcessNotice) -> Void
    ) async -> BatchReport {
        guard let work = suites[queued.suite] else {
            return BatchReport(
                batch: queued, slot: slot, ending: .couldNotStart("the suite \(queued.suite) is not configured"))
        }
        let batch: QueuedBatch
        switch await refined(queued, of: work) {
        case .success(let finer): batch = finer
        case .failure(let error): return BatchReport(batch: queued, slot: slot, ending: .collectionFailed(error.words))
        }
        guard !batch.units.isEmpty else {
            return BatchReport(batch: batch, slot: slot, ending: .nothingCollected)
        }
        let place = BatchPlace(
            root: world.directory.appending(batch.id.fileName),
            temporary: world.directory.appending("slot-\(slot).tmp"), cache: world.tools.cache)
        do {
            let invocation = try prepare(batch, work, place)
            let ending = await run(invocation, batch, work, place, slot, notice)
            var report = BatchReading(batch: batch, work: work, place: place, tools: world.tools)
                .report(slot: slot, invocation: invocation, ending: ending)
            keepAttachments(of: &report, work, place)
            empty(place.temporary)
            return report
        } catch {
            return BatchReport(batch: batch, slot: slot, ending: .couldNotStart(Self.words(of: error)))
        }
    }

    /// Cuts the batch's units into single tests where an earlier death asks for it.
    private func refined(_ queued: QueuedBatch, of work: SuiteWork) async -> Result<QueuedBatch, RunnerError> {
        guard let refinement = queued.refinement else { return .success(queued) }
        var batch = queued
        batch.units = []
        for unit in queued.units {
            do throws(RunnerError) {
                let finer = try await work.runner.split(unit, of: work.suite, into: .test, using: world.tools)
                if finer.count > 1 || finer.first?.granularity == .test {
                    batch.refinement?.found[unit.id] = finer.map(\.selector)
                }
                batch.units += finer.filter { !refinement.excluding.contains($0.selector) }
            } catch {
                return .failure(error)
            }
        }
        return .success(batch)
    }

    private func prepare(_ batch: QueuedBatch, _ work: SuiteWork, _ place: BatchPlace) throws -> Invocation {
        let files = world.tools.files
        // A leftover of an earlier run must not pass for this one's report.
        try files.remove(place.results)
        try files.createDirectory(place.results)
        try files.createDirectory(place.temporary)
        let invocation = try work.runner.invocation(for: batch.units, of: work.suite, in: place)
        try invocation.writeSideFiles(with: files)
        return invocation
    }

    private func run(
        _ invocation: Invocation, _ batch: QueuedBatch, _ work: SuiteWork, _ place: BatchPlace, _ slot: Int,
        _ notice: @escaping @Sendable (ProcessNotice) -> Void
    ) async -> ProcessEnding {
        let base = world.environment.environment(for: batch, suite: work.suite, place: place, slot: slot)
        let command = ProcessCommand(
            invocation.arguments, environment: invocation.environment(over: base),
            workingDirectory: work.suite.workingDirectory, standardInput: invocation.standardInput)
        return await world.processes.run(
            command,
            output: OutputFiles(
                place.output, errors: invocation.separatesErrors ? place.errors : nil,
                isFollowed: world.followsOutput),
            limits: timeouts.limits(for: batch, of: work.suite, dumpSignal: invocation.dumpSignal), notice: notice)
    }

    private func keepAttachments(of report: inout BatchReport, _ work: SuiteWork, _ place: BatchPlace) {
        guard let home = world.attachments else { return }
        let beside = report.trace.reports.map { $0.removingLastComponent() }
        let kept = AttachmentKeeper(home: home, files: world.tools.files).keep(
            &report.tests, of: report.batch.id,
            bases: [work.suite.workingDirectory] + beside + [home.project], trusted: [place.results, place.temporary])
        report.trace.attachments = kept.artifacts
        report.trace.warnings += kept.warnings
    }

    /// The child's temporary files are nobody's results; what cannot be removed now goes with the run's directory.
    private func empty(_ directory: FilePath) {
        for entry in (try? world.tools.files.entries(of: directory)) ?? [] {
            try? world.tools.files.remove(directory.appending(entry.name))
        }
    }

    private static func words(of error: any Error) -> String {
        (error as? RunnerError)?.words ?? "\(error)"
    }
}

extension RunnerError {
    /// The sentence and the tool's own words.
    fileprivate var words: String { ([description] + [output].compactMap(\.self)).joined(separator: "\n") }
}

extension BatchID {
    /// Safe as the name of a directory.
    var fileName: String {
        String(rawValue.map { $0.isASCII && ($0.isLetter || $0.isNumber || "+-_".contains($0)) ? $0 : "_" })
    }
}
