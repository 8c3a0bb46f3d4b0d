package import CICore

/// The jobs that a plan asks a CI service for, one for each node.
package struct NodeJobs: Sendable, Hashable {
    /// In the order of their indices; never empty.
    package let jobs: [NodeJob]
    /// The plan's id.
    package let plan: String
    package let layout: ResultsLayout
    /// A file of the repository with what all jobs share, where the form can include one.
    package let include: String?

    package init(_ jobs: [NodeJob], plan: String, layout: ResultsLayout, include: String? = nil) {
        self.jobs = jobs
        self.plan = plan
        self.layout = layout
        self.include = include
    }

    /// No plan's, for asking what a form looks like.
    static let none = NodeJobs(
        [], plan: "", layout: ResultsLayout(root: "", junit: "", results: "", history: "", plan: "", bundles: ""))

    /// The command that runs a node's share.
    func command(of job: NodeJob) -> String { "dt-ci run --node \(job.node) --plan \(layout.plan)" }

    /// The command that joins them.
    var verdict: String { "dt-ci merge --expect \(jobs.count)" }

    /// Where a node's bundle lies.
    func bundle(of job: NodeJob) -> String { layout.bundle(String(job.index), of: String(job.total)) }
}

/// One node as a job.
package struct NodeJob: Sendable, Hashable {
    /// 0-based.
    package let index: Int
    package let total: Int
    package let hardware: HardwareClass
    /// What the service calls the machines that may run it; empty = whatever the pipeline says.
    package let labels: [String]
    /// What its share is expected to take.
    package let estimate: Duration
    /// The suites that it runs something of.
    package let suites: [SuiteName]

    package init(
        index: Int, total: Int, hardware: HardwareClass, labels: [String] = [], estimate: Duration = .zero,
        suites: [SuiteName] = []
    ) {
        self.index = index
        self.total = total
        self.hardware = hardware
        self.labels = labels
        self.estimate = estimate
        self.suites = suites
    }

    /// For `--node`.
    var node: String { "\(index)/\(total)" }

    /// For people, who count from 1.
    var title: String { "node \(index + 1) of \(total)" }

    /// Their names on one line, safe to show.
    var suitesLine: String { suites.map { SafeText.line($0.rawValue, limit: 100) }.joined(separator: ", ") }

    /// Whole seconds.
    var seconds: Int { Int((estimate / .seconds(1)).rounded()) }
}
