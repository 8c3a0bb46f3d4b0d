import CICore

extension NodeOutput {
    /// The value of `strategy.matrix` ("Using a matrix for your jobs"): at most 256 jobs, and never none.
    static let gitHubMatrix = NodeOutput(
        name: "github-matrix",
        use: "strategy.matrix: ${{ fromJSON(needs.plan.outputs.matrix) }}, runs-on: ${{ matrix.runs-on }}, and "
            + "--node ${{ matrix.node }}",
        channel: .file(variable: "GITHUB_OUTPUT") { jobs in
            // The values have no line feed, so each stands on a line of its own.
            ["matrix=\(matrix(of: jobs).json)", "nodes=\(jobs.jobs.count)", "plan=\(jobs.plan)"]
        }
    ) { .document(matrix(of: $0).json + "\n") }

    private static func matrix(of jobs: NodeJobs) -> JobDocument {
        .map([("include", .list(jobs.jobs.map(entry)))])
    }

    private static func entry(of job: NodeJob) -> JobDocument {
        .map([
            ("node", .text(job.node)), ("index", .number(job.index)), ("total", .number(job.total)),
            ("runs-on", job.labels.isEmpty ? .text("ubuntu-latest") : .texts(job.labels)),
            ("hardware", .text(job.hardware.rawValue)), ("seconds", .number(job.seconds)),
            ("suites", .text(job.suitesLine)),
        ])
    }
}
