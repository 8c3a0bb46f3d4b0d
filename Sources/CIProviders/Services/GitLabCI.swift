import CICore

extension CIService {
    /// GitLab CI; `gitlab-ci-local` says `GITLAB_CI=false`.
    static let gitLabCI = CIService(
        id: "gitlab-ci", title: "GitLab CI",
        marks: [("GITLAB_CI", ["true", "false"])],
        facts: [
            .commit: ["CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "CI_COMMIT_SHA"],
            .branch: [
                "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME",
                "CI_COMMIT_BRANCH",
            ],
            .tag: ["CI_COMMIT_TAG"],
            // CI_MERGE_REQUEST_ID is the number of the whole installation; interfaces want the project's.
            .pullRequestNumber: ["CI_MERGE_REQUEST_IID", "CI_EXTERNAL_PULL_REQUEST_IID"],
            .pullRequestTarget: [
                "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME",
            ],
            .slug: ["CI_MERGE_REQUEST_PROJECT_PATH", "CI_PROJECT_PATH"],
            .host: ["CI_SERVER_HOST", .host("CI_PROJECT_URL")],
            .runID: ["CI_PIPELINE_ID"],
            .runNumber: ["CI_PIPELINE_IID"],
            .runURL: ["CI_PIPELINE_URL"],
            .jobID: ["CI_JOB_ID"],
            .jobName: ["CI_JOB_NAME"],
            .jobURL: ["CI_JOB_URL"],
            .nodeIndex: [.oneBased("CI_NODE_INDEX")],
            .nodeTotal: ["CI_NODE_TOTAL"],
            .actor: ["GITLAB_USER_LOGIN"],
        ],
        oddFacts: { sheet in
            if sheet["GITLAB_CI"] == "false" { sheet.set(.simulator, "gitlab-ci-local", from: "GITLAB_CI") }
            sheet.set(.forge, "gitlab", from: "GITLAB_CI")
            // Filled only where CI_COMMIT_SHA is the merged result.
            if sheet["CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"] != nil {
                sheet.set(.mergeCommit, sheet["CI_COMMIT_SHA"], from: "CI_COMMIT_SHA")
            }
            if let source = sheet["CI_MERGE_REQUEST_SOURCE_PROJECT_ID"],
                let target = sheet["CI_MERGE_REQUEST_PROJECT_ID"]
            {
                sheet.set(
                    .pullRequestFork, source == target ? "false" : "true", from: "CI_MERGE_REQUEST_SOURCE_PROJECT_ID")
            }
        },
        node: NodeConvention(
            advice: "`parallel: 4` in the job, or --node INDEX/TOTAL counted from 0, such as 0/4"),
        log: .gitLab, template: .gitLabCI)
}
