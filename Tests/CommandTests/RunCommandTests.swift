import Foundation
import Testing

/// The main job through the built binary, with real processes.
struct RunCommandTests {
    private let directory: TemporaryDirectory
    private let binary: DTCIBinary

    init() throws {
        directory = try TemporaryDirectory()
        binary = DTCIBinary(in: directory.url)
    }

    /// A suite of the `command` runner: `script` is run by `sh` with one unit as `$1`.
    private func configure(units: [String], script: String, suite: String = "", more: String = "") throws {
        try directory.write(script, to: "test.sh")
        try directory.write(units.joined(separator: "\n") + "\n", to: "units.txt")
        try directory.write(
            """
            version: 1
            suites:
              - name: shell
                runner: command
                command: [sh, test.sh, "{{tests}}"]
                list: cat units.txt
                units-per-batch: 1
            \(suite.isEmpty ? "" : "    \(suite)\n")\(more)
            """, to: "dt-ci.yml")
    }

    private func results() throws -> [String: Any] {
        let data = Data(try directory.text(".dt-ci/results.json").utf8)
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func completeness() throws -> [String: Any] {
        try #require(results()["completeness"] as? [String: Any])
    }

    // MARK: Verdicts

    @Test func `a run that passes leaves its results and says so`() async throws {
        try configure(units: ["one", "two", "three"], script: "exit 0")
        let output = try await binary.run("run")
        #expect(output.exitCode == 0, "\(output)")
        #expect(output.standardOutput.contains("discovered 3 = ran 3 + skipped 0 + quarantined 0 + lost 0"))
        #expect(try results()["schema"] as? String == "dt-ci/results/v1")
        #expect(try directory.text(".dt-ci/junit.xml").contains("<testcase"))
        #expect(try directory.text(".dt-ci/.gitignore") == "*\n")
    }

    @Test func `a failed test makes exit code 1 and is named with its output`() async throws {
        try configure(units: ["good", "bad"], script: "echo \"this is $1\"; test $1 = good")
        let output = try await binary.run("run")
        #expect(output.exitCode == 1)
        #expect(output.standardOutput.contains("bad"))
        #expect(output.standardOutput.contains("this is bad"))
        #expect(!output.standardOutput.contains("this is good"))
    }

    @Test func `a test that passes on its retry is flaky, in every place`() async throws {
        try configure(
            units: ["shaky", "firm"], script: "test $1 = firm || { test -e seen && exit 0; touch seen; exit 1; }",
            suite: "retries: 2")
        let output = try await binary.run("run")
        #expect(output.exitCode == 0, "\(output)")
        #expect(output.standardOutput.contains("1 flaky"))
        #expect(try directory.text(".dt-ci/junit.xml").contains("<flakyFailure"))
        #expect(try (results()["totals"] as? [String: Any])?["flaky"] as? Int == 1)
    }

    @Test func `only flaky failures and --fail-on-flaky make exit code 6`() async throws {
        try configure(
            units: ["shaky"], script: "test -e seen && exit 0; touch seen; exit 1", suite: "retries: 1")
        #expect(try await binary.run("run", "--fail-on-flaky").exitCode == 6)
    }

    @Test(arguments: [("error", 5), ("warn", 0), ("ok", 0)]) func `nothing to run is what the settings say`(
        policy: String, code: Int32
    ) async throws {
        try configure(units: [], script: "exit 0")
        try directory.write("", to: "units.txt")
        #expect(try await binary.run("run", "--empty", policy).exitCode == code)
    }

    @Test func `a test that no report mentions is lost by name, and that is exit code 4`() async throws {
        try directory.write(
            """
            version: 1
            suites:
              - name: reports
                runner: command
                command: [sh, test.sh, "{{results}}", "{{tests}}"]
                list: printf 'kept\\ndropped\\n'
            """, to: "dt-ci.yml")
        try directory.write(
            """
            out=$1; shift
            echo '<testsuite name="s">' > $out
            for test in "$@"; do test $test = kept && echo '<testcase name="kept"/>' >> $out; done
            echo '</testsuite>' >> $out
            """, to: "test.sh")
        let output = try await binary.run("run")
        #expect(output.exitCode == 4, "\(output)")
        #expect(try completeness()["lost"] as? [String] == ["reports::dropped"])
        #expect(output.standardOutput.contains("dropped"))
    }

    @Test func `fail-fast ends the run and counts what was left out`() async throws {
        try configure(units: (1...20).map { "t\($0)" }, script: "exit 1")
        let output = try await binary.run("run", "--fail-fast", "2", "--slots", "1")
        #expect(output.exitCode == 1)
        #expect(try (completeness()["lost"] as? [String])?.count == 18)
    }

    @Test func `the run's time limit ends it with what is done`() async throws {
        try configure(units: ["a_quick", "b_slow"], script: "test $1 = a_quick || sleep 300")
        let output = try await binary.run("run", "--timeout", "2s", "--order", "listed", "--slots", "1")
        #expect(output.exitCode == 4, "\(output)")
        #expect(try completeness()["ran"] as? Int == 1)
        #expect(try completeness()["lost"] as? [String] == ["shell::b_slow"])
    }

    @Test func `a test that hangs is ended, named and errored`() async throws {
        try configure(units: ["fine", "stuck"], script: "test $1 = fine || sleep 300", suite: "timeout: 1s")
        let output = try await binary.run("run")
        #expect(output.exitCode == 1, "\(output)")
        #expect(output.standardOutput.contains("timed out"))
        #expect(output.standardOutput.contains("stuck"))
    }

    @Test func `a runner that is not installed is a usage error that names the package`() async throws {
        try directory.write("version: 1\nsuites:\n  - name: x\n    runner: bats\n", to: "dt-ci.yml")
        try directory.write("@test \"a\" { true; }\n", to: "a.bats")
        let bare = DTCIBinary(in: directory.url, environment: ["PATH": "/nonexistent"])
        let output = try await bare.run("run")
        #expect(output.exitCode == 2, "\(output)")
        #expect(output.standardError.contains("apt-get install bats"), "\(output.standardError)")
    }

    @Test func `a listing that fails is a collection error with the tool's own words`() async throws {
        try directory.write(
            """
            version: 1
            suites:
              - name: x
                runner: command
                command: ["true", "{{tests}}"]
                list: echo the list is broken >&2; exit 9
            """, to: "dt-ci.yml")
        let output = try await binary.run("run")
        #expect(output.exitCode == 3, "\(output)")
        #expect(output.standardError.contains("the list is broken"))
    }

    // MARK: Quarantine

    @Test(arguments: [("2999-12-31", 0), ("2001-01-01", 1)]) func `quarantine holds until its day`(
        day: String, code: Int32
    ) async throws {
        try configure(units: ["good", "bad"], script: "test $1 = good")
        try directory.write(
            """
            version: 1
            quarantine:
              - test: "shell::bad"
                owner: ada
                reason: the clock is wrong
                expires: \(day)
            """, to: "quarantine.yml")
        let output = try await binary.run("run")
        #expect(output.exitCode == code, "\(output)")
        #expect(try completeness()["quarantined"] as? Int == (code == 0 ? 1 : 0))
    }

    @Test func `an expired entry fails a run in which all tests pass`() async throws {
        try configure(units: ["good"], script: "exit 0")
        try directory.write(
            """
            version: 1
            quarantine:
              - {test: "shell::gone", owner: ada, reason: old, expires: 2001-01-01}
            """, to: "quarantine.yml")
        let output = try await binary.run("run")
        #expect(output.exitCode == 1)
        #expect(output.standardOutput.contains("expired on 2001-01-01"), "\(output)")
    }

    // MARK: Output

    @Test func `what a test writes cannot give orders to the CI service`() async throws {
        try configure(
            units: ["evil"],
            script: #"printf '::set-output name=x::y\n##vso[task.complete]\n##teamcity[buildStop]\n\033[2J\n'; exit 1"#)
        let output = try await binary.run("run", "--output", "all")
        let everything = (output.standardOutput + output.standardError).split(separator: "\n")
        for order in ["::set-output", "##vso[", "##teamcity["] {
            #expect(!everything.contains { $0.hasPrefix(order) }, "\(order)")
        }
        #expect(!output.standardError.contains("\u{1b}[2J"))
        #expect(output.standardError.contains("set-output"))
    }

    @Test func `the events file tells the run in order`() async throws {
        try configure(units: ["one", "two"], script: "exit 0")
        _ = try await binary.run("run", "--events", "events.jsonl")
        let events = try directory.text("events.jsonl").split(separator: "\n").map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        #expect(events.compactMap { $0["sequence"] as? Int } == Array(0..<events.count))
        #expect(events.first?["event"] as? String == "run.started")
        #expect(events.last?["event"] as? String == "run.finished")
        #expect(events.filter { $0["event"] as? String == "test.finished" }.count == 2)
    }

    @Test func `a dry run names the processes and touches nothing`() async throws {
        try configure(units: ["one", "two"], script: "touch ran")
        let before = try FileManager.default.contentsOfDirectory(atPath: directory.url.path).sorted()
        let output = try await binary.run("run", "--dry-run")
        #expect(output.exitCode == 0, "\(output)")
        #expect(output.standardOutput.contains("sh test.sh one"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path).sorted() == before)
    }

    @Test func `--quiet says nothing of a run that passes`() async throws {
        try configure(units: ["one"], script: "exit 0")
        let output = try await binary.run("run", "--quiet")
        #expect(output.standardOutput.isEmpty && output.standardError.isEmpty, "\(output)")
    }

    // MARK: Places that cannot be written

    @Test func `without a results directory the verdict is not lost`() async throws {
        try configure(units: ["good", "bad"], script: "test $1 = good")
        try directory.write("a file where the directory should be", to: ".dt-ci")
        let output = try await binary.run("run")
        #expect(output.exitCode == 1, "\(output)")
        #expect(output.standardError.contains("results go to"))
        #expect(output.standardOutput.contains("1 failed"))
    }

    @Test func `a broken history is a warning`() async throws {
        try configure(units: ["good"], script: "exit 0")
        try directory.write("this is no database", to: ".dt-ci/history.db")
        let output = try await binary.run("run")
        #expect(output.exitCode == 0)
        #expect(output.standardError.contains("warning: history"), "\(output)")
    }

    // MARK: Environment

    @Test func `a child sees its batch, and no option of ours`() async throws {
        try configure(units: ["one"], script: "env > seen.txt")
        let set = DTCIBinary(in: directory.url, environment: ["DTCI_SLOTS": "3", "TEST_TOTAL_SHARDS": "8"])
        _ = try await set.run("run")
        let seen = try directory.text("seen.txt").split(separator: "\n").map(String.init)
        #expect(seen.contains("DTCI_SUITE_NAME=shell"))
        #expect(seen.contains("DTCI_SLOT_TOTAL=3"))
        #expect(seen.contains("TEST_TOTAL_SHARDS=1"))
        #expect(seen.contains("TEST_ENV_NUMBER="))
        #expect(!seen.contains { $0.hasPrefix("DTCI_SLOTS=") })
    }
}
