@testable import CIProviders

extension DetectionFixture {
    private static let base = [
        "CI": "true", "CIRCLECI": "true", "CIRCLE_SHA1": Commit.head, "CIRCLE_PROJECT_USERNAME": "o",
        "CIRCLE_PROJECT_REPONAME": "r", "CIRCLE_REPOSITORY_URL": "git@github.com:o/r.git",
        "CIRCLE_WORKFLOW_ID": "w-1", "CIRCLE_BUILD_NUM": "61", "CIRCLE_BUILD_URL": "https://circleci.com/gh/o/r/61",
        "CIRCLE_JOB": "test", "CIRCLE_NODE_INDEX": "0", "CIRCLE_NODE_TOTAL": "1", "CIRCLE_USERNAME": "ann",
    ]
    private static let facts: [Fact: String] = [
        .service: "circleci", .commit: Commit.head, .slug: "o/r", .forge: "github", .host: "github.com",
        .runID: "w-1", .runNumber: "61", .runURL: "https://circleci.com/gh/o/r/61", .jobName: "test",
        .nodeIndex: "0", .nodeTotal: "1", .actor: "ann",
    ]

    static let circleCI = [
        DetectionFixture(
            name: "CircleCI: a branch, last of four nodes",
            environment: base.adding(["CIRCLE_BRANCH": "main", "CIRCLE_NODE_INDEX": "3", "CIRCLE_NODE_TOTAL": "4"]),
            expected: facts.adding([.branch: "main", .nodeIndex: "3", .nodeTotal: "4"])),
        DetectionFixture(
            name: "CircleCI: a pull request of the same repository",
            environment: base.adding([
                "CIRCLE_BRANCH": "fix", "CIRCLE_PULL_REQUEST": "https://github.com/o/r/pull/12",
            ]),
            expected: facts.adding([.branch: "fix", .pullRequestNumber: "12", .pullRequestFork: "no"])),
        DetectionFixture(
            name: "CircleCI: a pull request of a fork",
            environment: base.adding([
                "CIRCLE_BRANCH": "pull/12", "CIRCLE_PULL_REQUEST": "https://github.com/o/r/pull/12",
                "CIRCLE_PR_NUMBER": "12", "CIRCLE_PR_USERNAME": "stranger", "CIRCLE_PR_REPONAME": "r",
            ]),
            expected: facts.adding([.branch: "pull/12", .pullRequestNumber: "12", .pullRequestFork: "yes"])),
        DetectionFixture(
            name: "CircleCI: a tag is no branch", environment: base.adding(["CIRCLE_TAG": "v1"]),
            expected: facts.adding([.tag: "v1"])),
    ]
}
