@testable import CIProviders

extension DetectionFixture {
    private static let base = [
        "JENKINS_URL": "https://j.example.com/", "BUILD_NUMBER": "7", "BUILD_TAG": "jenkins-r-7", "JOB_NAME": "r/main",
        "BUILD_URL": "https://j.example.com/job/r/7/", "GIT_COMMIT": Commit.head,
    ]
    private static let facts: [Fact: String] = [
        .service: "jenkins", .runID: "jenkins-r-7", .runNumber: "7", .runURL: "https://j.example.com/job/r/7/",
        .jobName: "r/main", .commit: Commit.head,
    ]

    static let jenkins = [
        DetectionFixture(
            name: "Jenkins: a branch of a plain job",
            environment: base.adding([
                "GIT_BRANCH": "origin/feature/a", "GIT_URL": "https://u:secret@github.com/o/r.git",
            ]),
            expected: facts.adding([.branch: "feature/a", .slug: "o/r", .host: "github.com", .forge: "github"])),
        DetectionFixture(
            name: "Jenkins: a pull request of a fork in a multibranch job",
            environment: base.adding([
                "BRANCH_NAME": "PR-12", "CHANGE_ID": "12", "CHANGE_BRANCH": "fix", "CHANGE_TARGET": "main",
                "CHANGE_FORK": "stranger", "CHANGE_URL": "https://gitlab.example.com/g/sub/r/-/merge_requests/12",
                "CHANGE_AUTHOR": "ann",
            ]),
            expected: facts.adding([
                .branch: "fix", .pullRequestNumber: "12", .pullRequestTarget: "main", .pullRequestFork: "yes",
                .slug: "g/sub/r", .host: "gitlab.example.com", .forge: "gitlab", .actor: "ann",
            ])),
        DetectionFixture(
            name: "Jenkins: the pull request builder knows the head",
            environment: base.adding([
                "GIT_COMMIT": Commit.merge, "ghprbActualCommit": Commit.head, "ghprbPullId": "12",
                "ghprbSourceBranch": "fix", "ghprbTargetBranch": "main", "GIT_BRANCH": "detached",
                "GIT_URL_1": "git@github.com:o/r.git",
            ]),
            expected: facts.adding([
                .mergeCommit: Commit.merge, .branch: "fix", .pullRequestNumber: "12", .pullRequestTarget: "main",
                .slug: "o/r", .host: "github.com", .forge: "github",
            ])),
        DetectionFixture(
            name: "Jenkins: a tag is no branch, though it is called one",
            environment: base.adding(["BRANCH_NAME": "v1", "TAG_NAME": "v1", "GIT_URL": "https://git.intern/o/r"]),
            expected: facts.adding([.tag: "v1", .slug: "o/r", .host: "git.intern"])),
        DetectionFixture(
            name: "Jenkins: a change on Bitbucket Data Center within the same repository",
            environment: base.adding([
                "BRANCH_NAME": "PR-3", "CHANGE_ID": "3", "CHANGE_BRANCH": "fix", "CHANGE_TARGET": "main",
                "CHANGE_URL": "https://bitbucket.intern/projects/KEY/repos/name/pull-requests/3/overview",
            ]),
            expected: facts.adding([
                .branch: "fix", .pullRequestNumber: "3", .pullRequestTarget: "main", .pullRequestFork: "no",
                .slug: "KEY/name", .host: "bitbucket.intern", .forge: "bitbucket",
            ])),
    ]
}
