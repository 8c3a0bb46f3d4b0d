import CICore
import CIProviders
import Orchestrator
import Reporting
import Synchronization
import SystemPackage

/// The reports of one run: a pending verdict at its start, its progress, and everything at its end.
///
/// It runs beside the tests and never holds them up; nothing it meets changes their exit code.
final class RunPublication: Sendable {
    private let desk: PublishDesk
    private let tally: RunTally
    /// Awaited by `conclude` and `abandon`, one of which ends every run.
    private let companion: Mutex<Task<Void, Never>?>

    private let environment: [String: String]

    private init(desk: PublishDesk, environment: [String: String]) {
        self.desk = desk
        self.environment = environment
        tally = RunTally()
        companion = Mutex(nil)
    }

    /// Opens it where the settings ask for reports, has the log mask what suites keep secret, and says that the run has
    /// begun.
    static func begin(
        _ configuration: Configuration, in surroundings: Surroundings, start: Int, scope: PublishedRun.Scope = .run,
        console: FileDescriptor = .standardOutput
    ) async -> RunPublication? {
        guard configuration.reporting.publish.when != .never else { return nil }
        let desk = await PublishDesk.open(
            configuration.reporting, in: surroundings, results: configuration.storage.results, start: start,
            scope: scope, console: console)
        guard desk.isWanted else { return nil }
        let masks = configuration.suites.flatMap(\.secrets).compactMap(desk.log.mask)
        if !masks.isEmpty { console.say(masks.map { $0 + "\n" }.joined()) }
        let publication = RunPublication(desk: desk, environment: surroundings.environment)
        publication.companion.withLock { $0 = Task { await publication.accompany() } }
        return publication
    }

    /// The build that is reported on.
    var context: BuildContext { desk.run.context }

    /// Counts what happens.
    var observer: any RunObserver { tally }

    /// What our comment on the pull request remembers of an earlier run; `nil` where nothing is commented.
    func remembered() async -> Publisher.Memory? { await desk.publisher.remembered() }

    /// Posts how the run ended, within `limit`, and says what became of each report.
    func conclude(
        _ results: RunResults, files: [LocalReport], isWhole: Bool, within limit: Duration
    ) async -> [PublishLine] {
        await endCompanion()
        let publisher = desk.publisher
        return await Self.within(limit) { await publisher.post(results, files: files, isWhole: isWhole) }
            ?? [PublishLine("reports", .refused(reason: "there was no time left for them", advice: nil))]
    }

    /// Puts badges where the configuration says, within `limit`.
    func put(_ badges: [LocalReport], of configuration: Configuration, within limit: Duration) async -> [PublishLine] {
        let publication = BadgePublication(
            settings: configuration.reporting.badges, desk: desk, root: configuration.root, environment: environment)
        return await Self.within(limit) { await publication.put(badges) }
            ?? [PublishLine("badges", .refused(reason: "there was no time left for them", advice: nil))]
    }

    /// Says that the run ended before it had results.
    func abandon(_ reason: String, state: CommitStatus.State) async {
        await endCompanion()
        let publisher = desk.publisher
        _ = await Self.within(.seconds(5)) { await publisher.post(progress: SafeText.line(reason), state: state) }
    }

    /// What became of the reports, folded where the log can fold.
    func text(of lines: [PublishLine], at time: Int) -> String {
        let refused = lines.count { $0.isRefused }
        let title = "reports: \(lines.count - refused) posted" + (refused > 0 ? ", \(refused) not posted" : "")
        let body = PublishLine.joined(lines).map { "  \($0)\n" }.joined()
        guard refused == 0, let open = desk.log.open(title, "dt_ci_reports", time),
            let close = desk.log.close("dt_ci_reports", time)
        else { return "\(title)\n\(body)" }
        return "\(open)\n\(body)\(close)\n"
    }

    private func endCompanion() async {
        let task = companion.withLock { $0.take() }
        task?.cancel()
        // A progress report must not come after the final one.
        await task?.value
    }

    private func accompany() async {
        await desk.publisher.post(progress: "running", state: .pending)
        guard let interval = desk.run.settings.delivery.progress else { return }
        var last = ""
        while (try? await Task.sleep(for: interval)) != nil {
            let text = tally.text
            guard text != last else { continue }
            await desk.publisher.post(progress: text, state: .running)
            last = text
        }
    }

    /// `nil` if the body took longer; it is cancelled then.
    private static func within<Result: Sendable>(
        _ limit: Duration, _ body: @escaping @Sendable () async -> Result
    ) async -> Result? {
        await withTaskGroup(of: Result?.self) { group in
            group.addTask { await body() }
            group.addTask {
                // Cancelled when the body is done in time.
                try? await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}

/// How far a run is, for its running status.
final class RunTally: RunObserver {
    private let counts = Mutex((tests: 0, failed: 0))

    func observe(_ event: RunEvent) {
        guard case .testFinished(_, let attempt, _) = event.kind else { return }
        counts.withLock {
            $0.tests += 1
            $0.failed += attempt.outcome.isFailure ? 1 : 0
        }
    }

    func observe(output: [UInt8], of batch: BatchID, slot: Int) {}

    /// `running: 120 tests done, 2 failed so far`
    var text: String {
        let (tests, failed) = counts.withLock { ($0.tests, $0.failed) }
        return "running: \(RunSentence.count(tests, "test")) done" + (failed > 0 ? ", \(failed) failed so far" : "")
    }
}
