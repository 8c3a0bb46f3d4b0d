package import CICore
import CIProviders

/// What every report of one run shares: which build it is, what it is called, and which of two reports is the newer.
package struct PublishedRun: Sendable {
    package let context: BuildContext
    package let settings: PublishSettings
    /// Seconds since 1970.
    package let start: Int
    package let scope: Scope
    /// What reports for people show.
    package let report: ReportSettings

    package init(
        context: BuildContext, settings: PublishSettings, start: Int, scope: Scope = .run,
        report: ReportSettings = ReportSettings()
    ) {
        self.report = report
        self.context = context
        self.settings = settings
        self.start = start
        self.scope = scope
    }

    /// How much of a run the results are, and so what they are published to.
    package enum Scope: Sendable, Hashable {
        /// All of it.
        case run
        /// A node's share: only what stays inside its job.
        case node
        /// All of it, of which the nodes have reported the single tests to the CI service already.
        case merged
    }

    /// The page of the job, else of the build.
    package var url: String? { context.execution.job.url ?? context.execution.run.url }

    /// This job among those that write to the same comment: `test`, `test 2/4`.
    package var section: String {
        if let section = settings.labels.section { return section }
        let node = context.execution.node
        let name = context.execution.job.name ?? context.execution.job.id ?? "tests"
        guard let index = node.index, let total = node.total, total > 1 else { return name }
        return "\(name) \(index + 1)/\(total)"
    }

    /// Whether other jobs may be writing to the same comment at this moment.
    package var hasCompany: Bool { (context.execution.node.total ?? 1) > 1 || settings.labels.section != nil }

    /// What a status or check is called: jobs of one build must not replace each other's.
    package var statusName: String {
        hasCompany ? "\(settings.labels.name) / \(section)" : settings.labels.name
    }

    /// The heading of a report.
    package var title: String { statusName }

    package func order(isFinal: Bool) -> CommentSection.Order {
        let run = context.execution.run
        let number = [run.number, run.id].compactMap(\.self).lazy.compactMap { Int($0) }.first
        return CommentSection.Order(run: number ?? 0, attempt: run.attempt ?? 1, start: start, isFinal: isFinal)
    }
}

extension CommitStatus {
    /// A run that ended.
    init(_ results: RunResults, of run: PublishedRun) {
        let state: State =
            switch results.verdict?.exitCode {
            case nil: results.hasPassed ? .passed : .failed
            case .passed: .passed
            case .testsFailed, .onlyFlaky, .collectionFailed: .failed
            case .signal: .cancelled
            default: .errored
            }
        let sentence = RunSentence(results)
        self.init(
            state: state, name: run.statusName,
            summary: "\(sentence.verdict) in \(DurationText.short(results.duration))", url: run.url)
    }
}

extension LineAnnotation {
    /// The failures of a run, each at the place its report names; quarantined ones are warnings.
    static func all(of results: RunResults, limit: Int) -> [LineAnnotation] {
        results.failures.lazy.prefix(limit).map { test in
            let words = FailureWords(test.deciding?.reason)
            let message = [words.line, words.details].filter { !$0.isEmpty }.joined(separator: "\n")
            let file = test.identity.location.flatMap { relativePath($0.file) }
            return LineAnnotation(
                path: file, line: file == nil ? nil : test.identity.location?.line,
                level: results.isQuarantined(test.id) ? .warning : .failure, title: TestTitle.text(of: test),
                message: message.isEmpty ? test.outcome.rawValue : message, key: test.id.rawValue)
        }
    }

    /// A path that stays within the tree; absolute ones and steps upwards lead nowhere a forge could show.
    private static func relativePath(_ path: String) -> String? {
        let parts = path.split(separator: "/")
        guard !path.hasPrefix("/"), !parts.isEmpty, !parts.contains("..") else { return nil }
        return parts.filter { $0 != "." }.joined(separator: "/")
    }
}
