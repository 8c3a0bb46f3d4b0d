@testable import CIProviders

extension DetectionFixture {
    private static let base = [
        "CI": "true", "TRAVIS": "true", "TRAVIS_COMMIT": Commit.head, "TRAVIS_BRANCH": "main",
        "TRAVIS_PULL_REQUEST": "false", "TRAVIS_PULL_REQUEST_BRANCH": "", "TRAVIS_PULL_REQUEST_SHA": "",
        "TRAVIS_PULL_REQUEST_SLUG": "", "TRAVIS_TAG": "", "TRAVIS_REPO_SLUG": "o/r", "TRAVIS_BUILD_ID": "700",
        "TRAVIS_BUILD_NUMBER": "4", "TRAVIS_BUILD_WEB_URL": "https://app.travis-ci.com/github/o/r/builds/700",
        "TRAVIS_JOB_ID": "701", "TRAVIS_JOB_NUMBER": "4.1",
        "TRAVIS_JOB_WEB_URL": "https://app.travis-ci.com/github/o/r/jobs/701",
    ]
    private static let facts: [Fact: String] = [
        .service: "travis-ci", .commit: Commit.head, .slug: "o/r", .forge: "github", .host: "github.com",
        .runID: "700", .runNumber: "4", .runURL: "https://app.travis-ci.com/github/o/r/builds/700", .jobID: "701",
        .jobName: "4.1", .jobURL: "https://app.travis-ci.com/github/o/r/jobs/701",
    ]

    static let travis = [
        DetectionFixture(
            name: "Travis: a branch; \"false\" is no pull request", environment: base,
            expected: facts.adding([.branch: "main"])),
        DetectionFixture(
            name: "Travis: a pull request of a fork; TRAVIS_BRANCH is its target",
            environment: base.adding([
                "TRAVIS_PULL_REQUEST": "12", "TRAVIS_PULL_REQUEST_BRANCH": "fix",
                "TRAVIS_PULL_REQUEST_SHA": Commit.head, "TRAVIS_COMMIT": Commit.merge,
                "TRAVIS_PULL_REQUEST_SLUG": "stranger/r",
            ]),
            expected: facts.adding([
                .branch: "fix", .mergeCommit: Commit.merge, .pullRequestNumber: "12", .pullRequestTarget: "main",
                .pullRequestFork: "yes",
            ])),
        DetectionFixture(
            name: "Travis: a pull request of the same repository",
            environment: base.adding([
                "TRAVIS_PULL_REQUEST": "13", "TRAVIS_PULL_REQUEST_BRANCH": "fix",
                "TRAVIS_PULL_REQUEST_SHA": Commit.head, "TRAVIS_COMMIT": Commit.merge,
                "TRAVIS_PULL_REQUEST_SLUG": "o/r",
            ]),
            expected: facts.adding([
                .branch: "fix", .mergeCommit: Commit.merge, .pullRequestNumber: "13", .pullRequestTarget: "main",
                .pullRequestFork: "no",
            ])),
        DetectionFixture(
            name: "Travis: a tag is no branch, though it is called one",
            environment: base.adding(["TRAVIS_TAG": "v1", "TRAVIS_BRANCH": "v1"]), expected: facts.adding([.tag: "v1"])),
    ]
}
