import CICore

extension NodeOutput {
    /// The value of `strategy.matrix` from an output variable ("Jobs in your pipeline", "Set variables in scripts"): a leg's
    /// name has letters, digits and underscores, and all that is in it are texts.
    static let azureMatrix = NodeOutput(
        name: "azure",
        use: "strategy.matrix: $[ dependencies.plan.outputs['dtci.matrix'] ], pool: {vmImage: $(label)} and "
            + "--node $(node)",
        channel: .log { jobs in
            [
                LogDialect.azureOutput("matrix", matrix(of: jobs).json),
                LogDialect.azureOutput("nodes", String(jobs.jobs.count)),
            ]
        }
    ) { .document(matrix(of: $0).json + "\n") }

    private static func matrix(of jobs: NodeJobs) -> JobDocument {
        .map(
            jobs.jobs.map { job in
                (
                    "node_\(job.index + 1)",
                    .map([
                        ("node", .text(job.node)), ("label", .text(job.labels.first ?? "ubuntu-24.04")),
                        ("labels", .text(job.labels.joined(separator: ","))),
                        ("hardware", .text(job.hardware.rawValue)), ("suites", .text(job.suitesLine)),
                    ])
                )
            })
    }
}
