import CICore
import SystemPackage
import Testing

@testable import Orchestrator

@Suite struct ConfigurationReaderTests {
    private let runners: [RunnerID] = ["pytest", "go", "command"]

    private func read(_ text: String, overrides: [Override] = []) throws -> Configuration {
        let reader = ConfigurationReader(files: LocalFileSystem(), runners: runners)
        let settings = try reader.settings(from: Array(text.utf8), source: "dt-ci.yml", overrides: overrides)
        return try reader.configuration(of: settings, file: "/tmp/dt-ci.yml", root: "/tmp")
    }

    private func issues(_ text: String, overrides: [Override] = []) -> [String] {
        do {
            _ = try read(text, overrides: overrides)
            return []
        } catch let error as ConfigurationError {
            return error.issues.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    @Test func `a version and a suite are enough, the rest has defaults`() throws {
        let configuration = try read("version: 1\nsuites:\n  - name: unit\n    runner: pytest\n")
        #expect(configuration.suites == [Suite(name: "unit", runner: "pytest", workingDirectory: "/tmp")])
        #expect(configuration.run == RunSettings())
        #expect(configuration.storage.history == "sqlite:/tmp/.dt-ci/history.db")
        #expect(configuration.storage.results == "/tmp/.dt-ci")
        #expect(configuration.storage.quarantine == "/tmp/quarantine.yml")
    }

    @Test func `every key of a suite arrives`() throws {
        let suite = try #require(
            try read(
                """
                version: 1
                suites:
                  - name: all of it
                    runner: command
                    paths: tests
                    include: ["**/*_test.sh"]
                    exclude:
                      - slow/*
                    working-directory: .
                    env: {A: 1, B: "two", C: , D: 1.10, E: yes}
                    command: ./run.sh {{tests}}
                    list: [./list, --all]
                    units-per-batch: 4
                    timeout: 1h30m
                    retries: 2
                    slots: 3
                    granularity: test
                    serial: true
                    tags: [slow, nightly]
                """
            ).suites.first)
        #expect(
            suite.selection
                == .init(
                    paths: ["tests"], include: ["**/*_test.sh"], exclude: ["slow/*"], tags: ["slow", "nightly"]))
        #expect(suite.environment == ["A": "1", "B": "two", "C": "", "D": "1.10", "E": "yes"])
        #expect(suite.command == .init(run: .shell("./run.sh {{tests}}"), list: .arguments(["./list", "--all"])))
        #expect(
            suite.policy
                == .init(
                    granularity: .test, unitsPerBatch: 4, timeout: .seconds(5400), retries: 2, slots: 3, isSerial: true)
        )
    }

    @Test func `every key of the run arrives`() throws {
        let configuration = try read(
            """
            version: 1
            run:
              slots: 8
              fail-fast: 3
              timeout: 20m
              hang-timeout: 90
              order: random
              seed: 18446744073709551615
              fail-on-flaky: on
              empty: warn
              retry-budget: 20, 2.5%
            history: postgres://u:p@db/ci
            results: out
            quarantine: ci/quarantine.yml
            """)
        #expect(
            configuration.run
                == RunSettings(
                    slots: 8, failFast: 3, limits: .init(run: .seconds(1200), silence: .seconds(90)),
                    serving: .init(order: .random(seed: .max)), failsOnFlaky: true, empty: .warn,
                    retryBudget: .init(tests: 20, percent: 2.5)))
        #expect(
            configuration.storage
                == .init(
                    history: "postgres://u:p@db/ci", results: "/tmp/out", quarantine: "/tmp/ci/quarantine.yml"))
    }

    @Test(arguments: [
        ("auto", nil as Int?), ("1", 1), ("\"4\"", 4), ("~", nil),
    ])
    func `slots are a number or auto`(text: String, slots: Int?) throws {
        #expect(try read("version: 1\nrun:\n  slots: \(text)\n").run.slots == slots)
    }

    @Test(arguments: [("true", 1 as Int?), ("false", nil), ("7", 7)])
    func `fail-fast is a flag or a number`(text: String, count: Int?) throws {
        #expect(try read("version: 1\nrun: {fail-fast: \(text)}\n").run.failFast == count)
    }

    @Test(arguments: [
        ("100", 40, 100), ("100", 4000, 100), ("5%", 40, 2), ("5%", 1, 1), ("5%", 0, 0), ("10, 50%", 8, 4),
        ("10, 50%", 800, 10), ("unlimited", 7, Int.max), ("0", 9, 0),
    ])
    func `a retry budget allows`(text: String, tests: Int, allowed: Int) throws {
        let budget = try read("version: 1\nrun: {retry-budget: \"\(text)\"}\n").run.retryBudget
        #expect(budget.allowance(of: tests) == allowed)
        #expect(RunSettings.RetryBudget(text: budget.text) == budget)
    }

    @Test(arguments: [
        ("version: 1\nsuits: []\n", "dt-ci.yml:2:1: unknown key \"suits\" in dt-ci.yml; did you mean \"suites\"?"),
        (
            "version: 1\nrun:\n  Time_out: 5m\n",
            "dt-ci.yml:3:3: unknown key \"Time_out\" in run; did you mean \"timeout\"?"
        ),
        ("version: 1\nretries: 2\n", "dt-ci.yml:2:1: unknown key \"retries\" in dt-ci.yml; expected it in suites"),
        (
            "version: 1\nrun:\n  timeout: soon\n",
            "dt-ci.yml:3:12: found \"soon\"; expected a duration such as 90s, 1.5m or 1h30m, or none"
        ),
        (
            "version: 1\nrun:\n  timeout: 0s\n",
            "dt-ci.yml:3:12: found \"0s\"; expected a duration such as 90s, 1.5m or 1h30m, or none"
        ),
        (
            "version: 1\nrun:\n  order: longest-frist\n",
            "dt-ci.yml:3:10: found \"longest-frist\"; expected longest-first, listed, random, failed-first; "
                + "did you mean \"longest-first\"?"
        ),
        (
            "version: 1\nrun: [a]\n",
            "dt-ci.yml:2:6: found a list; expected a mapping with slots, fail-fast, timeout, hang-timeout, deadline, strategy, order, seed, "
                + "fail-on-flaky, empty, retry-budget"
        ),
        (
            "version: 1\nrun:\n  slots: -1\n",
            "dt-ci.yml:3:10: found \"-1\"; expected a whole number above zero, or auto"
        ),
        ("version: 2\n", "dt-ci.yml:1:10: found \"2\"; expected 1"),
        ("run: {}\n", "dt-ci.yml:1:1: \"version\" is missing; expected 1"),
        ("version:\n", "dt-ci.yml:1:1: \"version\" has no value; expected 1"),
        (
            "version: 1\nsuites:\n  - name: a\n    runner: pytset\n",
            "dt-ci.yml:4:13: unknown runner \"pytset\"; expected command, go, pytest; did you mean \"pytest\"?"
        ),
        (
            "version: 1\nsuites:\n  - name: a\n    runner: command\n",
            "dt-ci.yml:4:13: the runner \"command\" has no command; expected \"command:\" in this suite"
        ),
        (
            "version: 1\nsuites:\n  - {name: a, runner: go}\n  - {name: a, runner: go}\n",
            "dt-ci.yml:4:12: a second suite is called \"a\"; expected another name"
        ),
        (
            "version: 1\nsuites:\n  - {name: \"a::b\", runner: go}\n",
            "dt-ci.yml:3:12: found \"a::b\"; expected a name of at most 100 characters without \"::\", commas and "
                + "control characters"
        ),
        (
            "version: 1\nsuites:\n  - {name: a, runner: go, working-directory: /no/such/place}\n",
            "dt-ci.yml:3:46: \"/no/such/place\" is no directory; expected a directory relative to this file"
        ),
        (
            "version: 1\nsuites:\n  - {name: a, runner: go, env: [A]}\n",
            "dt-ci.yml:3:32: found a list; expected a mapping of variable names to values"
        ),
        (
            "version: 1\nsuites:\n  - {name: a, runner: go, env: {A=B: 1}}\n",
            "dt-ci.yml:3:33: a variable name that no process can have; expected a name without ="
        ),
        (
            "version: 1\nsuites:\n  - {name: a, runner: go, command: []}\n",
            "dt-ci.yml:3:36: found a list; expected at least one argument"
        ),
        ("version: 1\nsuites: {a: {runner: go}}\n", "dt-ci.yml:2:9: found a mapping; expected a list of mappings"),
        (
            "version: 1\nsuites: [go]\n",
            "dt-ci.yml:2:10: found \"go\"; expected a mapping with name, runner, paths, include, exclude, "
                + "working-directory, env, command, list, units-per-batch, timeout, retries, slots, granularity, "
                + "serial, tags, requires, after, setup, teardown, exclusive, rules"
        ),
        (
            "version: 1\nhistory: mysql://x\n",
            "dt-ci.yml:2:10: found \"mysql://x\"; expected a URL such as sqlite:.dt-ci/history.db"
        ),
    ])
    func `a mistake is told with its place, what was expected and the nearest word`(text: String, message: String) {
        #expect(issues(text) == [message])
    }

    @Test func `all mistakes of a file are told at once, in its order`() {
        let found = issues("version: 1\nrun:\n  slots: many\n  ordr: listed\nhistroy: x\n")
        #expect(found.map { $0.split(separator: ":")[1] } == ["3", "4", "5"])
    }

    @Test(arguments: [
        "", "\n\n", "# nothing\n", "~\n", "---\n",
    ])
    func `a file without content says what it needs`(text: String) {
        #expect(issues(text) == ["dt-ci.yml: the file is empty; expected \"version: 1\""])
    }

    @Test func `an override wins over the file and is named when it is wrong`() throws {
        let text = "version: 1\nrun: {slots: 2}\nsuites: [{name: a, runner: go}, {name: b, runner: go, retries: 3}]\n"
        let overrides = [
            Override(.run, "slots", "5", origin: .option("--slots")),
            Override(.suites, "retries", "1", origin: .environment("DTCI_RETRIES")),
            Override(.root, "results", "/elsewhere", origin: .option("--results")),
            Override(.suites, "tags", texts: ["slow", "net"], origin: .option("--tag")),
        ]
        let configuration = try read(text, overrides: overrides)
        #expect(configuration.run.slots == 5)
        #expect(configuration.suites.map(\.policy.retries) == [1, 1])
        #expect(configuration.storage.results == "/elsewhere")
        #expect(configuration.suites.map(\.selection.tags) == [["slow", "net"], ["slow", "net"]])
        #expect(
            issues(text, overrides: [Override(.run, "slots", "x", origin: .environment("DTCI_SLOTS"))]) == [
                "DTCI_SLOTS: found \"x\"; expected a whole number above zero, or auto"
            ])
    }

    @Test func `every value knows where it came from`() throws {
        let reader = ConfigurationReader(files: LocalFileSystem(), runners: runners)
        let settings = try reader.settings(
            from: Array("version: 1\nrun:\n  slots: 2\n".utf8), source: "dt-ci.yml",
            overrides: [Override(.run, "empty", "ok", origin: .option("--empty"))])
        let run = try #require(settings[RootKeys.run])
        #expect(run.origin(of: "slots").description == "dt-ci.yml:3")
        #expect(run.origin(of: "empty").description == "--empty")
        #expect(run.origin(of: "order").description == "default")
        #expect(run.shown(RunKeys.slots) == .text("2"))
    }

    @Test func `a file that cannot be read is a plain error`() {
        let reader = ConfigurationReader(files: LocalFileSystem(), runners: runners)
        #expect(throws: ConfigurationError.self) { try reader.settings(in: "/no/such/dt-ci.yml") }
    }
}
