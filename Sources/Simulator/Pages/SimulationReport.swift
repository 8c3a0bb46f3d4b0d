package import CICore

/// Everything that a person could see after a simulated job, for pages to show.
package struct SimulationReport: Sendable {
    package var scenario: Scenario
    package var title: String
    package var context: BuildContext
    package var exhibit: Exhibit
    package var log: LogReading
    /// Markdown of the job's summaries.
    package var summaries: [String]
    package var exchanges: [RecordedExchange]

    package init(
        scenario: Scenario, title: String, context: BuildContext, exhibit: Exhibit, log: LogReading,
        summaries: [String], exchanges: [RecordedExchange]
    ) {
        self.scenario = scenario
        self.title = title
        self.context = context
        self.exhibit = exhibit.joined(with: log.exhibit)
        self.log = log
        self.summaries = summaries
        self.exchanges = exchanges
    }

    /// `push to faster-widgets`, `pull request #12 from mona/widgets`.
    var occasion: String {
        switch scenario.event {
        case .push: "push to \(scenario.source.branch)"
        case .pullRequest: "pull request #\(scenario.source.pullRequest)"
        case .fork: "pull request #\(scenario.source.pullRequest) from the fork \(scenario.repository.forkSlug)"
        case .tag: "tag \(scenario.source.tag)"
        case .schedule: "schedule on \(scenario.repository.defaultBranch)"
        case .workflowRun: "after the tests of pull request #\(scenario.source.pullRequest) from a fork"
        case .mergeQueue: "merge queue, pull request #\(scenario.source.pullRequest)"
        }
    }
}

extension Tone {
    /// A sign of one column.
    var sign: String {
        switch self {
        case .good: "✓"
        case .bad: "✗"
        case .waiting: "…"
        case .neutral: "–"
        case .warning: "!"
        }
    }
}
