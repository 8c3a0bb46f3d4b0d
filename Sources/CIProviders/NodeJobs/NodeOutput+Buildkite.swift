extension NodeOutput {
    /// Steps for `buildkite-agent pipeline upload`, which replaces `$NAME` by variables and reads `$$` as a dollar.
    static let buildkiteSteps = NodeOutput(
        name: "buildkite", mostNodes: 400,
        use: "buildkite-agent artifact upload .dt-ci/plan.json, then pipe it to buildkite-agent pipeline upload"
    ) { jobs in
        .document(
            JobDocument.map([("steps", .list(jobs.jobs.map { step($0, of: jobs) } + [verdict(of: jobs)]))]).yaml)
    }

    private static func step(_ job: NodeJob, of jobs: NodeJobs) -> JobDocument {
        let agents: [(String, JobDocument)] =
            job.labels.isEmpty
            ? [] : [("agents", .texts(job.labels.map { escaped($0.contains("=") ? $0 : "queue=\($0)") }))]
        return .map(
            [
                ("label", .text(job.title)), ("key", .text(key(of: job))),
                (
                    "command",
                    .texts(["buildkite-agent artifact download \(jobs.layout.plan) .", jobs.command(of: job)])
                ),
                ("artifact_paths", .texts(["\(jobs.bundle(of: job))/**/*"])),
            ] + agents)
    }

    private static func verdict(of jobs: NodeJobs) -> JobDocument {
        .map([
            ("label", .text("verdict")), ("key", .text("dt-ci-verdict")),
            ("depends_on", .texts(jobs.jobs.map(key))), ("allow_dependency_failure", .flag(true)),
            // A node that left nothing is lost by name; it must not keep the others' bundles from being joined.
            (
                "command",
                .texts(["buildkite-agent artifact download '\(jobs.layout.bundles)/**/*' . || true", jobs.verdict])
            ),
            ("artifact_paths", .texts([jobs.layout.junit, jobs.layout.results])),
        ])
    }

    private static func key(of job: NodeJob) -> String { "dt-ci-node-\(job.index)" }

    private static func escaped(_ text: String) -> String { text.replacing("$", with: "$$") }
}
