import Foundation
import Testing

@testable import Simulator

/// `dt-ci doctor`, on this machine and as a job of simulated CI services, through the built binary and real HTTP.
struct DoctorCommandTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write(
            """
            version: 1
            suites:
              - {name: shell, runner: command, command: [sh, test.sh], list: echo one}
            """, to: "dt-ci.yml")
        try directory.write("touch ran\n", to: "test.sh")
    }

    /// What `--json` says.
    private struct Document: Decodable {
        var schema: String
        var works: Bool
        var exitCode: Int32
        var sections: [Section]

        struct Section: Decodable {
            var title: String
            var findings: [Finding]
        }

        struct Finding: Decodable {
            var level: String
            var subject: String
            var text: String
            var advice: String?
        }

        func finding(_ title: String, _ subject: String) -> Finding? {
            sections.first { $0.title == title }?.findings.first { $0.subject == subject }
        }
    }

    private func doctor(
        _ options: [String] = [], environment: [String: String] = [:]
    ) async throws -> (document: Document, output: DTCIBinary.Output) {
        let output = try await DTCIBinary(in: directory.url, environment: environment).run(
            ["doctor", "--json"] + options)
        let document = try JSONDecoder().decode(Document.self, from: Data(output.standardOutput.utf8))
        #expect(document.schema == "dt-ci/doctor/v1" && document.exitCode == output.exitCode)
        #expect(document.works == (output.exitCode == 0))
        return (document, output)
    }

    /// The document that `dt-ci doctor` writes within a simulated job.
    private func simulated(
        _ service: String, _ options: [String], command: [String] = ["dt-ci", "doctor", "--json"]
    ) async throws -> (document: Document, output: DTCIBinary.Output) {
        let output = try await DTCIBinary(in: directory.url).run(
            ["simulate", service, "--record", "records"] + options + ["--"] + command)
        let text = output.standardOutput
        let start = try #require(text.range(of: "{\n  \"schema\": \"dt-ci/doctor/v1\""), "\(output)")
        let end = try #require(text.range(of: "\n}\n", range: start.lowerBound..<text.endIndex))
        let document = try JSONDecoder().decode(Document.self, from: Data(text[start.lowerBound..<end.upperBound].utf8))
        #expect(!directory.exists("ran"))
        let records = try FileManager.default.contentsOfDirectory(atPath: directory.url.appending(path: "records").path)
        #expect(records.allSatisfy { $0.contains("-GET") || $0.contains("-HEAD") }, "\(records)")
        for secret in ["simulated-forge-token", "simulated-service-token", "simulated-job-token"] {
            #expect(!text.contains(secret) && !output.standardError.contains(secret))
        }
        return (document, output)
    }

    // MARK: In a CI service

    @Test(arguments: SimulatedService.all.map(\.id), ["pull_request", "push", "fork"])
    func `in every service it names the build and where each report goes, and writes nothing`(
        service: String, event: String
    ) async throws {
        let (document, output) = try await simulated(service, ["--event", event])
        #expect(output.exitCode == 0)
        #expect(document.sections.map(\.title) == ["Build", "Reports", "Tokens", "Network", "Runners", "Stores"])
        #expect(document.finding("Build", "CI service")?.text.contains(" (by ") == true)
        #expect(document.finding("Build", "commit")?.level == "ok" && document.finding("Build", "forge")?.level == "ok")
        #expect(document.finding("Network", "clock")?.level == "ok")
        let verdict = try #require(document.finding("Reports", "verdict"))
        let comment = try #require(document.finding("Reports", "comment"))
        if event != "fork" {
            #expect(["ok", "note"].contains(verdict.level), "\(verdict)")
            #expect(verdict.text.contains("octo"))
            #expect(comment.level == "ok")
            // GitLab's pipelines of branches list the merge requests that are open.
            let isAlone = event == "push" && service != "gitlab-ci"
            #expect(comment.text.contains(isAlone ? "no pull request" : "pull request 12"))
        }
        #expect(document.finding("Stores", "history")?.advice?.contains("cache") == true)
    }

    @Test(arguments: SimulatedService.all.map(\.id), ["pull_request", "fork"])
    func `what it says of the reports is what publishing then does`(service: String, event: String) async throws {
        try directory.write("<testsuite><testcase name='a' classname='b'/></testsuite>", to: "report.xml")
        let binary = try DTCIBinary.executable().path
        let output = try await DTCIBinary(in: directory.url).run(
            "simulate", service, "--event", event, "--", "sh", "-c",
            "\(binary) doctor --json >said.json; \(binary) publish report.xml 2>&1")
        let document = try JSONDecoder().decode(Document.self, from: Data(try directory.text("said.json").utf8))
        let lines = output.standardOutput
        for subject in ["verdict", "comment", "report", "test run", "build text"] {
            guard let finding = document.finding("Reports", subject) else { continue }
            // What only the first post shows may well be refused to a fork.
            if event == "fork", finding.text.contains("only the first post shows") { continue }
            for name in ["check run", "commit status", "Code Insights report", "comment", "test run"] {
                // The first words are the place that would be used.
                guard finding.text.hasPrefix("\(name) ") else { continue }
                #expect(lines.contains("\(name): posted"), "\(finding) \(lines)")
            }
            if finding.level == "problem" { #expect(lines.contains("not posted"), "\(finding) \(lines)") }
        }
    }

    @Test func `a fork's token is said to only read, with the one thing to do`() async throws {
        let (document, output) = try await simulated("github-actions", ["--event", "fork"])
        #expect(output.exitCode == 0)
        let verdict = try #require(document.finding("Reports", "verdict"))
        #expect(
            verdict.level == "problem" && verdict.text.hasPrefix("job summary only, not check run or commit status"))
        #expect(verdict.advice?.contains("workflow_run") == true)
        let token = try #require(document.finding("Tokens", "GITHUB_TOKEN"))
        #expect(token.text.contains("may not post") && token.level == "problem")
    }

    @Test(arguments: [
        "rate-limit=1", "secondary-limit=1", "server-error=all", "slow=1", "reset=all", "truncated=all", "html=all",
    ]) func `a bad day of the API is told and does not end it`(fault: String) async throws {
        let (document, output) = try await simulated(
            "github-actions", ["--event", "pull_request", "--fault", fault],
            command: ["dt-ci", "doctor", "--json", "--within", "8s"])
        #expect(output.exitCode == 0)
        #expect(document.sections.count == 6)
        if fault.hasSuffix("=all") {
            let token = try #require(document.finding("Tokens", "GITHUB_TOKEN"))
            #expect(token.level == "problem" && token.text.contains("could not be asked"), "\(token)")
        }
    }

    @Test(arguments: [
        ("github-actions", "GITHUB_TOKEN"), ("gitlab-ci", "GITLAB_TOKEN"), ("bitbucket-pipelines", "BITBUCKET_TOKEN"),
        ("azure-pipelines", "SYSTEM_ACCESSTOKEN"),
    ]) func `a token that is not accepted is named and not shown`(service: String, variable: String) async throws {
        let line = "\(variable)=revoked-abcdef \(try DTCIBinary.executable().path) doctor --json"
        let (document, output) = try await simulated(
            service, ["--event", "pull_request"], command: ["sh", "-c", line])
        let token = try #require(document.finding("Tokens", variable))
        #expect(token.level == "problem" && token.text.contains("not accepted"), "\(token)")
        #expect(token.advice?.contains(variable) == true)
        #expect(document.finding("Reports", "comment")?.level == "problem")
        #expect(!output.standardOutput.contains("revoked-abcdef") && output.exitCode == 0)
    }

    @Test func `offline it asks nobody`() async throws {
        let (document, _) = try await simulated(
            "github-actions", ["--event", "pull_request"], command: ["dt-ci", "doctor", "--json", "--offline"])
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: directory.url.appending(path: "records").path).isEmpty)
        #expect(document.finding("Tokens", "tokens")?.text.contains("--offline") == true)
    }

    // MARK: Network

    @Test func `a host that does not resolve is told with what to do, within its time`() async throws {
        let environment = ["GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "octo/a", "GITHUB_TOKEN": "ghs_abcdefgh"]
        let (document, output) = try await doctor(
            ["--forge-api-url", "https://nowhere.invalid", "--within", "8s"], environment: environment)
        #expect(output.exitCode == 0 && !output.standardOutput.contains("ghs_abcdefgh"))
        let finding = try #require(document.finding("Network", "GitHub"))
        #expect(finding.level == "problem" && finding.text.contains("nowhere.invalid") && finding.advice != nil)
    }

    @Test func `proxy and certificates are told without credentials`() async throws {
        try directory.write("no certificate\n", to: "ca.pem")
        let environment = [
            "GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "octo/a",
            "HTTPS_PROXY": "http://me:hunter22@127.0.0.1:9",
            "SSL_CERT_FILE": directory.url.appending(path: "ca.pem").path,
        ]
        let (document, output) = try await doctor(["--offline"], environment: environment)
        #expect(
            document.finding("Network", "proxy")?.text
                == "http://127.0.0.1:9 (with credentials) on the way to the forge (by HTTPS_PROXY)")
        #expect(document.finding("Network", "certificates")?.level == "problem")
        #expect(!output.standardOutput.contains("hunter22"))
        let (exempt, _) = try await doctor(
            ["--offline"], environment: environment.merging(["NO_PROXY": "github.com"]) { $1 })
        #expect(exempt.finding("Network", "proxy")?.text.contains("github.com in NO_PROXY") == true)
    }

    @Test(arguments: [(-3600, "problem", "1 h 00 m ahead of"), (60, "note", "behind")])
    func `a clock that is off is told`(shift: Int, level: String, words: String) async throws {
        try directory.write(
            """
            import http.server, time
            class Handler(http.server.BaseHTTPRequestHandler):
                def date_time_string(self, timestamp=None):
                    return super().date_time_string(time.time() + \(shift))
                def do_GET(self):
                    self.send_response(200)
                    self.end_headers()
                def log_message(self, *rest): pass
            server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
            print(server.server_port, flush=True)
            server.serve_forever()
            """, to: "server.py")
        let line = """
            mkfifo port; python3 server.py >port & server=$!; read -r port <port
            GITHUB_ACTIONS=true GITHUB_REPOSITORY=octo/a dt-ci doctor --json --forge-api-url http://127.0.0.1:$port
            code=$?; kill -9 $server; wait $server 2>/dev/null; exit $code
            """
        let output = try await DTCIBinary(in: directory.url).paste(line)
        let document = try JSONDecoder().decode(Document.self, from: Data(output.standardOutput.utf8))
        let clock = try #require(document.finding("Network", "clock"))
        #expect(clock.level == level && clock.text.contains(words) && clock.advice?.contains("NTP") == true)
        #expect(output.exitCode == 0)
    }

    // MARK: Runners and stores

    @Test func `a missing runner ends it with 3, a hanging one does not hold it up, and garbage is a finding`()
        async throws
    {
        for (name, line) in [
            ("bats", "exec /bin/sleep 100"), ("rspec", "/usr/bin/head -c 3000 /dev/urandom"),
            ("phpunit", "echo PHPUnit 9.6.7; echo $MY_TOKEN"),
            ("prove", "echo bad $MY_TOKEN >&2; exit 4"),
        ] { try directory.write("#!/bin/sh\n\(line)\n", to: "bin/\(name)") }
        #expect(try await DTCIBinary(in: directory.url).paste("chmod +x bin/*").exitCode == 0)
        try directory.write(
            """
            version: 1
            suites:
              - {name: hanging, runner: bats}
              - {name: garbage, runner: rspec}
              - {name: fine, runner: phpunit}
              - {name: failing, runner: prove}
              - {name: missing, runner: gotestsum}
              - {name: own, runner: bats, command: [nosuchbats]}
            """, to: "dt-ci.yml")
        let (document, output) = try await doctor(
            ["--within", "2s"],
            environment: [
                "PATH": directory.url.appending(path: "bin").path, "MY_TOKEN": "abcdefgh12345",
            ])
        #expect(output.exitCode == 3)
        let level = { (name: String) in document.finding("Runners", name)?.level }
        #expect(level("hanging") == "problem" && level("fine") == "ok")
        #expect(level("failing") == "broken" && level("own") == "broken" && level("missing") == "broken")
        #expect(["note", "ok", "broken"].contains(level("garbage")))
        #expect(document.finding("Runners", "missing")?.advice?.contains("install") == true)
        #expect(document.finding("Runners", "own")?.advice?.contains("command:") == true)
        #expect(!output.standardOutput.contains("abcdefgh12345"))
    }

    @Test func `a configuration with mistakes ends it with 2, and all else is still told`() async throws {
        try directory.write("version: 1\nsuites:\n  - {name: a, runer: bats}\n", to: "dt-ci.yml")
        let (document, output) = try await doctor(["--offline"])
        #expect(output.exitCode == 2)
        #expect(document.finding("Runners", "configuration")?.text.contains("runer") == true)
        #expect(document.finding("Build", "CI service") != nil && document.finding("Network", "libcurl") != nil)
        let empty = try TemporaryDirectory()
        let nothing = try await DTCIBinary(in: empty.url).run("doctor", "--offline")
        #expect(nothing.exitCode == 2 && nothing.standardOutput.contains("dt-ci init"))
    }

    @Test(arguments: [
        (["--history", "sqlite:test.sh/history.db"], "history", "problem"),
        (["--history", "postgres://me:pw12345@db/x"], "history", "problem"),
        (["--history", "sqlite:test.sh"], "history", "problem"),
        (["--results", "test.sh/results"], "results", "problem"),
        (["--quarantine", "test.sh"], "quarantine", "broken"),
    ]) func `a store that cannot be used is told`(options: [String], subject: String, level: String) async throws {
        let (document, output) = try await doctor(["--offline"] + options)
        let finding = try #require(document.finding("Stores", subject))
        #expect(finding.level == level && finding.advice != nil, "\(finding)")
        #expect(output.exitCode == (level == "broken" ? 2 : 0) && !output.standardOutput.contains("pw12345"))
    }

    @Test func `a history that is there is told by its size, and looking leaves nothing behind`() async throws {
        let (before, _) = try await doctor(["--offline"])
        #expect(before.finding("Stores", "history")?.text == "none yet; the first run writes .dt-ci/history.db")
        #expect(!directory.exists(".dt-ci") && !directory.exists("ran"))
        #expect(try await DTCIBinary(in: directory.url).run("run", "--quiet").exitCode == 0)
        let (after, _) = try await doctor(["--offline"])
        #expect(after.finding("Stores", "history")?.text.contains("1 run of 1 test") == true)
        #expect(after.finding("Stores", "history")?.text.contains("schema 3") == true)
    }

    @Test func `quiet says nothing where nothing is to be mended`() async throws {
        let output = try await DTCIBinary(in: directory.url).run("doctor", "--offline", "--quiet")
        #expect(output.exitCode == 0 && output.standardOutput.isEmpty && output.standardError.isEmpty)
        let colored = try await DTCIBinary(in: directory.url).run("doctor", "--offline")
        #expect(!colored.standardOutput.contains("\u{1B}") && colored.standardOutput.contains("✔ dt-ci run would work"))
        #expect(try await DTCIBinary(in: directory.url).run("doctor", "--within", "soon").exitCode == 2)
    }
}
