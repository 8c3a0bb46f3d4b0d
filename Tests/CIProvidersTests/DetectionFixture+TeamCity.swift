@testable import CIProviders

extension DetectionFixture {
    private static let base = [
        "TEAMCITY_VERSION": "2025.11", "BUILD_NUMBER": "42", "BUILD_VCS_NUMBER": Commit.head,
        "TEAMCITY_BUILDCONF_NAME": "Tests", "BUILD_URL": "https://tc.example.com/build/1001",
        "TEAMCITY_BUILD_PROPERTIES_FILE": "/b.properties",
    ]
    private static let facts: [Fact: String] = [
        .service: "teamcity", .commit: Commit.head, .runID: "1001", .runNumber: "42", .jobName: "Tests",
        .runURL: "https://tc.example.com/build/1001", .slug: "o/r", .forge: "github", .host: "github.com",
    ]
    private static let build = """
        #TeamCity build properties without 'system.' prefix
        teamcity.build.id=1001
        teamcity.configuration.properties.file=/c.properties

        """
    private static let root = "vcsroot.Root.url=https\\://u\\:secret@github.com/o/r.git\n"

    static let teamCity = [
        DetectionFixture(
            name: "TeamCity: a branch, from the configuration's properties", environment: base,
            files: [
                "/b.properties": build,
                "/c.properties": root
                    + "teamcity.build.branch=refs/heads/main\nteamcity.build.triggeredBy.username=ann\n",
            ],
            expected: facts.adding([.branch: "main", .actor: "ann"])),
        DetectionFixture(
            name: "TeamCity: a pull request, second of three batches", environment: base,
            files: [
                "/b.properties": build + "teamcity.build.parallelTests.currentBatch=2\n"
                    + "teamcity.build.parallelTests.totalBatches=3\n",
                "/c.properties": root + """
                    teamcity.build.branch=pull/12
                    teamcity.pullRequest.number=12
                    teamcity.pullRequest.source.branch=fix
                    teamcity.pullRequest.target.branch=refs/heads/main
                    """,
            ],
            expected: facts.adding([
                .branch: "fix", .pullRequestNumber: "12", .pullRequestTarget: "main", .nodeIndex: "1",
                .nodeTotal: "3",
            ])),
        DetectionFixture(
            name: "TeamCity: a tag is no branch", environment: base,
            files: ["/b.properties": build, "/c.properties": root + "teamcity.build.branch=refs/tags/v1\n"],
            expected: facts.adding([.tag: "v1"])),
        DetectionFixture(
            name: "TeamCity: without property files git is asked", environment: base,
            git: ["rev-parse": "\(Commit.base)\nmain\n", "config": "https://github.com/o/r\n"],
            expected: facts.adding([.branch: "main", .runID: "42"])),
    ]
}
