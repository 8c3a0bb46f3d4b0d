import Foundation
import Testing

/// `dt-ci plan --nodes auto` and `--output` through the built binary.
struct FanOutCommandTests {
    private let directory: TemporaryDirectory
    private let binary: DTCIBinary

    init() throws {
        directory = try TemporaryDirectory()
        binary = DTCIBinary(in: directory.url)
        try directory.write("", to: "test.sh")
        try directory.write("a\nb\nc\nd\ne\nf\n", to: "units.txt")
        try configure("")
        // 40 tests of a minute.
        let seconds = Dictionary(uniqueKeysWithValues: (0..<40).map { ("t\($0)", 60.0) })
        let json = try JSONSerialization.data(withJSONObject: seconds)
        try directory.write(String(decoding: json, as: UTF8.self), to: "timings.json")
    }

    private func configure(_ fanOut: String) throws {
        try directory.write(
            """
            version: 1
            suites:
              - name: shell
                runner: command
                list: cat units.txt
                command: [sh, test.sh, "{{tests}}"]
            \(fanOut)
            """, to: "dt-ci.yml")
    }

    @Test func `auto takes the fewest nodes that come to the target, and explains it`() async throws {
        let output = try await binary.run(
            "plan", "--timings", "timings.json", "--nodes", "auto", "--target", "10m", "--explain")
        #expect(output.exitCode == 0, "\(output)")
        #expect(output.standardOutput.contains("\n4 nodes, the fewest that come to the target of 10 m 00 s"))
        #expect(
            output.standardOutput.contains("  2 nodes: 20 m 00 s, 40.0 minutes of machines\n"),
            "\(output.standardOutput)")
        #expect(output.standardOutput.contains("  4 nodes: 10 m 00 s, 40.0 minutes of machines  ← chosen"))
    }

    @Test func `classes give labels, prices and how many there are`() async throws {
        try configure(
            """
            fan-out:
              start-cost: 30s
              classes:
                - runs-on: [self-hosted, "big one"]
                  price: 0.5
                  max-nodes: 2
                - runs-on: ubuntu-latest
                  price: 0.01
            """)
        let output = try await binary.run("plan", "--nodes", "3", "--output", "github-matrix", "--explain")
        #expect(output.exitCode == 0, "\(output)")
        let json = try JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8)) as? [String: Any]
        let entries = try #require(json?["include"] as? [[String: Any]])
        #expect(
            entries.map { $0["runs-on"] as? [String] } == [
                ["self-hosted", "big one"], ["self-hosted", "big one"], ["ubuntu-latest"],
            ])
        #expect(entries.map { $0["node"] as? String } == ["0/3", "1/3", "2/3"])
        #expect(output.standardError.contains(" USD"), "\(output.standardError)")
        #expect(directory.exists(".dt-ci/plan.json"))
    }

    @Test func `the service's own channel gets the matrix, after what is there`() async throws {
        try directory.write("earlier=1", to: "outputs")
        let path = directory.url.appending(path: "outputs").path
        let job = DTCIBinary(in: directory.url, environment: ["GITHUB_OUTPUT": path])
        let output = try await job.run("plan", "--nodes", "2", "--output", "github-matrix", "--output-to", "service")
        #expect(output.exitCode == 0, "\(output)")
        let lines = try directory.text("outputs").split(separator: "\n")
        #expect(lines.map { $0.prefix { $0 != "=" } } == ["earlier", "matrix", "nodes", "plan"])
        #expect(lines[2] == "nodes=2")
        #expect(output.standardOutput == "")
    }

    @Test func `index files of an earlier, larger plan are gone`() async throws {
        for count in ["3", "2"] {
            let output = try await binary.run(
                "plan", "--nodes", count, "--output", "bitbucket", "--output-to", ".dt-ci/nodes")
            #expect(output.exitCode == 0, "\(output)")
        }
        #expect(try directory.text(".dt-ci/nodes/1") == "1/2\n")
        #expect(!directory.exists(".dt-ci/nodes/2"))
    }

    @Test func `a variable that is meant for run's option leaves plan's alone`() async throws {
        let all = DTCIBinary(in: directory.url, environment: ["DTCI_OUTPUT": "all"])
        #expect(try await all.run("plan", "--nodes", "2").exitCode == 0)
        let form = DTCIBinary(in: directory.url, environment: ["DTCI_OUTPUT": "teamcity"])
        #expect(try await form.run("plan", "--nodes", "2").standardOutput == "dtci.nodes=2\n")
    }

    @Test(arguments: [
        (["--nodes", "0"], "expected 1 or more, or auto"), (["--nodes", "many"], "expected 1 or more, or auto"),
        (["--nodes", "300", "--output", "github-matrix"], "at most 256"), (["--output", "drone"], "teamcity"),
        (["--nodes", "2", "--target", "5m"], "for --nodes auto"),
        (["--nodes", "auto", "--target", "soon"], "such as 8m"),
        (["--output-to", "x"], "--output-to is for --output"), (["--output", "bitbucket"], "--output-to DIRECTORY"),
        (["--output", "gitlab", "--output-to", "service"], "no channel of its own"),
        (["--output", "github-matrix", "--output-to", "service"], "GITHUB_OUTPUT"),
    ]) func `what cannot be is refused in a sentence, and nothing is written`(
        arguments: [String], words: String
    ) async throws {
        let output = try await binary.run(["plan"] + arguments)
        #expect(output.exitCode == 2, "\(output)")
        #expect(output.standardError.contains(words), "\(output.standardError)")
        #expect(!directory.exists(".dt-ci/plan.json"))
    }

    @Test func `forms with one kind of machine refuse several`() async throws {
        try configure("fan-out: {classes: [{runs-on: a, max-nodes: 1}, {runs-on: b, max-nodes: 3}]}")
        let mixed = try await binary.run("plan", "--nodes", "2", "--output", "circleci")
        #expect(mixed.exitCode == 2)
        #expect(mixed.standardError.contains("one kind of machine"), "\(mixed.standardError)")
        let many = try await binary.run("plan", "--nodes", "5")
        #expect(many.exitCode == 2)
        #expect(many.standardError.contains("at most 4"), "\(many.standardError)")
        #expect(!directory.exists(".dt-ci/plan.json"))
    }
}
