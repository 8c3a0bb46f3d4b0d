@testable import CIProviders

extension DetectionFixture {
    private static let base = [
        "CI": "true", "GITLAB_CI": "true", "CI_SERVER_HOST": "gitlab.example.com", "CI_PROJECT_PATH": "g/sub/r",
        "CI_PIPELINE_ID": "500", "CI_PIPELINE_IID": "41",
        "CI_PIPELINE_URL": "https://gitlab.example.com/g/sub/r/-/pipelines/500",
        "CI_JOB_ID": "77", "CI_JOB_NAME": "test 2/3", "CI_JOB_URL": "https://gitlab.example.com/g/sub/r/-/jobs/77",
        "CI_NODE_TOTAL": "1", "GITLAB_USER_LOGIN": "ann", "CI_COMMIT_SHA": Commit.head,
    ]
    private static let facts: [Fact: String] = [
        .service: "gitlab-ci", .slug: "g/sub/r", .forge: "gitlab", .host: "gitlab.example.com", .runID: "500",
        .runNumber: "41", .runURL: "https://gitlab.example.com/g/sub/r/-/pipelines/500", .jobID: "77",
        .jobName: "test 2/3", .jobURL: "https://gitlab.example.com/g/sub/r/-/jobs/77", .nodeTotal: "1", .actor: "ann",
        .commit: Commit.head,
    ]

    static let gitLab = [
        DetectionFixture(
            name: "GitLab: a branch, second of three nodes",
            environment: base.adding(["CI_COMMIT_BRANCH": "main", "CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "3"]),
            expected: facts.adding([.branch: "main", .nodeIndex: "1", .nodeTotal: "3"])),
        DetectionFixture(
            name: "GitLab: a detached merge request has the project's own number",
            environment: base.adding([
                "CI_MERGE_REQUEST_ID": "99999", "CI_MERGE_REQUEST_IID": "12",
                "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "fix", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
                "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "", "CI_MERGE_REQUEST_PROJECT_PATH": "g/sub/r",
                "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "1", "CI_MERGE_REQUEST_PROJECT_ID": "1",
            ]),
            expected: facts.adding([
                .branch: "fix", .pullRequestNumber: "12", .pullRequestTarget: "main", .pullRequestFork: "no",
            ])),
        DetectionFixture(
            name: "GitLab: a merged result of a fork is its head, not the merge",
            environment: base.adding([
                "CI_COMMIT_SHA": Commit.merge, "CI_MERGE_REQUEST_IID": "12",
                "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "fix", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
                "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": Commit.head, "CI_MERGE_REQUEST_PROJECT_PATH": "g/sub/r",
                "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "2", "CI_MERGE_REQUEST_PROJECT_ID": "1",
            ]),
            expected: facts.adding([
                .mergeCommit: Commit.merge, .branch: "fix", .pullRequestNumber: "12", .pullRequestTarget: "main",
                .pullRequestFork: "yes",
            ])),
        DetectionFixture(
            name: "GitLab: a tag is no branch", environment: base.adding(["CI_COMMIT_TAG": "v1"]),
            expected: facts.adding([.tag: "v1"])),
        DetectionFixture(
            name: "GitLab: gitlab-ci-local says false and only pretends",
            environment: base.adding(["GITLAB_CI": "false", "CI_COMMIT_BRANCH": "main"]),
            expected: facts.adding([.simulator: "gitlab-ci-local", .branch: "main"])),
    ]
}
