import CICore

extension CIService {
    /// A service that we do not know: `CI` and what users set by convention.
    static let generic = CIService(
        id: "generic", title: "any other CI service",
        marks: [
            ServiceMark("CI", ["true", "1", "yes"]), ServiceMark("CONTINUOUS_INTEGRATION", ["true", "1", "yes"]),
        ],
        facts: [
            .commit: ["CI_COMMIT", "CI_COMMIT_SHA", "GIT_COMMIT"],
            .branch: [.branch("CI_BRANCH"), .branch("CI_COMMIT_BRANCH"), .branch("GIT_BRANCH")],
            .tag: ["CI_TAG", "CI_COMMIT_TAG"],
            .pullRequestNumber: [
                FactSource("CI_PULL_REQUEST") { Int($0) == nil ? RefName.pullRequestNumber(in: $0) : $0 }
            ],
            .slug: ["CI_REPO", .slug("CI_REPOSITORY_URL"), .slug("GIT_URL")],
            .host: [.host("CI_REPOSITORY_URL"), .host("GIT_URL"), .host("CI_PULL_REQUEST")],
            .runID: ["CI_BUILD_ID", "BUILD_ID", "CI_BUILD_NUMBER", "BUILD_NUMBER"],
            .runNumber: ["CI_BUILD_NUMBER", "BUILD_NUMBER"],
            .runURL: ["CI_BUILD_URL", "BUILD_URL"],
            .jobID: ["CI_JOB_ID"],
            .jobName: ["CI_JOB_NAME"],
            // Heroku, Cirrus and Knapsack count from 0, unlike GitLab.
            .nodeIndex: ["CI_NODE_INDEX"],
            .nodeTotal: ["CI_NODE_TOTAL"],
        ],
        oddFacts: { sheet in
            guard let owner = sheet["CI_REPO_OWNER"], let name = sheet["CI_REPO_NAME"] else { return }
            sheet.set(.slug, "\(owner)/\(name)", from: "CI_REPO_NAME")
        },
        node: NodeConvention(
            advice: "CI_NODE_INDEX (from 0) and CI_NODE_TOTAL, or --node INDEX/TOTAL, such as 0/4"))

    /// No CI service: git alone tells what there is.
    ///
    /// A Slurm job is no CI service's, but has an id, a name and a count of restarts.
    static let local = CIService(
        id: "local", title: "this machine", marks: [],
        facts: [
            .runID: ["SLURM_ARRAY_JOB_ID", "SLURM_JOB_ID"], .runAttempt: [.repeats("SLURM_RESTART_COUNT")],
            .jobID: ["SLURM_JOB_ID"], .jobName: ["SLURM_JOB_NAME"],
        ],
        node: NodeConvention(advice: "--node INDEX/TOTAL counted from 0, such as 0/4"))
}
