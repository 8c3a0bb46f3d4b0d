import Foundation
import Testing

@Suite struct BadgeCommandTests {
    private let home: TemporaryDirectory

    init() throws {
        home = try TemporaryDirectory()
        try home.write(
            """
            <testsuite name='s'><testcase name='a'/><testcase name='b'/>
            <testcase name='c'><failure message='why'/></testcase></testsuite>
            """, to: "junit.xml")
        try home.write("SF:a.c\nDA:1,1\nDA:2,1\nDA:3,0\nend_of_record\n", to: "lcov.info")
        try home.write("<svg viewBox='0 0 2 1'><script>alert(1)</script><path d='M0 0'/></svg>", to: "logo.svg")
    }

    private func badge(_ arguments: String...) async throws -> DTCIBinary.Output {
        try await DTCIBinary(in: home.url).run(["badge"] + arguments)
    }

    @Test(arguments: [
        (["status"], "build: failing"), (["tests"], "tests: 2 passed, 1 failed"), (["flaky"], "flaky: none"),
        (["tests", "--label", "unit"], "unit: 2 passed, 1 failed"),
    ])
    func `a badge says what reports tell`(arguments: [String], words: String) async throws {
        let output = try await DTCIBinary(in: home.url).run(["badge", "--report", "junit.xml"] + arguments)
        #expect(output.exitCode == 0)
        #expect(output.standardOutput.contains("<title>\(words)</title>"))
    }

    @Test func `coverage comes from a report`() async throws {
        let output = try await badge("coverage", "--coverage", "lcov.info", "--json")
        #expect(
            output.standardOutput
                == #"{"schemaVersion":1,"label":"coverage","message":"66%","color":"red"}"# + "\n")
    }

    @Test func `an endpoint badge that was written is drawn again, with its logo`() async throws {
        let look = ["--label", "a", "--message", "b", "--color", "blue", "--logo", "logo.svg", "--style", "social"]
        let drawn = try await DTCIBinary(in: home.url).run(["badge"] + look)
        let json = try await DTCIBinary(in: home.url).run(["badge", "--json", "--output", "b.json"] + look)
        #expect(json.exitCode == 0)
        #expect(json.standardOutput.isEmpty)
        #expect(try !home.text("b.json").contains("alert"))
        let again = try await badge("--from", "b.json")
        #expect(again.standardOutput == drawn.standardOutput)
        #expect(drawn.standardOutput.contains("width=\"28\" height=\"14\" href=\"data:image/svg+xml;base64,"))
    }

    @Test(arguments: [
        (["tests"], "there are no results in"), (["coverage"], "needs the report"), ([], "what to say is missing"),
        (["tests", "--from", "b.json"], "exclude each other"),
        (["--message", "x", "--color", "nope"], "--color is \"nope\""),
        (["--message", "x", "--link", "javascript:alert(1)"], "expected an http: or https: address"),
        (["--message", "x", "--logo", "junit.xml"], "junit.xml cannot be a logo: its root element is not <svg>"),
        (["--from", "junit.xml"], "junit.xml is no endpoint badge: it is not a JSON object"),
        (["coverage", "--coverage", "junit.xml"], "junit.xml: not a coverage report"),
        (["--message", "x", "--logo", "gone.svg"], "cannot read"),
    ])
    func `what cannot be drawn is said in a sentence`(arguments: [String], sentence: String) async throws {
        let output = try await DTCIBinary(in: home.url).run(["badge"] + arguments)
        #expect(output.exitCode == 2)
        #expect(output.standardError.contains(sentence), "\(output.standardError)")
        #expect(output.standardOutput.isEmpty)
    }

    @Test(arguments: [
        ("gitlab-ci", ["branch", "packages", "project-badge"]), ("github-actions", ["branch", "gist", "artifacts"]),
        ("azure-pipelines", ["branch"]), ("bitbucket-pipelines", ["downloads"]),
    ])
    func `a badge is put where a forge keeps files`(service: String, places: [String]) async throws {
        let binary = DTCIBinary(in: home.url)
        let executable = try DTCIBinary.executable().path
        let badge =
            ["env", "DTCI_GIST=aa5a315d61ae9438b18d", executable, "badge", "tests", "--report", "junit.xml"]
            + places.flatMap { ["--place", $0] }
        let output = try await binary.run(
            ["simulate", service, "--event", "push", "--"] + badge, input: "")
        #expect(output.exitCode == 0, "\(output)")
        for place in places {
            #expect((output.standardOutput + output.standardError).contains("\(place): tests.svg: posted"), "\(output)")
        }
    }

    @Test func `a fork's pull request changes no badge, and a place that is not there is a line`() async throws {
        let binary = DTCIBinary(in: home.url)
        let badge = ["dt-ci", "badge", "--message", "x", "--place"]
        let fork = try await binary.run(
            ["simulate", "github-actions", "--event", "fork", "--"] + badge + ["branch"])
        #expect(fork.exitCode == 0, "\(fork)")
        #expect((fork.standardOutput + fork.standardError).contains("a fork's badge is not the project's"), "\(fork)")
        let nowhere = try await binary.run(
            ["simulate", "github-actions", "--event", "push", "--"] + badge + ["downloads"])
        #expect(nowhere.exitCode == 0, "\(nowhere)")
        #expect(
            (nowhere.standardOutput + nowhere.standardError).contains("neither this forge nor this CI service"),
            "\(nowhere)")
    }
}
