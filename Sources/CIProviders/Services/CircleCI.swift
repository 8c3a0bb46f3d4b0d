import CICore

extension CIService {
    /// CircleCI.
    static let circleCI = CIService(
        id: "circleci", title: "CircleCI",
        marks: [("CIRCLECI", ["true"])],
        facts: [
            .commit: ["CIRCLE_SHA1"],
            .branch: ["CIRCLE_BRANCH"],
            .tag: ["CIRCLE_TAG"],
            // CIRCLE_PR_NUMBER is there for forks only; a fork's branch is called pull/12.
            .pullRequestNumber: [
                .pullRequestNumber("CIRCLE_PULL_REQUEST"), "CIRCLE_PR_NUMBER", .pullRequestNumber("CIRCLE_BRANCH"),
            ],
            .host: [.host("CIRCLE_REPOSITORY_URL"), .host("CIRCLE_PULL_REQUEST")],
            .runID: ["CIRCLE_WORKFLOW_ID", "CIRCLE_BUILD_NUM"],
            .runNumber: ["CIRCLE_BUILD_NUM"],
            .runURL: ["CIRCLE_BUILD_URL"],
            .jobID: ["CIRCLE_WORKFLOW_JOB_ID"],
            .jobName: ["CIRCLE_JOB"],
            .nodeIndex: ["CIRCLE_NODE_INDEX"],
            .nodeTotal: ["CIRCLE_NODE_TOTAL"],
            .actor: ["CIRCLE_USERNAME"],
        ],
        oddFacts: { sheet in
            if let owner = sheet["CIRCLE_PROJECT_USERNAME"], let name = sheet["CIRCLE_PROJECT_REPONAME"] {
                sheet.set(.slug, "\(owner)/\(name)", from: "CIRCLE_PROJECT_REPONAME")
            }
            if sheet["CIRCLE_PR_USERNAME"] != nil || sheet["CIRCLE_PR_REPONAME"] != nil {
                sheet.set(.pullRequestFork, "true", from: "CIRCLE_PR_USERNAME")
            } else if sheet["CIRCLE_PULL_REQUEST"] != nil, sheet["CIRCLE_BRANCH"]?.hasPrefix("pull/") != true {
                sheet.set(.pullRequestFork, "false", from: "CIRCLE_PULL_REQUEST")
            }
        },
        node: NodeConvention(
            advice: "`parallelism: 4` in the job, or --node INDEX/TOTAL counted from 0, such as 0/4"),
        api: .circleCI, template: .circleCI)
}
