import Foundation
import Testing

/// `dt-ci replay` through the built binary.
struct ReplayCommandTests {
    private let directory: TemporaryDirectory
    private static let bundle = ".dt-ci/bundles/node-1-of-2"

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write(
            "echo $1 $DTCI_BATCH_ID $DTCI_RUN_ID $DTCI_ATTEMPT $MODE $API_TOKEN >> ran.txt; test ! -e bad-$1",
            to: "test.sh")
        try directory.write("a\nb\nc\nd\ne\nf\n", to: "units.txt")
        try configure("MODE: fast\n      API_TOKEN: hidden1")
    }

    private func configure(_ environment: String) throws {
        try directory.write(
            """
            version: 1
            suites:
              - name: shell
                runner: command
                command: [sh, test.sh, "{{tests}}"]
                list: cat units.txt
                units-per-batch: 1
                retries: 1
                env:
                  \(environment)
            """, to: "dt-ci.yml")
    }

    private func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> DTCIBinary.Output {
        try await DTCIBinary(in: directory.url, environment: environment).run(arguments)
    }

    private func ran() throws -> String {
        defer { try? FileManager.default.removeItem(at: directory.url.appending(path: "ran.txt")) }
        return directory.exists("ran.txt") ? try directory.text("ran.txt") : ""
    }

    @Test func `it runs the same batches in the same order with the same environment`() async throws {
        try directory.write("", to: "bad-c")
        try directory.write("", to: "bad-d")
        let first = try await run("run", "--node", "1/2", "--slots", "1", "--order", "random", "--seed", "7")
        #expect(first.exitCode == 1, "\(first)")
        let before = try ran()
        #expect(before.split(separator: "\n").count > 3)
        try configure("MODE: slow\n      API_TOKEN: hidden2")
        let output = try await run("replay", Self.bundle)
        #expect(output.exitCode == 0, "\(output)")
        #expect(output.standardOutput.contains("3 tests came out as in the bundle"))
        #expect(try ran() == before.replacing("hidden1", with: "hidden2"))
        let record = try directory.text("\(Self.bundle)/replay.json")
        #expect(!record.contains("hidden") && record.contains("\"secrets\":[\"API_TOKEN\"]"))
        // The results of the run stay what they were.
        #expect(try directory.text(".dt-ci/results.json").contains("dt-ci/results/v1"))
    }

    @Test func `what comes out otherwise is said by name`() async throws {
        _ = try await run("run", "--node", "1/2")
        let test = try #require(try ran().first.map(String.init))
        try directory.write("", to: "bad-\(test)")
        let output = try await run("replay", Self.bundle)
        #expect(output.exitCode == 1, "\(output)")
        #expect(output.standardOutput.contains("1 test came out otherwise, 2 as in the bundle"), "\(output)")
        #expect(output.standardOutput.contains("shell::\(test): was passed, is failed"), "\(output)")
    }

    @Test func `a bundle that cannot be replayed is refused before any test`() async throws {
        _ = try await run("run", "--node", "0/2")
        _ = try await run("run", "--node", "1/2")
        _ = try ran()
        let both = try await run("replay", ".dt-ci/bundles")
        #expect(both.exitCode == 2 && both.standardError.contains("there are 2 bundles"), "\(both)")
        let none = try await run("replay", "tests")
        #expect(none.exitCode == 2 && none.standardError.contains("tests"), "\(none)")
        let path = "\(Self.bundle)/replay.json"
        try directory.write(try directory.text(path).replacing("shell", with: "snail"), to: path)
        let changed = try await run("replay", Self.bundle)
        #expect(changed.exitCode == 2 && changed.standardError.contains("changed after it was written"), "\(changed)")
        let manifest = "\(Self.bundle)/bundle.json"
        try directory.write(try directory.text(manifest).replacing("replay.json", with: "other.json"), to: manifest)
        let old = try await run("replay", Self.bundle)
        #expect(old.exitCode == 2 && old.standardError.contains("an older dt-ci left it"), "\(old)")
        try directory.write(
            "version: 1\nsuites: [{name: other, runner: command, command: [\"true\"], list: cat units.txt}]\n",
            to: "dt-ci.yml")
        let other = try await run("replay", ".dt-ci/bundles/node-0-of-2")
        #expect(other.exitCode == 2 && other.standardError.contains("is not configured here"), "\(other)")
        #expect(try ran() == "")
    }
}
