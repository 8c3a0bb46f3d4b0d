import Foundation
import Testing

@Suite struct ConfigCommandTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> DTCIBinary.Output {
        try await DTCIBinary(in: directory.url, environment: environment).run(arguments)
    }

    @Test func `check tells every mistake with its place and ends with 2`() async throws {
        try directory.write("version: 1\nsuits: []\nrun:\n  tiemout: 3\n", to: "dt-ci.yml")
        let output = try await run("config", "check")
        #expect(output.exitCode == 2)
        #expect(output.standardOutput == "")
        #expect(
            output.standardError == """
                error: dt-ci.yml:2:1: unknown key "suits" in dt-ci.yml; did you mean "suites"?
                dt-ci.yml:4:3: unknown key "tiemout" in run; did you mean "timeout"?

                """)
    }

    @Test func `check without a file says what it assumed`() async throws {
        let output = try await run("config", "check")
        #expect(output.exitCode == 0)
        #expect(output.lines.first == "no dt-ci.yml: 0 suites")
    }

    @Test func `check reads the quarantine too`() async throws {
        try directory.write("version: 1\n", to: "dt-ci.yml")
        try directory.write("version: 1\nquarantine: [{test: a}]\n", to: "quarantine.yml")
        let output = try await run("config", "check")
        #expect(output.exitCode == 2)
        #expect(output.standardError.contains("quarantine.yml:2:14: \"owner\" is missing"))
    }

    @Test func `a named file that is not there is an error`() async throws {
        let output = try await run("config", "check", "--config", "ci/dt-ci.yml")
        #expect(output.exitCode == 2)
        #expect(output.standardError == "error: ci/dt-ci.yml: there is no such file\n")
    }

    @Test func `dt-ci.yaml is not read silently past`() async throws {
        try directory.write("version: 1\n", to: "dt-ci.yaml")
        let output = try await run("config", "check")
        #expect(output.exitCode == 2)
        #expect(output.standardError == "error: dt-ci.yaml: this name is not read; expected dt-ci.yml\n")
    }

    @Test func `options win over variables, variables over the file, the file over defaults`() async throws {
        try directory.write("version: 1\nrun:\n  slots: 2\n  order: listed\n  empty: ok\n", to: "dt-ci.yml")
        let output = try await run(
            "config", "show", "--slots", "5", environment: ["DTCI_SLOTS": "4", "DTCI_ORDER": "random"])
        #expect(output.exitCode == 0)
        let rows = output.lines.map { $0.split(separator: " ", omittingEmptySubsequences: true).map(String.init) }
        #expect(rows.contains(["run.slots", "5", "--slots"]))
        #expect(rows.contains(["run.order", "random", "DTCI_ORDER"]))
        #expect(rows.contains(["run.empty", "ok", "dt-ci.yml:5"]))
        #expect(rows.contains(["run.timeout", "none", "default"]))
    }

    @Test func `show as JSON carries its schema`() async throws {
        let output = try await run("config", "show", "--json")
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8)) as? [String: Any])
        #expect(document["schema"] as? String == "dt-ci/configuration/v1")
        let settings = try #require(document["settings"] as? [[String: Any]])
        #expect(settings.contains { $0["key"] as? String == "run.slots" && $0["source"] as? String == "default" })
    }

    @Test func `values that look secret are not shown`() async throws {
        try directory.write(
            """
            version: 1
            history: postgres://me:hunter2@db/ci
            suites: [{name: a, runner: command, command: "true", env: {API_TOKEN: abc123, MODE: fast}}]
            """, to: "dt-ci.yml")
        let output = try await run("config", "show")
        #expect(output.exitCode == 0)
        #expect(!output.standardOutput.contains("hunter2"))
        #expect(!output.standardOutput.contains("abc123"))
        #expect(output.standardOutput.contains("MODE=fast"))
    }

    @Test func `only named suites are kept, and a wrong name is told`() async throws {
        try directory.write(
            """
            version: 1
            suites:
              - {name: unit, runner: command, command: "true"}
              - {name: e2e, runner: command, command: "true"}
            """, to: "dt-ci.yml")
        let kept = try await run("config", "check", "--suite", "e2e")
        #expect(kept.lines == ["dt-ci.yml: 1 suite", "  e2e  command"])
        let wrong = try await run("config", "check", environment: ["DTCI_SUITE": "unti"])
        #expect(wrong.exitCode == 2)
        #expect(
            wrong.standardError
                == "error: --suite: no suite is called \"unti\"; expected unit, e2e; did you mean \"unit\"?\n")
    }

    @Test func `a wrong variable is named in the error`() async throws {
        let output = try await run("config", "show", environment: ["DTCI_SLOTS": "many"])
        #expect(output.exitCode == 2)
        #expect(
            output.standardError
                == "error: DTCI_SLOTS: found \"many\"; expected a whole number above zero, or auto\n")
    }

    @Test func `the schema is JSON and knows every key`() async throws {
        let output = try await run("config", "schema")
        let schema = try #require(
            JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8)) as? [String: Any])
        #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        let properties = try #require(schema["properties"] as? [String: [String: Any]])
        #expect(
            Set(properties.keys) == [
                "version", "suites", "groups", "semaphores", "run", "fan-out", "hardware", "report", "publish", "badge",
                "forge", "artifacts", "history", "results", "quarantine", "baseline", "memory",
            ])
        #expect(properties.values.allSatisfy { ($0["description"] as? String)?.isEmpty == false })
        let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
        let references = output.standardOutput.matches(of: /"#\/\$defs\/([^"]+)"/).map { String($0.1) }
        #expect(Set(references) == Set(definitions.keys), "every mapping that is named is described, and no other")
        let run = try #require(definitions["run"]?["properties"] as? [String: [String: Any]])
        #expect(run["fail-on-flaky"]?["default"] as? Bool == false)
        #expect(definitions["suites"]?["required"] as? [String] == ["name", "runner"])
    }
}
