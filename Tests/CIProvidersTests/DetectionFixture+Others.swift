@testable import CIProviders

extension DetectionFixture {
    static let generic = [
        DetectionFixture(
            name: "generic: CI alone, git tells the rest", environment: ["CI": "true"],
            git: ["rev-parse": "\(Commit.head)\nmain\n", "config": "git@gitlab.com:g/r.git\n"],
            expected: [
                .service: "generic", .commit: Commit.head, .branch: "main", .slug: "g/r", .host: "gitlab.com",
                .forge: "gitlab",
            ]),
        DetectionFixture(
            name: "generic: what users set by convention",
            environment: [
                "CI": "1", "CI_COMMIT": Commit.head, "CI_BRANCH": "fix", "CI_REPO_OWNER": "o", "CI_REPO_NAME": "r",
                "CI_PULL_REQUEST": "12", "CI_NODE_INDEX": "0", "CI_NODE_TOTAL": "2", "BUILD_NUMBER": "5",
                "BUILD_URL": "https://u:secret@ci.example.com/5",
            ],
            expected: [
                .service: "generic", .commit: Commit.head, .branch: "fix", .slug: "o/r", .pullRequestNumber: "12",
                .nodeIndex: "0", .nodeTotal: "2", .runID: "5", .runNumber: "5", .runURL: "https://ci.example.com/5",
            ]),
        DetectionFixture(
            name: "generic: a pull request given as a URL",
            environment: [
                "CONTINUOUS_INTEGRATION": "true", "CI_COMMIT": Commit.head, "CI_REPO_OWNER": "o", "CI_REPO_NAME": "r",
                "CI_PULL_REQUEST": "https://github.com/o/r/pull/12",
            ],
            expected: [.service: "generic", .commit: Commit.head, .slug: "o/r", .pullRequestNumber: "12"]),
        DetectionFixture(
            name: "generic: a detached head has no branch", environment: ["CI": "yes"],
            git: ["rev-parse": "\(Commit.head)\nHEAD\n", "config": ""],
            expected: [.service: "generic", .commit: Commit.head]),
    ]

    static let local = [
        DetectionFixture(
            name: "local: git alone", environment: [:],
            git: ["rev-parse": "\(Commit.head)\nmain\n", "config": "https://u:secret@github.com/o/r.git\n"],
            expected: [
                .service: "local", .commit: Commit.head, .branch: "main", .slug: "o/r", .host: "github.com",
                .forge: "github",
            ]),
        DetectionFixture(
            name: "local: CI=false is no CI service", environment: ["CI": "false"],
            git: ["rev-parse": "", "config": ""],
            expected: [.service: "local"]),
        DetectionFixture(
            name: "local: no repository", environment: [:], git: ["rev-parse": "", "config": ""],
            expected: [.service: "local"]),
        DetectionFixture(
            name: "local: Jenkins' URL without a build is an inheritance",
            environment: ["JENKINS_URL": "https://j/"], git: ["rev-parse": "", "config": ""],
            expected: [.service: "local"]),
    ]
}
