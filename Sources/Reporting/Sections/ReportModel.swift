package import CICore

/// What every rendering of a run shows, in the order of what needs a person first.
///
/// Built in one pass over the tests; a rendering takes the parts it has room for.
struct ReportModel: Sendable {
    let results: RunResults
    let facts: ReportFacts
    let settings: ReportSettings
    private let digest: ReportDigest

    init(_ results: RunResults, facts: ReportFacts, settings: ReportSettings) {
        self.results = results
        self.facts = facts
        self.settings = settings
        digest = ReportDigest(results.tests)
    }

    /// The parts that are wanted and not empty.
    var parts: [ReportPart] {
        let all: [ReportPart] =
            [lost] + failures + [reproduction]
            + [fixed, flaky, newlySkipped, removed, slower, slowest].compactMap(\.self)
            + nodes + [artifacts, files, warnings]
        return all.filter { $0.body.count > 0 && settings.wants($0.section) }
    }

    // MARK: What failed

    private var lost: ReportPart {
        ReportPart(
            .completeness, "Lost: not known to have run", noun: "lost test",
            .lines(Self.names(results.completeness?.lost ?? [])), total: results.completeness?.lost.count)
    }

    /// New failures and old ones, where that is known; together no more than are wanted.
    private var failures: [ReportPart] {
        let all = digest.failures
        guard let comparison = results.comparison else {
            return [Self.failures(.newFailures, "Failures", "failed test", all, limit: settings.maxFailures)]
        }
        let new = all.filter { comparison.newFailures.contains($0.id) }
        let old = all.filter { !comparison.newFailures.contains($0.id) }
        let left = settings.maxFailures.map { max(0, $0 - new.count) }
        return [
            Self.failures(.newFailures, "New failures", "new failure", new, limit: settings.maxFailures),
            Self.failures(.stillFailing, "Still failing", "failing test", old, limit: left),
        ]
    }

    private static func failures(
        _ section: ReportSection, _ title: String, _ noun: String, _ tests: [TestRecord], limit: Int?
    ) -> ReportPart {
        let shown = limit.map { Array(tests.prefix($0)) } ?? tests
        return ReportPart(section, title, noun: noun, .failures(shown), total: tests.count)
    }

    /// The first failing tests and the lost ones; of mere reports nobody knows what made them.
    private var reproduction: ReportPart {
        guard results.verdict != nil else { return ReportPart(.reproduce, "", .commands([])) }
        // What a node without a bundle was to run may have no name of a test.
        let failed = results.failuresToRunAgain(of: digest.failures).filter { $0.rawValue.contains("::") }
        let again = RerunAdvice(facts.again, failed: failed).commands
        return ReportPart(
            .reproduce, "How to reproduce",
            .commands([again.named, again.all].compactMap(\.self) + RerunAdvice.ownCommands(failed, in: results)))
    }

    // MARK: What is different

    private var fixed: ReportPart? { changed(.fixed, "Fixed", "fixed test", results.comparison?.fixed) }

    private var newlySkipped: ReportPart? {
        changed(.newlySkipped, "Newly skipped", "newly skipped test", results.comparison?.newlySkipped)
    }

    private var removed: ReportPart? { changed(.removed, "Removed", "removed test", results.comparison?.removed) }

    private func changed(
        _ section: ReportSection, _ title: String, _ noun: String, _ tests: [TestID]?
    ) -> ReportPart? {
        tests.map { ReportPart(section, title, noun: noun, .lines(Self.names($0)), total: $0.count) }
    }

    private var flaky: ReportPart? {
        var part = ReportPart(
            .flaky, "Flaky", noun: "flaky test", .lines(digest.flaky.prefix(Self.lineLimit).map(flakyLine)),
            total: digest.flaky.count)
        if digest.flaky.contains(where: { results.background[$0.id]?.past.isEmpty == false }) {
            part.remark = FlipHistory.legend
        }
        return part
    }

    private func flakyLine(_ test: TestRecord) -> ReportPart.Line {
        let failed = test.attempts.filter(\.outcome.isFailure)
        let marks = FlipHistory.marks(of: test, in: results).map { ", last runs \($0)" } ?? ""
        return ReportPart.Line(
            text: TestTitle.text(of: test),
            note: ", passed after \(RunSentence.count(failed.count, "failed attempt"))\(marks)",
            quote: failed.last?.reason?.message, test: test)
    }

    private var slower: ReportPart? {
        results.comparison.map { comparison in
            ReportPart(
                .slower, "Slower than before",
                .lines(
                    comparison.slower.prefix(10).map {
                        ReportPart.Line(text: $0.test.rawValue, note: ": \(ComparisonWords.change($0))")
                    }))
        }
    }

    // MARK: The rest

    private var slowest: ReportPart? {
        ReportPart(
            .slowest, "Slowest",
            .table(
                ReportPart.Table(
                    columns: [.init(title: "Time", reading: .value), .init(title: "Test", reading: .name)],
                    rows: digest.slowest.map { [DurationText.short($0.duration), TestTitle.text(of: $0)] })))
    }

    /// On one sound node there is nothing to compare; a page shows it all the same.
    private var nodes: [ReportPart] {
        let figures = NodeFigures(results)
        let isPlain = figures.nodes.count < 2 && !figures.nodes.contains { $0.lost > 0 }
        let kinds = figures.byHardware
        return [ReportPart(.nodes, "Nodes", noun: "node", .table(figures.byNode), isForPages: isPlain)]
            + (kinds.rows.count > 1 && kinds.rows.count < figures.nodes.count
                ? [ReportPart(.nodes, "Kinds of hardware", .table(kinds))] : [])
    }

    /// The run's own; those of failing tests stand with their tests.
    private var artifacts: ReportPart {
        let own = results.artifacts.filter { $0.test == nil }
        return ReportPart(
            .artifacts, "Artifacts", noun: "artifact",
            .lines(own.prefix(Self.lineLimit).map { AttachmentList.line(of: $0) }), total: own.count)
    }

    private var warnings: ReportPart {
        ReportPart(
            .warnings, "Warnings", noun: "warning",
            .lines(results.warnings.prefix(Self.lineLimit).map { ReportPart.Line(text: $0, isSentence: true) }),
            total: results.warnings.count)
    }

    /// Where there are several.
    private var files: ReportPart {
        let files = results.files.count > 1 ? results.files : []
        return ReportPart(
            .files, "Reports", noun: "report",
            .table(
                ReportPart.Table(
                    columns: [
                        .init(title: "Tests", reading: .count(one: "test", many: "tests")),
                        .init(title: "Failed", reading: .valueThenTitle), .init(title: "Report", reading: .name),
                    ],
                    rows: files.prefix(Self.lineLimit).map { file in
                        ["\(file.totals.tests)", "\(file.totals.failed + file.totals.errored)", file.path]
                    })), total: files.count)
    }

    /// More than any rendering shows.
    private static let lineLimit = 500

    private static func names(_ tests: [TestID]) -> [ReportPart.Line] {
        tests.prefix(lineLimit).map { ReportPart.Line(text: $0.rawValue) }
    }
}

extension RunResults {
    /// What failed and counts, and what is lost and has a name.
    package var failuresToRunAgain: [TestID] { failuresToRunAgain(of: failures) }

    func failuresToRunAgain(of failures: [TestRecord]) -> [TestID] {
        failures.lazy.map(\.id).filter { !isQuarantined($0) } + (completeness?.lost ?? [])
    }
}
