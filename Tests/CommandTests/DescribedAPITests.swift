import Foundation
import Testing

/// Every client, driven by the built binary, against the descriptions that the APIs' makers publish.
@Suite(.enabled(if: DescribedAPIs.isPossible)) struct DescribedAPITests {
    /// A simulated job whose requests go to the described APIs instead.
    private struct Job {
        let service: String
        let forge: String
        /// Variables with the paths that they get below the server's address.
        let addresses: [String: String]
    }

    private static let forges = [
        "github": ["DTCI_FORGE_API_URL": "/github"], "gitlab": ["DTCI_FORGE_API_URL": "/gitlab/api/v4"],
        "bitbucket": ["DTCI_FORGE_API_URL": "/bitbucket/2.0"], "azure-repos": ["SYSTEM_COLLECTIONURI": "/azure/acme/"],
    ]

    private static func job(_ service: String, _ forge: String, _ path: String? = nil) -> Job {
        let own = path.map { ["DTCI_SERVICE_API_URL": $0] } ?? [:]
        return Job(service: service, forge: forge, addresses: own.merging(forges[forge] ?? [:]) { $1 })
    }

    private static let jobs = [
        job("github-actions", "github"), job("gitlab-ci", "gitlab"), job("bitbucket-pipelines", "bitbucket"),
        job("azure-pipelines", "azure-repos"), job("jenkins", "gitlab", "/jenkins"),
        job("teamcity", "github", "/teamcity"), job("circleci", "bitbucket", "/circleci/api/v2"),
        job("travis-ci", "github", "/travis"),
    ]

    @Test func `no request is other than its API's makers describe it`() async throws {
        let apis = try await DescribedAPIs()
        for job in Self.jobs {
            let directory = try TemporaryDirectory()
            try Self.write(to: directory)
            let addresses = job.addresses.map { "\($0.key)=\(apis.base)\($0.value)" }.sorted()
            let output = try await DTCIBinary(in: directory.url).run(
                ["simulate", job.service, "--forge", job.forge, "--event", "pull_request", "--", "env"] + addresses
                    + ["DTCI_GIST=aa5a315d61ae9438b18d", "sh", "all.sh", try DTCIBinary.executable().path])
            #expect(output.exitCode == 0, "\(output.standardOutput) \(output.standardError)")
        }
        let requests = try apis.requests()
        // A request that the descriptions know, and that only the state at that moment refuses, is as good.
        for request in requests where !["ok", "refused"].contains(request.verdict) { Issue.record("\(request)") }
        let providers = ["azure", "bitbucket", "circleci", "github", "gitlab", "jenkins", "teamcity", "travis"]
        #expect(Set(requests.map(\.provider)).sorted() == providers)
        for provider in providers { #expect(requests.count { $0.provider == provider && $0.verdict == "ok" } >= 3) }
    }

    /// Results of all kinds, texts that are longer than any limit, and a job that publishes and asks all it can.
    private static func write(to directory: TemporaryDirectory) throws {
        let texts = ["👨‍👩‍👧‍👦", "בדיקה נכשלה ", "e\u{301}", "plain "]
        let cases = texts.enumerated().map { index, text in
            """
            <testcase classname="c\(index)" name="\(String(repeating: text, count: 400))" file="tests/a\(index).py" line="7">
            <failure type="T" message="\(String(repeating: text, count: 400))">\(String(repeating: text + "\n", count: 2_500))
            </failure></testcase>
            """
        }
        let many = (1...200).map {
            "<testcase classname='c' name='t\($0)' file='a.py' line='\($0)' time='0.0\($0)'><failure message='no'/></testcase>"
        }
        try directory.write("<testsuite name='s'>\((cases + many).joined())</testsuite>", to: "report.xml")
        try directory.write("[ -e seen ] || { touch seen; exit 1; }\n", to: "check.sh")
        try directory.write(
            """
            version: 1
            publish: {files: [artifacts, packages, downloads, branch, gist]}
            suites:
              - {name: checks, runner: command, list: echo one, command: sh check.sh}
            """, to: "dt-ci.yml")
        try directory.write(
            """
            "$1" publish report.xml || exit
            "$1" run --quiet --retries 1 --fail-on-flaky
            [ $? = 6 ] || exit 9
            for topic in jobs tests artifacts flaky log restart; do "$1" build $topic; done
            exit 0
            """, to: "all.sh")
    }
}
