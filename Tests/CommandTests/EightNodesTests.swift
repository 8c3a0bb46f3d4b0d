import Foundation
import Testing

/// A pytest suite over eight real processes with no server between them, one of which is killed.
struct EightNodesTests {
    private let directory: TemporaryDirectory
    private let milestone: Milestone

    /// Sixteen files of three tests, one of which stays where it is told to.
    init() throws {
        directory = try TemporaryDirectory()
        milestone = Milestone(in: directory, named: "reached")
        for file in 0..<16 {
            let stays =
                file == 7
                ? "    if os.environ.get('STAY'):\n        open(os.environ['STAY'], 'w').write('up\\n')\n        time.sleep(300)\n"
                : ""
            try directory.write(
                """
                import os, pytest, time

                @pytest.mark.parametrize("number", [1, 2, 3])
                def test_number(number):
                \(stays)    with open("ran.txt", "a") as log:
                        log.write(f"\(file) {number}\\n")
                    assert number > 0
                """, to: "tests/test_\(file).py")
        }
        try directory.write(
            "version: 1\nsuites:\n  - name: unit\n    runner: pytest\n    paths: tests\n    granularity: file\n",
            to: "dt-ci.yml")
    }

    private func binary(stays: Bool) -> DTCIBinary {
        DTCIBinary(in: directory.url, environment: stays ? ["STAY": milestone.path] : [:])
    }

    private func ran() throws -> [String] { try directory.text("ran.txt").split(separator: "\n").map(String.init) }

    /// Runs eight nodes at once and kills the one that stays.
    ///
    /// - Returns: that node, and the id of the plan that all of them have.
    private func runAndKill() async throws -> (node: Int, plan: String) {
        let made = try await binary(stays: false).run("plan", "--nodes", "8", "--slots", "1", "--json")
        let json = try JSONSerialization.jsonObject(with: Data(made.standardOutput.utf8)) as? [String: Any]
        let plan = try #require(json?["id"] as? String)
        let nodes = try #require(json?["nodes"] as? [[String: Any]])
        let killed = try #require(
            nodes.firstIndex { node in
                (node["batches"] as? [[String: Any]] ?? []).contains {
                    ($0["units"] as? [String] ?? []).contains("unit::tests/test_7.py")
                }
            })
        let running = try (0..<8).map { index in
            try RunningBinary(
                binary(stays: true), "run", "--node", "\(index)/8", "--slots", "1", "--plan-id", plan, "--publish",
                "never")
        }
        _ = try await milestone.reached()
        running[killed].signal(SIGKILL)
        for (index, process) in running.enumerated() {
            let output = try await process.end()
            #expect(output.exitCode == (index == killed ? 137 : 0), "node \(index): \(output)")
        }
        let merged = try await binary(stays: false).run("merge", "--publish", "never")
        #expect(merged.exitCode == 4, "\(merged)")
        #expect(merged.standardOutput.contains("node \(killed + 1) of 8"), "\(merged.standardOutput)")
        return (killed, plan)
    }

    private func expectCompleteVerdict() async throws {
        let merged = try await binary(stays: false).run("merge", "--publish", "never")
        #expect(merged.exitCode == 0, "\(merged)")
        #expect(
            merged.standardOutput.contains("discovered 48 = ran 48 + skipped 0 + quarantined 0 + lost 0"),
            "\(merged.standardOutput)")
        #expect(try directory.text(".dt-ci/junit.xml").components(separatedBy: "<testcase").count == 49)
    }

    @Test func `one that is killed and run again completes the verdict of all eight`() async throws {
        let (killed, plan) = try await runAndKill()
        let before = try ran().count
        let again = try await binary(stays: false).run(
            "run", "--node", "\(killed)/8", "--slots", "1", "--plan-id", plan, "--publish", "never")
        #expect(again.exitCode == 0, "\(again)")
        // Exactly its own share of 16 files.
        #expect(try ran().count - before == 6)
        try await expectCompleteVerdict()
    }

    @Test func `other nodes, of another number, can go on where it ended`() async throws {
        _ = try await runAndKill()
        let before = try ran().count
        for node in 0..<2 {
            let output = try await binary(stays: false).run(
                "run", "--resume", ".dt-ci/bundles", "--node", "\(node)/2", "--slots", "1", "--publish", "never")
            #expect(output.exitCode == 0, "\(output)")
            #expect(output.standardError.contains("of 2 units without a result"), "\(output.standardError)")
        }
        #expect(try ran().count - before == 6)
        try await expectCompleteVerdict()
    }
}
