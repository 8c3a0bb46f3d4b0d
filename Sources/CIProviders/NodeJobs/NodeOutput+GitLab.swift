extension NodeOutput {
    /// A child pipeline ("Downstream pipelines", dynamic child pipelines). A node takes the plan from the parent's job, whose
    /// pipeline the trigger job names in `PARENT_PIPELINE_ID`.
    static let gitLabPipeline = NodeOutput(
        name: "gitlab", mostNodes: 200,
        use:
            "keep it as an artifact of the job `plan`, and start it with trigger: {include: [{artifact: FILE, job: plan}], "
            + "strategy: depend} and the variable PARENT_PIPELINE_ID: $CI_PIPELINE_ID"
    ) { .document(pipeline(of: $0).yaml) }

    /// `needs` takes 50 jobs at most; beyond, the stage's order says the same.
    private static let mostNeeds = 50

    private static func pipeline(of jobs: NodeJobs) -> JobDocument {
        var members: [(String, JobDocument)] = [("stages", .texts(["tests", "verdict"]))]
        if let include = jobs.include {
            members.append(("include", .list([.map([("local", .text(include))])])))
        } else {
            members.append(("default", .map([("before_script", .texts([TemplateShell.install(jobs.layout)]))])))
        }
        members += jobs.jobs.map { (name(of: $0), node($0, of: jobs)) }
        return .map(members + [("verdict", verdict(of: jobs))])
    }

    /// GitLab shows jobs of such names as one group.
    private static func name(of job: NodeJob) -> String { "tests \(job.index + 1)/\(job.total)" }

    private static func node(_ job: NodeJob, of jobs: NodeJobs) -> JobDocument {
        let extended: [(String, JobDocument)] = jobs.include == nil ? [] : [("extends", .texts([".dt-ci"]))]
        let tags: [(String, JobDocument)] = job.labels.isEmpty ? [] : [("tags", .texts(job.labels))]
        return .map(
            [("stage", .text("tests"))] + extended + tags + [
                (
                    "needs",
                    .list([.map([("pipeline", .text("$PARENT_PIPELINE_ID")), ("job", .text("plan"))])])
                ),
                ("script", .texts(["exec \(jobs.command(of: job))"])),
                (
                    "artifacts",
                    .map([
                        ("when", .text("always")), ("expire_in", .text("1 week")),
                        ("paths", .texts(["\(jobs.layout.bundles)/"])),
                    ])
                ),
            ])
    }

    private static func verdict(of jobs: NodeJobs) -> JobDocument {
        let bases = [".dt-ci", ".dt-ci-history", ".dt-ci-results"]
        let extended: [(String, JobDocument)] = jobs.include == nil ? [] : [("extends", .texts(bases))]
        let needs: [(String, JobDocument)] =
            jobs.jobs.count > mostNeeds ? [] : [("needs", .texts(jobs.jobs.map(name)))]
        return .map(
            [("stage", .text("verdict"))] + extended + needs + [
                ("when", .text("always")), ("script", .texts(["exec \(jobs.verdict)"])),
            ])
    }
}
