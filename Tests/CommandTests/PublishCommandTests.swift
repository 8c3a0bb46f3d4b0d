import Foundation
import Testing

/// `dt-ci publish` and the end of `dt-ci run`, as jobs of simulated CI services through the built binary.
struct PublishCommandTests {
    private let directory: TemporaryDirectory
    private static let report = """
        <testsuite name="unit">
          <testcase classname="tests.test_a" name="test_ok" time="0.1"/>
          <testcase classname="tests.test_a" name="test_bad" file="tests/test_a.py" line="7" time="0.2">
            <failure message="&lt;b>@everyone 🧪">##vso[task.complete] trace</failure>
          </testcase>
        </testsuite>
        """
    private static let services = [
        "github-actions", "gitlab-ci", "jenkins", "azure-pipelines", "circleci", "bitbucket-pipelines", "teamcity",
        "travis-ci",
    ]

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write(Self.report, to: "report.xml")
    }

    /// What a person would see after the command.
    private struct Sight: Decodable {
        var exitCode: Int32
        var comments: [Comment]
        var notes: [Note]
        var requests: Int

        struct Note: Decodable, Equatable {
            var kind: String
            var text: String
        }

        struct Comment: Decodable {
            var markdown: String
        }
    }

    private func simulate(_ service: String, _ options: [String], command: [String]) async throws -> Sight {
        let output = try await DTCIBinary(in: directory.url).run(
            ["simulate", service, "--json"] + options + ["--"] + command)
        let start = try #require(output.standardOutput.range(of: "{"), "\(output.standardError.suffix(400))")
        return try JSONDecoder().decode(Sight.self, from: Data(output.standardOutput[start.lowerBound...].utf8))
    }

    @Test(arguments: services, ["pull_request", "fork"])
    func `every service's job ends as it would without reports, with one comment where its token may write`(
        service: String, event: String
    ) async throws {
        let sight = try await simulate(
            service, ["--event", event], command: ["dt-ci", "publish", "report.xml", "--quiet"])
        #expect(sight.exitCode == 0)
        #expect(sight.comments.count <= 1)
        if event == "pull_request" {
            let comment = try #require(sight.comments.first)
            #expect(comment.markdown.contains("dt-ci: 1 of 2 tests failed"))
        }
    }

    @Test(arguments: [
        "rate-limit=1", "secondary-limit=1", "server-error=2", "reset=1", "fork-token", "truncated=1", "too-large",
        "html=1",
    ])
    func `no fault changes the exit code or doubles the comment`(fault: String) async throws {
        try directory.write("exit 1\n", to: "check.sh")
        try directory.write(
            """
            version: 1
            suites:
              - {name: checks, runner: command, list: echo one, command: sh check.sh}
            """, to: "dt-ci.yml")
        let sight = try await simulate(
            "github-actions", ["--event", "pull_request", "--fault", fault], command: ["dt-ci", "run", "--quiet"])
        #expect(sight.exitCode == 1)
        #expect(sight.comments.count <= 1)
        #expect(sight.requests > 0)
    }

    @Test(arguments: [
        ("gitlab-ci", "CI_COMMIT_SHA=$sha CI_MERGE_REQUEST_SOURCE_BRANCH_SHA=$sha"),
        ("bitbucket-pipelines", "BITBUCKET_COMMIT=$sha"),
    ]) func `a job without history is compared with what the comment remembers`(
        service: String, variables: String
    ) async throws {
        try directory.write("test ! -e $1.bad", to: "test.sh")
        try directory.write("", to: "a.bad")
        try directory.write(
            """
            version: 1
            history: "sqlite:/proc/none/history.db"
            suites:
              - {name: shell, runner: command, command: [sh, test.sh, "{{tests}}"], list: "printf 'a\\nb\\nc\\n'", units-per-batch: 1}
            """, to: "dt-ci.yml")
        let binary = try DTCIBinary.executable().path
        let run = "env \(variables) \(binary) run --quiet"
        let script = """
            sha=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; \(run); touch b.bad
            sha=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb; \(run); \(run)
            """
        let sight = try await simulate(service, ["--event", "pull_request"], command: ["sh", "-c", script])
        let comment = try #require(sight.comments.first?.markdown)
        #expect(sight.comments.count == 1)
        // The second attempt on the second commit is compared with the first commit as well.
        #expect(comment.contains("1 new failure, 1 still failing, compared with"), "\(comment)")
        #expect(comment.contains("at aaaaaaaaaa"))
        #expect(comment.contains("as the comment on the pull request has it"))
    }

    @Test(arguments: ["github-actions", "gitlab-ci", "azure-pipelines", "bitbucket-pipelines"])
    func `eight jobs at once end in one comment with all their sections`(service: String) async throws {
        let binary = try DTCIBinary.executable().path
        let line =
            "for leg in 1 2 3 4 5 6 7 8; do \(binary) publish report.xml --publish-section leg$leg --quiet & done; wait"
        let sight = try await simulate(service, ["--event", "pull_request"], command: ["sh", "-c", line])
        #expect(sight.comments.count == 1)
        for leg in 1...8 { #expect(sight.comments.first?.markdown.contains("key=leg\(leg)") == true) }
    }

    @Test(arguments: [
        ("github-actions", "artifacts", "artifacts: report.xml: posted"),
        ("gitlab-ci", "packages", "packages: report.xml: posted"),
        ("bitbucket-pipelines", "downloads", "downloads: report.xml: posted"),
        ("azure-pipelines", "artifacts", "artifacts: posted (by 1 line of the log)"),
        ("teamcity", "artifacts", "artifacts: posted (by 1 line of the log)"),
        ("azure-pipelines", "branch", "branch: report.xml: posted"),
        ("github-actions", "branch", "branch: report.xml: posted"),
        ("gitlab-ci", "branch", "branch: report.xml: posted"),
        ("github-actions", "gist", "gist: report.xml: posted"),
        ("jenkins", "packages", "packages: not posted: neither this forge nor this CI service has a place"),
    ]) func `reports go where the configuration puts them`(service: String, place: String, line: String) async throws {
        try directory.write("version: 1\npublish: {files: \(place)}\n", to: "dt-ci.yml")
        let binary = try DTCIBinary.executable().path
        let output = try await DTCIBinary(in: directory.url).run(
            "simulate", service, "--event", "push", "--", "env", "DTCI_GIST=aa5a315d61ae9438b18d", binary, "publish",
            "report.xml")
        #expect(output.exitCode == 0)
        #expect((output.standardOutput + output.standardError).contains(line))
    }

    @Test(arguments: [("azure-pipelines", "pull_request", "job summary"), ("jenkins", "fork", "page")])
    func `where nothing ran before, a page still finds its place`(
        service: String, event: String, report: String
    ) async throws {
        let output = try await DTCIBinary(in: directory.url).run(
            "simulate", service, "--event", event, "--", "dt-ci", "publish", "report.xml")
        #expect((output.standardOutput + output.standardError).contains("\(report): posted (\(directory.url.path)"))
        #expect(try directory.text(".dt-ci/summary.md").contains("dt-ci: 1 of 2 tests failed"))
    }

    /// A fork's job has no token.
    @Test(arguments: [("pull_request", "dt-ci: 1 test flaky"), ("fork", "dt-ci: 1 test flaky; {build.status.text}")])
    func `a build that is red without a red test names its problem, by the API or by the log`(
        event: String, text: String
    ) async throws {
        try directory.write("[ -e seen ] || { touch seen; exit 1; }\n", to: "check.sh")
        let sight = try await run("--retries", "1", "--fail-on-flaky", event: event)
        #expect(sight.exitCode == 6)
        #expect(
            sight.notes.filter { $0.text != "Running" } == [
                .init(kind: "Status text", text: text), .init(kind: "Tag", text: "flaky"),
                .init(kind: "Build problem", text: "dt-ci: 1 test passed only after failing"),
            ])
    }

    @Test(arguments: ["pull_request", "fork"])
    func `a test that failed is no problem of the build besides`(event: String) async throws {
        try directory.write("exit 1\n", to: "check.sh")
        let sight = try await run(event: event)
        #expect(sight.exitCode == 1)
        #expect(!sight.notes.contains { $0.kind == "Build problem" || $0.kind == "Tag" })
    }

    /// A run of one test on TeamCity.
    private func run(_ options: String..., event: String) async throws -> Sight {
        try directory.write(
            """
            version: 1
            suites:
              - {name: checks, runner: command, list: echo one, command: sh check.sh}
            """, to: "dt-ci.yml")
        return try await simulate(
            "teamcity", ["--event", event], command: ["dt-ci", "run", "--quiet"] + options)
    }

    @Test func `a rehearsal shows requests with masked tokens and sends none`() async throws {
        let output = try await DTCIBinary(in: directory.url).run(
            "simulate", "github-actions", "--event", "pull_request", "--", "dt-ci", "publish", "report.xml",
            "--dry-run")
        #expect(output.standardOutput.contains("POST http://127.0.0.1"))
        #expect(output.standardOutput.contains("Authorization: Bearer •••"))
        #expect(output.standardOutput.contains("requests 0"))
    }

    @Test func `the run after a fork's posts to the fork's pull request, with the base repository's token`()
        async throws
    {
        let sight = try await simulate(
            "github-actions", ["--event", "workflow_run"], command: ["dt-ci", "publish", "report.xml", "--quiet"])
        #expect(sight.exitCode == 0)
        #expect(sight.comments.count == 1)
        #expect(sight.comments.first?.markdown.contains("dt-ci: 1 of 2 tests failed") == true)
    }

    @Test func `strict makes a report that cannot be posted an error`() async throws {
        let sight = try await simulate(
            "github-actions", ["--event", "fork"], command: ["dt-ci", "publish", "report.xml", "--strict", "--quiet"])
        #expect(sight.exitCode == 4)
    }

    @Test func `without results it says what to do`() async throws {
        let output = try await DTCIBinary(in: directory.url).run("publish")
        #expect(output.exitCode == 2)
        #expect(output.standardError.contains("run `dt-ci run` first"))
    }
}
