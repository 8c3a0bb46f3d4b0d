import CICore

extension CIService {
    /// Buildkite, which says "false" where it means "none".
    static let buildkite = CIService(
        id: "buildkite", title: "Buildkite",
        marks: [ServiceMark("BUILDKITE", ["true"])],
        facts: [
            // A build that a person starts without a commit says HEAD.
            .commit: [.unless("BUILDKITE_COMMIT", is: "HEAD")],
            .tag: ["BUILDKITE_TAG"],
            .pullRequestNumber: [.unless("BUILDKITE_PULL_REQUEST", is: "false")],
            .pullRequestTarget: ["BUILDKITE_PULL_REQUEST_BASE_BRANCH"],
            .slug: [.slug("BUILDKITE_REPO")],
            .host: [.host("BUILDKITE_REPO")],
            .forge: [
                .hostedForge("BUILDKITE_REPO"),
                FactSource("BUILDKITE_PIPELINE_PROVIDER") { provider in
                    ["github", "gitlab", "bitbucket"].first { provider == $0 || provider.hasPrefix("\($0)_e") }
                },
            ],
            .runID: ["BUILDKITE_BUILD_ID"],
            .runAttempt: [.repeats("BUILDKITE_RETRY_COUNT")],
            .runNumber: ["BUILDKITE_BUILD_NUMBER"],
            .runURL: ["BUILDKITE_BUILD_URL"],
            .jobID: ["BUILDKITE_JOB_ID"],
            .jobName: ["BUILDKITE_LABEL", "BUILDKITE_STEP_KEY"],
            .nodeIndex: ["BUILDKITE_PARALLEL_JOB"],
            .nodeTotal: ["BUILDKITE_PARALLEL_JOB_COUNT"],
            .actor: ["BUILDKITE_BUILD_CREATOR", "BUILDKITE_BUILD_AUTHOR"],
        ],
        oddFacts: { sheet in
            sheet.setBuildkiteBranch()
            guard let page = sheet["BUILDKITE_BUILD_URL"], let job = sheet["BUILDKITE_JOB_ID"] else { return }
            sheet.set(.jobURL, "\(page)#\(job)", from: "BUILDKITE_JOB_ID")
        },
        node: NodeConvention(advice: "parallelism: N of the step, which sets BUILDKITE_PARALLEL_JOB and its count"),
        output: .buildkiteSteps)
}

extension FactSheet {
    /// `BUILDKITE_BRANCH` is the tag's name on tags, and `owner:branch` for forks.
    fileprivate mutating func setBuildkiteBranch() {
        let variable = "BUILDKITE_BRANCH"
        if let number = self["BUILDKITE_PULL_REQUEST"], number != "false" {
            let branch = self[variable].map { name in
                name.firstIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
            }
            set(.branch, branch, from: variable)
            if let source = self["BUILDKITE_PULL_REQUEST_REPO"].flatMap({ RepositoryURL($0) }),
                let target = self["BUILDKITE_REPO"].flatMap({ RepositoryURL($0) })
            {
                set(
                    .pullRequestFork, source.slug == target.slug ? "false" : "true", from: "BUILDKITE_PULL_REQUEST_REPO"
                )
            }
        } else if self["BUILDKITE_TAG"] == nil {
            set(.branch, from: [.branch(variable)])
        }
    }
}
