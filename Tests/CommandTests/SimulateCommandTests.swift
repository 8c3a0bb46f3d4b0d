import Foundation
import Testing

@testable import Simulator

/// `dt-ci simulate` as a user starts it.
struct SimulateCommandTests {
    private let directory: TemporaryDirectory
    private let binary: DTCIBinary

    init() throws {
        directory = try TemporaryDirectory()
        binary = DTCIBinary(in: directory.url)
        try directory.write(
            """
            version: 1
            suites:
              - name: shell
                runner: command
                command: [sh, test.sh, "{{tests}}"]
                list: printf 'a\\nb\\nc\\nd\\ne\\n'
                units-per-batch: 1
            """, to: "dt-ci.yml")
        try directory.write("test $1 != b\n", to: "test.sh")
    }

    private func simulate(_ arguments: String...) async throws -> (document: [String: Any], output: DTCIBinary.Output) {
        let output = try await binary.run(["simulate"] + arguments)
        let json = try JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8))
        return (try #require(json as? [String: Any]), output)
    }

    @Test(arguments: SimulatedService.all.map(\.id)) func `every service shows one comment and what failed`(
        service: String
    ) async throws {
        let (document, output) = try await simulate(
            service, "--event", "pull_request", "--json", "--", "dt-ci", "run")
        #expect(output.exitCode == 1)
        #expect(document["exitCode"] as? Int == 1)
        let comments = try #require(document["comments"] as? [[String: Any]])
        // A fork's or a tag's build has none; a pull request's has exactly one.
        #expect(comments.count == 1, "\(output.standardError)")
        #expect((comments.first?["markdown"] as? String)?.contains("shell › b") == true)
        #expect(!output.standardOutput.contains("simulated-forge-token"))
        #expect(!output.standardError.contains("is no option of dt-ci"))
    }

    @Test(arguments: SimulatedService.all.map(\.id)) func `a fork's build is as red as any, and posts no comment`(
        service: String
    ) async throws {
        let (document, output) = try await simulate(service, "--event", "fork", "--json", "--", "dt-ci", "run")
        #expect(output.exitCode == 1)
        #expect((document["comments"] as? [Any])?.isEmpty == true)
    }

    @Test(arguments: [
        "rate-limit", "secondary-limit", "server-error", "slow", "reset", "lost-answer:*comments*", "truncated", "html",
        "too-large", "fork-token",
    ]) func `a fault leaves the exit code, and never a second comment`(fault: String) async throws {
        let (document, output) = try await simulate(
            "github-actions", "--event", "pull_request", "--json", "--fault", fault, "--", "dt-ci", "run")
        #expect(output.exitCode == 1)
        let comments = try #require(document["comments"] as? [Any])
        #expect(comments.count <= 1)
        if !["too-large", "fork-token"].contains(fault) { #expect(comments.count == 1, "\(output.standardError)") }
    }

    @Test func `the exit code is the command's, and its variables are the service's`() async throws {
        let output = try await binary.run(
            "simulate", "gitlab-ci", "--event", "tag", "--node", "2/4", "--", "sh", "-c",
            "echo $CI_COMMIT_TAG $CI_NODE_INDEX/$CI_NODE_TOTAL; exit 42")
        #expect(output.exitCode == 42)
        #expect(output.lines.first == "v1.4.0 3/4")
        let killed = try await binary.run("simulate", "jenkins", "--", "sh", "-c", "kill -9 $$")
        #expect(killed.exitCode == 137)
    }

    @Test func `modes run a sample, what is configured, or all to the end`() async throws {
        let quick = try await binary.run("simulate", "travis-ci", "--mode", "quick", "--", "dt-ci", "run")
        #expect(quick.standardOutput.contains("discovered 3 = ran 3"))
        let standard = try await binary.run("simulate", "travis-ci", "--", "dt-ci", "run", "--fail-fast", "1")
        #expect(!standard.standardOutput.contains("ran 5"))
        let variables = try await binary.run(
            "simulate", "travis-ci", "--mode", "full", "--", "sh", "-c", "echo $DTCI_FAIL_FAST $DTCI_TIMEOUT")
        #expect(variables.lines.first == "false none")
        let full = try await binary.run("simulate", "travis-ci", "--mode", "full", "--", "dt-ci", "run")
        #expect(full.standardOutput.contains("discovered 5 = ran 5"))
    }

    @Test func `the page and the records have everything but tokens`() async throws {
        let output = try await binary.run(
            "simulate", "github-actions", "--event", "pull_request", "--html", "page.html", "--record", "records",
            "--", "dt-ci", "run")
        #expect(output.exitCode == 1)
        let page = try directory.text("page.html")
        #expect(page.contains("commented on") && page.contains("shell › b") && page.contains("</html>"))
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.url.appending(path: "records").path)
        #expect(names.contains { $0.hasSuffix("github-POST.json") })
        for name in names {
            let text = try directory.text("records/\(name)")
            #expect(text.contains("\"schema\": \"dt-ci/exchange/v1\"") && !text.contains("simulated-forge-token"))
        }
    }

    @Test func `a signal reaches the command`() async throws {
        let milestone = Milestone(in: directory, named: "milestone")
        let running = try RunningBinary(
            binary, "simulate", "circleci", "--", "sh", "-c",
            "trap 'exit 9' TERM; echo $$ > milestone; while :; do sleep 0.1; done")
        let child = try #require(Int32(try await milestone.reached()))
        running.signal(SIGTERM)
        let output = try await running.end()
        #expect(output.exitCode == 9)
        #expect(await areGone([child], within: .seconds(5)))
    }

    @Test(arguments: [
        (["gitlab"], "no CI service"), (["jenkins", "--event", "merge_queue"], "no event"), (["jenkins"], "no command"),
        (["gitlab-ci", "--forge", "github"], "builds no code"), (["jenkins", "--fault", "bug"], "fault"),
        (["jenkins", "--node", "4/4"], "node"),
    ]) func `what makes no sense is refused`(arguments: [String], words: String) async throws {
        let hasCommand = words != "no command"
        let output = try await binary.run(["simulate"] + arguments + (hasCommand ? ["--", "true"] : []))
        #expect(output.exitCode == 2)
        #expect(output.standardError.contains(words))
    }

    @Test func `a command that is not there is an error of its own`() async throws {
        let output = try await binary.run("simulate", "jenkins", "--", "no-such-command")
        #expect(output.exitCode == 4)
        #expect(output.standardError.contains("no-such-command"))
    }
}
