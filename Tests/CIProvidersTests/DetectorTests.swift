import CICore
import Testing

@testable import CIProviders

@Suite struct DetectorTests {
    @Test(arguments: DetectionFixture.all)
    func `an environment tells exactly its facts`(fixture: DetectionFixture) async {
        let detection = await fixture.detect()
        let found = Dictionary(
            uniqueKeysWithValues: detection.decidedBy.keys.map { ($0, detection.context.text(of: $0)) })
        #expect(found == fixture.expected)
    }

    @Test func `every service has four fixtures at the least`() {
        for service in CIServices.all {
            let count = DetectionFixture.all.count { $0.expected[.service] == service.id }
            #expect(count >= 4, "\(service.id)")
        }
    }

    @Test func `ids are those of the context format, each once`() {
        #expect(
            Set(CIServices.all.map(\.id)) == [
                "github-actions", "gitlab-ci", "jenkins", "azure-pipelines", "circleci", "bitbucket-pipelines",
                "teamcity",
                "travis-ci", "generic",
            ])
        #expect(CIServices.all.count == 9)
    }

    @Test func `two services at once name both, and the stronger one wins`() async {
        let fixture = DetectionFixture(
            name: "",
            environment: [
                "JENKINS_URL": "https://j/", "BUILD_NUMBER": "7", "CI": "true", "GITLAB_CI": "true",
                "CI_COMMIT_SHA": Commit.head, "CI_COMMIT_BRANCH": "main", "CI_PROJECT_PATH": "a/b",
            ], expected: [:])
        let detection = await fixture.detect()
        #expect(detection.candidates == ["gitlab-ci", "jenkins"])
        #expect(detection.context.service == "gitlab-ci")
    }

    @Test func `each fact names the variable that decided it`() async throws {
        let fixture = try #require(DetectionFixture.gitHub.first { $0.name.hasPrefix("GitHub: a pull request") })
        let detection = await fixture.detect()
        #expect(detection.decidedBy[.commit] == "GITHUB_EVENT_PATH")
        #expect(detection.decidedBy[.mergeCommit] == "GITHUB_SHA")
        #expect(detection.decidedBy[.service] == "GITHUB_ACTIONS")
        let rows = detection.text.split(whereSeparator: \.isNewline).map { $0.split(separator: " ").map(String.init) }
        #expect(rows.contains(["pullRequest.fork", "yes", "GITHUB_EVENT_PATH"]))
    }

    @Test func `the JSON has every key of the format, null where nothing is known`() async {
        let fixture = DetectionFixture(
            name: "", environment: [:], git: ["rev-parse": "", "config": ""], expected: [:])
        let json = await fixture.detect().json
        for key in [
            "\"schema\": \"dt-ci/context/v1\"", "\"service\": \"local\"", "\"simulator\": null", "\"sha\": null",
            "\"pullRequest\": null", "\"attempt\": null", "\"index\": null", "\"candidates\": []",
        ] {
            #expect(json.contains(key))
        }
    }

    @Test(arguments: [
        ("0", "4", nil as String?, "4" as String?), ("5", "4", nil, "4"), ("4", "4", "3", "4"), ("1", "1", "0", "1"),
        ("x", "4", nil, "4"), ("2", "", "1", nil), ("-1", "0", nil, nil),
    ])
    func `a node beyond its total is no node`(
        index: String, total: String, expected: String?, of expectedTotal: String?
    )
        async
    {
        let fixture = DetectionFixture(
            name: "",
            environment: [
                "GITLAB_CI": "true", "CI_NODE_INDEX": index, "CI_NODE_TOTAL": total, "CI_COMMIT_SHA": Commit.head,
                "CI_COMMIT_BRANCH": "main", "CI_PROJECT_PATH": "a/b",
            ], expected: [:])
        let node = await fixture.detect().context.execution.node
        #expect(node.index.map(String.init) == expected)
        #expect(node.total.map(String.init) == expectedTotal)
    }

    @Test(arguments: ["\u{1b}[31mred", "a\nb", String(repeating: "x", count: 5000)])
    func `a hostile value is as good as none`(value: String) async {
        let fixture = DetectionFixture(
            name: "",
            environment: [
                "GITLAB_CI": "true", "CI_COMMIT_SHA": value, "CI_JOB_NAME": value, "CI_COMMIT_BRANCH": "main",
                "CI_PROJECT_PATH": "a/b",
            ], git: ["rev-parse": "\(Commit.head)\nmain\n"], expected: [:])
        let context = await fixture.detect().context
        #expect(context.execution.job.name == nil)
        #expect(context.source.commit == Commit.head)
    }

    @Test(arguments: ["", "{", "[]", "{\"pull_request\": 7}", "{\"pull_request\": {\"head\": []}}", "\u{0}"])
    func `a broken event file tells nothing and breaks nothing`(event: String) async {
        let fixture = DetectionFixture(
            name: "",
            environment: [
                "GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": "/e.json", "GITHUB_SHA": Commit.head,
                "GITHUB_REF": "refs/heads/main", "GITHUB_EVENT_NAME": "push", "GITHUB_REPOSITORY": "o/r",
            ], files: ["/e.json": event], expected: [:])
        #expect(await fixture.detect().context.source == .init(commit: Commit.head, branch: "main"))
    }
}
