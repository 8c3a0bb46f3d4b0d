@testable import CIProviders

extension DetectionFixture {
    private static let base = [
        "CI": "true", "BITBUCKET_BUILD_NUMBER": "19", "BITBUCKET_PIPELINE_UUID": "{p-1}",
        "BITBUCKET_STEP_UUID": "{s-1}", "BITBUCKET_REPO_FULL_NAME": "team/r", "BITBUCKET_COMMIT": Commit.head,
        "BITBUCKET_GIT_HTTP_ORIGIN": "http://bitbucket.org/team/r", "BITBUCKET_STEP_TRIGGERER_UUID": "{u-1}",
    ]
    private static let facts: [Fact: String] = [
        .service: "bitbucket-pipelines", .runID: "19", .runNumber: "19", .jobID: "s-1", .slug: "team/r",
        .forge: "bitbucket", .host: "bitbucket.org", .commit: Commit.head, .actor: "u-1",
        .runURL: "https://bitbucket.org/team/r/addon/pipelines/home#!/results/19",
    ]

    static let bitbucket = [
        DetectionFixture(
            name: "Bitbucket: a branch", environment: base.adding(["BITBUCKET_BRANCH": "main"]),
            expected: facts.adding([.branch: "main"])),
        DetectionFixture(
            name: "Bitbucket: a pull request, second of three parallel steps",
            environment: base.adding([
                "BITBUCKET_BRANCH": "fix", "BITBUCKET_PR_ID": "12", "BITBUCKET_PR_DESTINATION_BRANCH": "main",
                "BITBUCKET_PARALLEL_STEP": "1", "BITBUCKET_PARALLEL_STEP_COUNT": "3",
            ]),
            expected: facts.adding([
                .branch: "fix", .pullRequestNumber: "12", .pullRequestTarget: "main", .nodeIndex: "1",
                .nodeTotal: "3",
            ])),
        DetectionFixture(
            name: "Bitbucket: a tag has no branch",
            environment: base.adding(["BITBUCKET_TAG": "v1", "BITBUCKET_BRANCH": ""]),
            expected: facts.adding([.tag: "v1"])),
        DetectionFixture(
            name: "Bitbucket: an old pipeline with a short commit",
            environment: base.adding([
                "BITBUCKET_COMMIT": "111111111111", "BITBUCKET_BRANCH": "main", "BITBUCKET_GIT_HTTP_ORIGIN": "",
            ]),
            expected: facts.adding([.commit: "111111111111", .branch: "main"])),
    ]
}
