@testable import CIProviders

extension DetectionFixture {
    private static let base = [
        "TF_BUILD": "True", "SYSTEM_COLLECTIONURI": "https://dev.azure.com/org/", "SYSTEM_TEAMPROJECT": "my project",
        "BUILD_BUILDID": "88", "BUILD_BUILDNUMBER": "20260101.1", "SYSTEM_JOBID": "j-1",
        "SYSTEM_JOBDISPLAYNAME": "Test", "SYSTEM_JOBATTEMPT": "1", "SYSTEM_JOBPOSITIONINPHASE": "1",
        "SYSTEM_TOTALJOBSINPHASE": "1", "BUILD_REQUESTEDFOR": "Ann", "BUILD_SOURCEVERSION": Commit.head,
    ]
    private static let facts: [Fact: String] = [
        .service: "azure-pipelines", .runID: "88", .runNumber: "20260101.1", .runAttempt: "1", .jobID: "j-1",
        .runURL: "https://dev.azure.com/org/my%20project/_build/results?buildId=88", .jobName: "Test",
        .nodeIndex: "0", .nodeTotal: "1", .actor: "Ann", .commit: Commit.head,
    ]
    private static let gitHubRepository = [
        "BUILD_REPOSITORY_PROVIDER": "GitHub", "BUILD_REPOSITORY_NAME": "o/r",
        "BUILD_REPOSITORY_URI": "https://github.com/o/r",
    ]
    private static let gitHubFacts: [Fact: String] = [.slug: "o/r", .forge: "github", .host: "github.com"]
    private static let azureRepository = [
        "BUILD_REPOSITORY_PROVIDER": "TfsGit", "BUILD_REPOSITORY_NAME": "r",
        "BUILD_REPOSITORY_URI": "https://org@dev.azure.com/org/my%20project/_git/r",
    ]
    private static let azureFacts: [Fact: String] = [
        .slug: "my project/r", .forge: "azure-repos", .host: "dev.azure.com",
    ]

    static let azure = [
        DetectionFixture(
            name: "Azure: a branch, third of four jobs",
            environment: base.adding(azureRepository).adding([
                "BUILD_SOURCEBRANCH": "refs/heads/feature/a", "SYSTEM_JOBPOSITIONINPHASE": "3",
                "SYSTEM_TOTALJOBSINPHASE": "4",
            ]),
            expected: facts.adding(azureFacts).adding([.branch: "feature/a", .nodeIndex: "2", .nodeTotal: "4"])),
        DetectionFixture(
            name: "Azure: a pull request on GitHub has GitHub's number",
            environment: base.adding(gitHubRepository).adding([
                "BUILD_SOURCEBRANCH": "refs/pull/12/merge", "BUILD_SOURCEVERSION": Commit.merge,
                "SYSTEM_PULLREQUEST_SOURCECOMMITID": Commit.head, "SYSTEM_PULLREQUEST_SOURCEBRANCH": "fix",
                "SYSTEM_PULLREQUEST_TARGETBRANCH": "main", "SYSTEM_PULLREQUEST_PULLREQUESTID": "9007199254740993",
                "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER": "12", "SYSTEM_PULLREQUEST_ISFORK": "True",
            ]),
            expected: facts.adding(gitHubFacts).adding([
                .mergeCommit: Commit.merge, .branch: "fix", .pullRequestNumber: "12", .pullRequestTarget: "main",
                .pullRequestFork: "yes",
            ])),
        DetectionFixture(
            name: "Azure: a pull request on Azure Repos",
            environment: base.adding(azureRepository).adding([
                "BUILD_SOURCEBRANCH": "refs/pull/5/merge", "BUILD_SOURCEVERSION": Commit.merge,
                "SYSTEM_PULLREQUEST_SOURCECOMMITID": Commit.head,
                "SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/fix",
                "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main", "SYSTEM_PULLREQUEST_PULLREQUESTID": "5",
                "SYSTEM_PULLREQUEST_ISFORK": "False",
            ]),
            expected: facts.adding(azureFacts).adding([
                .mergeCommit: Commit.merge, .branch: "fix", .pullRequestNumber: "5", .pullRequestTarget: "main",
                .pullRequestFork: "no",
            ])),
        DetectionFixture(
            name: "Azure: a tag is no branch",
            environment: base.adding(gitHubRepository).adding(["BUILD_SOURCEBRANCH": "refs/tags/v1"]),
            expected: facts.adding(gitHubFacts).adding([.tag: "v1"])),
    ]
}
