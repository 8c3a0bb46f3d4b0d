@testable import CIProviders

extension DetectionFixture {
    /// Every fixture of every service.
    static let all =
        gitHub + gitLab + jenkins + azure + circleCI + bitbucket + teamCity + travis + generic + local

    private static let gitHubBase = [
        "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "o/r",
        "GITHUB_RUN_ID": "900", "GITHUB_RUN_ATTEMPT": "2", "GITHUB_RUN_NUMBER": "31", "GITHUB_JOB": "test",
        "GITHUB_ACTOR": "ann", "GITHUB_EVENT_PATH": "/event.json",
    ]
    private static let gitHubFacts: [Fact: String] = [
        .service: "github-actions", .slug: "o/r", .forge: "github", .host: "github.com", .runID: "900",
        .runAttempt: "2", .runNumber: "31", .runURL: "https://github.com/o/r/actions/runs/900/attempts/2",
        .jobName: "test", .actor: "ann",
    ]

    static let gitHub = [
        DetectionFixture(
            name: "GitHub: a push",
            environment: gitHubBase.adding([
                "GITHUB_EVENT_NAME": "push", "GITHUB_SHA": Commit.head, "GITHUB_REF": "refs/heads/feature/a",
            ]),
            expected: gitHubFacts.adding([.commit: Commit.head, .branch: "feature/a"])),
        DetectionFixture(
            name: "GitHub: a pull request of a fork is its head, not the test merge",
            environment: gitHubBase.adding([
                "GITHUB_EVENT_NAME": "pull_request", "GITHUB_SHA": Commit.merge, "GITHUB_REF": "refs/pull/12/merge",
                "GITHUB_HEAD_REF": "fix", "GITHUB_BASE_REF": "main",
            ]),
            files: [
                "/event.json": """
                {"number": 12, "pull_request": {"number": 12, "head": {"ref": "fix", "sha": "\(Commit.head)",
                 "repo": {"full_name": "stranger/r"}}, "base": {"ref": "main", "sha": "\(Commit.base)"}}}
                """
            ],
            expected: gitHubFacts.adding([
                .commit: Commit.head, .mergeCommit: Commit.merge, .branch: "fix", .pullRequestNumber: "12",
                .pullRequestTarget: "main", .pullRequestFork: "yes",
            ])),
        DetectionFixture(
            name: "GitHub: pull_request_target runs on the base, but is about the head",
            environment: gitHubBase.adding([
                "GITHUB_EVENT_NAME": "pull_request_target", "GITHUB_SHA": Commit.base, "GITHUB_REF": "refs/heads/main",
                "GITHUB_HEAD_REF": "fix", "GITHUB_BASE_REF": "main",
            ]),
            files: [
                "/event.json": """
                {"pull_request": {"number": 12, "head": {"ref": "fix", "sha": "\(Commit.head)",
                 "repo": {"full_name": "o/r"}}, "base": {"ref": "main"}}}
                """
            ],
            expected: gitHubFacts.adding([
                .commit: Commit.head, .branch: "fix", .pullRequestNumber: "12", .pullRequestTarget: "main",
                .pullRequestFork: "no",
            ])),
        DetectionFixture(
            name: "GitHub: workflow_run is about the run's head",
            environment: gitHubBase.adding([
                "GITHUB_EVENT_NAME": "workflow_run", "GITHUB_SHA": Commit.base, "GITHUB_REF": "refs/heads/main",
            ]),
            files: [
                "/event.json": """
                {"workflow_run": {"head_sha": "\(Commit.head)", "head_branch": "fix", "pull_requests": [
                 {"number": 3, "head": {"ref": "other"}}, {"number": 4, "head": {"ref": "fix"}, "base": {"ref": "main"}}]}}
                """
            ],
            expected: gitHubFacts.adding([
                .commit: Commit.head, .branch: "fix", .pullRequestNumber: "4", .pullRequestTarget: "main",
            ])),
        DetectionFixture(
            name: "GitHub: a tag is no branch",
            environment: gitHubBase.adding([
                "GITHUB_EVENT_NAME": "push", "GITHUB_SHA": Commit.head, "GITHUB_REF": "refs/tags/v1/rc",
            ]),
            expected: gitHubFacts.adding([.commit: Commit.head, .tag: "v1/rc"])),
        DetectionFixture(
            name: "GitHub: act only pretends",
            environment: gitHubBase.adding([
                "ACT": "true", "GITHUB_EVENT_NAME": "push", "GITHUB_SHA": Commit.head, "GITHUB_REF": "refs/heads/main",
            ]),
            expected: gitHubFacts.adding([.simulator: "act", .commit: Commit.head, .branch: "main"])),
        DetectionFixture(
            name: "GitHub: Gitea's actions run on another forge",
            environment: gitHubBase.adding([
                "GITEA_ACTIONS": "true", "GITHUB_SERVER_URL": "https://u:secret@git.example.com",
                "GITHUB_EVENT_NAME": "push", "GITHUB_SHA": Commit.head, "GITHUB_REF": "refs/heads/main",
            ]),
            expected: gitHubFacts.adding([
                .commit: Commit.head, .branch: "main", .forge: "gitea", .host: "git.example.com",
                .runURL: "https://git.example.com/o/r/actions/runs/900/attempts/2",
            ])),
    ]
}

extension Dictionary {
    /// The same with more, which win.
    func adding(_ more: [Key: Value]) -> [Key: Value] { merging(more) { $1 } }
}
