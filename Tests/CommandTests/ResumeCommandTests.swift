import Foundation
import Testing

/// `dt-ci run --resume`, `--plan-id` and `--durations` through the built binary.
struct ResumeCommandTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write("echo $1 >> ran.txt; test $1 != \"$BAD\"", to: "test.sh")
        try directory.write("a\nb\nc\nd\ne\nf\n", to: "units.txt")
        try directory.write(
            """
            version: 1
            suites:
              - name: shell
                runner: command
                command: [sh, test.sh, "{{tests}}"]
                list: cat units.txt
                units-per-batch: 1
            """, to: "dt-ci.yml")
    }

    private func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> DTCIBinary.Output {
        try await DTCIBinary(in: directory.url, environment: environment).run(arguments)
    }

    private func ran() throws -> [String] {
        defer { try? FileManager.default.removeItem(at: directory.url.appending(path: "ran.txt")) }
        return directory.exists("ran.txt") ? try directory.text("ran.txt").split(separator: "\n").map(String.init) : []
    }

    private func totals() throws -> [String: Any] {
        let data = Data(try directory.text(".dt-ci/results.json").utf8)
        let results = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        return try #require(results["totals"] as? [String: Any])
    }

    @Test func `only what has no result runs, whatever the number of nodes`() async throws {
        _ = try await run("run", "--node", "0/3", environment: ["BAD": "a"])
        let first = try ran()
        #expect(first.count == 2)
        var rest: [String] = []
        for node in 0..<4 {
            let output = try await run("run", "--resume", ".dt-ci/bundles", "--node", "\(node)/4")
            #expect(output.exitCode == 0, "\(output)")
            rest += try ran()
        }
        #expect((first + rest).sorted() == ["a", "b", "c", "d", "e", "f"])
        let merged = try await run("merge")
        #expect(merged.exitCode == (first.contains("a") ? 1 : 0), "\(merged)")
        #expect(try totals()["attempts"] as? Int == 6)
        #expect(merged.standardError.contains("4 nodes went on from the 3 of the run's beginning"))
    }

    @Test func `a node that went on runs its own share again, and a lost one's is still lost`() async throws {
        _ = try await run("run", "--node", "0/3")
        _ = try ran()
        _ = try await run("run", "--resume", ".dt-ci/bundles", "--node", "0/2")
        let share = try ran().sorted()
        #expect(share.count == 2)
        let lost = try await run("merge")
        #expect(lost.exitCode == 4, "\(lost)")
        #expect(lost.standardOutput.contains("2 tests lost"), "\(lost.standardOutput)")
        _ = try await run("run", "--resume", ".dt-ci/bundles", "--node", "0/2")
        #expect(try ran().sorted() == share)
        _ = try await run("run", "--resume", ".dt-ci/bundles", "--node", "0/1")
        #expect(try ran().count == 2)
        let merged = try await run("merge")
        #expect(merged.exitCode == 0, "\(merged)")
        #expect(merged.standardOutput.contains("discovered 6 = ran 6"), "\(merged.standardOutput)")
    }

    @Test func `where nothing is left to run, it says so and passes`() async throws {
        _ = try await run("run", "--node", "0/1")
        let output = try await run("run", "--resume", ".dt-ci/bundles", "--node", "0/2")
        #expect(output.exitCode == 0, "\(output)")
        #expect(output.standardError.contains("every test has a result"), "\(output.standardError)")
        #expect(try await run("merge").exitCode == 0)
    }

    @Test func `bundles go on from a place of artifacts, and are merged from there`() async throws {
        _ = try await run("run", "--node", "1/3", "--bundle-to", "./shared")
        try FileManager.default.removeItem(at: directory.url.appending(path: ".dt-ci"))
        for node in 0..<2 {
            let output = try await run(
                "run", "--resume", "./shared", "--node", "\(node)/2", "--bundle-to", "./shared")
            #expect(output.exitCode == 0, "\(output)")
            try FileManager.default.removeItem(at: directory.url.appending(path: ".dt-ci"))
        }
        #expect(try ran().sorted() == ["a", "b", "c", "d", "e", "f"])
        let merged = try await run("merge", "--bundles-from", "./shared")
        #expect(merged.exitCode == 0, "\(merged)")
        #expect(merged.standardOutput.contains("discovered 6 = ran 6"), "\(merged.standardOutput)")
    }

    @Test func `frozen durations give every node the plan that was made of them`() async throws {
        #expect(try await run("run").exitCode == 0)
        let made = try await run("plan", "--nodes", "3", "--freeze", "frozen.db", "--json")
        #expect(made.exitCode == 0, "\(made)")
        let json = try JSONSerialization.jsonObject(with: Data(made.standardOutput.utf8)) as? [String: Any]
        let plan = try #require(json?["id"] as? String)
        try directory.write("sleep 0.2; test $1 != \"$BAD\"", to: "test.sh")
        #expect(try await run("run").exitCode == 0)
        let frozen = ["run", "--node", "0/3", "--durations", "frozen.db", "--plan-id", String(plan.prefix(12))]
        let output = try await DTCIBinary(in: directory.url).run(frozen)
        #expect(output.exitCode == 0, "\(output)")
        let moved = try await run("run", "--node", "0/3", "--plan-id", plan)
        #expect(moved.exitCode == 2)
        #expect(moved.standardError.contains("this node comes to the plan"), "\(moved.standardError)")
    }

    @Test(arguments: [
        (["--resume", ".dt-ci/bundles"], "has no node to run"),
        (["--resume", "none-there", "--node", "0/2"], "no bundle of this run"),
        (["--resume", ".", "--node", "2/2"], "beyond the last node"),
        (["--resume", ".", "--node", "0/2", "--plan", "plan.json"], "one of them"),
        (["--plan-id", "abc", "--node", "0/2"], "at least 8"), (["--plan-id", "0123456789"], "has no node to run"),
        (["--durations", "none.db", "--node", "0/2"], "none.db is no file"),
    ]) func `what cannot be is refused in a sentence, before any test`(
        arguments: [String], words: String
    ) async throws {
        _ = try await run("plan", "--nodes", "2", "--save", "plan.json")
        let output = try await DTCIBinary(in: directory.url).run(["run"] + arguments)
        #expect(output.exitCode == 2, "\(output)")
        #expect(output.standardError.contains(words), "\(output.standardError)")
        #expect(try ran() == [])
    }
}
