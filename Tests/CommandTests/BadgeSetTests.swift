import Foundation
import Testing

/// The badges of the configuration, through the built binary and against the simulator.
@Suite struct BadgeSetTests {
    private let home: TemporaryDirectory

    init() throws {
        home = try TemporaryDirectory()
        try home.write("exit 0\n", to: "check.sh")
        try home.write("SF:a.c\nDA:1,1\nDA:2,0\nend_of_record\n", to: "lcov.info")
        try configure("place: branch")
    }

    private func configure(_ more: String, badges: String = "") throws {
        try home.write(
            """
            version: 1
            suites:
              - {name: unit, runner: command, list: echo one, command: [sh, check.sh, "{{tests}}"]}
            badge:
              \(more)
              badges:
                - fact: status
                - fact: coverage
                  coverage: lcov.info
                - {fact: tests, file: tests.json}
                \(badges)
            """, to: "dt-ci.yml")
    }

    private func simulated(_ service: String, _ event: String, _ step: String...) async throws -> DTCIBinary.Output {
        try await DTCIBinary(in: home.url).run(["simulate", service, "--event", event, "--"] + step)
    }

    @Test func `a run leaves its badges in a directory, and outside of a CI service nowhere else`() async throws {
        let output = try await DTCIBinary(in: home.url).run("run")
        #expect(output.exitCode == 0, "\(output)")
        #expect(try home.text(".dt-ci/badges/status.svg").contains("<title>build: passing</title>"))
        #expect(try home.text(".dt-ci/badges/coverage.svg").contains("<title>coverage: 50%</title>"))
        #expect(try home.text(".dt-ci/badges/tests.json").contains(#""message":"1 passed""#))
        #expect(!output.standardError.contains("branch"))
    }

    @Test(arguments: ["github-actions", "gitlab-ci", "azure-pipelines"])
    func `a run of the default branch commits its badges to their branch`(service: String) async throws {
        try configure("place: branch\n  branches: '*'")
        let output = try await simulated(service, "push", "dt-ci", "run")
        let text = output.standardOutput + output.standardError
        #expect(output.exitCode == 0, "\(output)")
        for name in ["status.svg", "coverage.svg", "tests.json"] {
            #expect(text.contains("branch: \(name): posted"), "\(text)")
        }
        #expect(text.contains("Branch badges"), "\(text)")
    }

    @Test func `another branch and a pull request leave the places alone and say so`() async throws {
        let push = try await simulated("github-actions", "push", "dt-ci", "run")
        #expect((push.standardOutput + push.standardError).contains("badges: left as they are by branch"), "\(push)")
        let pull = try await simulated("github-actions", "pull_request", "dt-ci", "run")
        #expect(
            (pull.standardOutput + pull.standardError).contains("badges: left as they are by a pull request"), "\(pull)"
        )
        #expect(try home.text(".dt-ci/badges/status.svg").contains("passing"))
    }

    @Test func `a place that is refused is a line and no verdict, however strict`() async throws {
        try configure("place: downloads\n  branches: '*'\npublish: {strict: true}\nunused:")
        try home.write(
            try home.text("dt-ci.yml").replacingOccurrences(
                of: "publish: {strict: true}\nunused:", with: ""
            ) + "\npublish: {strict: true}\n", to: "dt-ci.yml")
        let output = try await simulated("github-actions", "push", "dt-ci", "run")
        #expect(output.exitCode == 0, "\(output)")
        #expect(
            (output.standardOutput + output.standardError).contains("downloads: not posted: neither this forge"),
            "\(output)")
    }

    @Test func `a badge that cannot be drawn leaves the others, the verdict and its older self`() async throws {
        try configure("place: branch", badges: "- {fact: coverage, coverage: gone.xml, file: gone.svg}")
        try home.write("older", to: ".dt-ci/badges/gone.svg")
        let output = try await DTCIBinary(in: home.url).run("run")
        #expect(output.exitCode == 0, "\(output)")
        #expect(output.standardError.contains("warning: badge gone.svg: "), "\(output)")
        #expect(try home.text(".dt-ci/badges/gone.svg") == "older")
        #expect(home.exists(".dt-ci/badges/status.svg"))
    }

    @Test func `a run of some tests, and one that failed to be whole, leaves badges alone`() async throws {
        let output = try await DTCIBinary(in: home.url).run("run", "--only", "*one*")
        #expect(output.exitCode == 0, "\(output)")
        #expect(!home.exists(".dt-ci/badges/status.svg"))
    }

    @Test func `badge without a fact draws all of the last run, elsewhere if asked`() async throws {
        let binary = DTCIBinary(in: home.url)
        _ = try await binary.run("run", "--quiet")
        let output = try await binary.run("badge", "--output", "public")
        #expect(output.exitCode == 0, "\(output)")
        #expect(try home.text("public/status.svg") == home.text(".dt-ci/badges/status.svg"))
        let place = try await simulated("github-actions", "push", "dt-ci", "badge", "--all", "--place", "branch")
        #expect((place.standardOutput + place.standardError).contains("branch: tests.json: posted"), "\(place)")
        let fork = try await simulated("github-actions", "fork", "dt-ci", "badge", "--all", "--place", "branch")
        #expect(
            (fork.standardOutput + fork.standardError).contains("a fork's badge is not the project's"), "\(fork)")
    }

    @Test(arguments: [
        (["--all", "tests"], "exclude each other"), (["--all", "--style", "flat"], "stands in dt-ci.yml"),
    ])
    func `what --all cannot take is said`(arguments: [String], sentence: String) async throws {
        let output = try await DTCIBinary(in: home.url).run(["badge"] + arguments)
        #expect(output.exitCode == 2)
        #expect(output.standardError.contains(sentence), "\(output.standardError)")
    }
}
