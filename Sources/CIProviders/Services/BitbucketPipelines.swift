import CICore

extension CIService {
    /// Bitbucket Pipelines.
    static let bitbucketPipelines = CIService(
        id: "bitbucket-pipelines", title: "Bitbucket Pipelines",
        marks: ["BITBUCKET_BUILD_NUMBER", "BITBUCKET_PIPELINE_UUID"],
        facts: [
            .commit: ["BITBUCKET_COMMIT"],
            .branch: ["BITBUCKET_BRANCH"],
            .tag: ["BITBUCKET_TAG"],
            .pullRequestNumber: ["BITBUCKET_PR_ID"],
            .pullRequestTarget: ["BITBUCKET_PR_DESTINATION_BRANCH"],
            .slug: ["BITBUCKET_REPO_FULL_NAME", .slug("BITBUCKET_GIT_HTTP_ORIGIN"), .slug("BITBUCKET_GIT_SSH_ORIGIN")],
            .runID: ["BITBUCKET_BUILD_NUMBER", .braced("BITBUCKET_PIPELINE_UUID")],
            .runAttempt: ["BITBUCKET_STEP_RUN_NUMBER"],
            .runNumber: ["BITBUCKET_BUILD_NUMBER"],
            .jobID: [.braced("BITBUCKET_STEP_UUID")],
            .nodeIndex: ["BITBUCKET_PARALLEL_STEP"],
            .nodeTotal: ["BITBUCKET_PARALLEL_STEP_COUNT"],
            .actor: [.braced("BITBUCKET_STEP_TRIGGERER_UUID")],
        ],
        oddFacts: { sheet in
            let mark = sheet["BITBUCKET_BUILD_NUMBER"] == nil ? "BITBUCKET_PIPELINE_UUID" : "BITBUCKET_BUILD_NUMBER"
            sheet.set(.forge, "bitbucket", from: mark)
            sheet.set(.host, from: [.host("BITBUCKET_GIT_HTTP_ORIGIN"), .host("BITBUCKET_GIT_SSH_ORIGIN")])
            sheet.set(.host, "bitbucket.org", from: mark)
            guard let slug = sheet["BITBUCKET_REPO_FULL_NAME"], let number = sheet["BITBUCKET_BUILD_NUMBER"] else {
                return
            }
            let url = "https://bitbucket.org/\(slug)/addon/pipelines/home#!/results/\(number)"
            sheet.set(.runURL, url, from: "BITBUCKET_BUILD_NUMBER")
        },
        node: NodeConvention(
            advice: "the step in `parallel:`, or --node INDEX/TOTAL counted from 0, such as 0/4"),
        artifacts: ArtifactKeeping(place: "bitbucket"), template: .bitbucketPipelines, output: .bitbucketIndexFiles)
}
