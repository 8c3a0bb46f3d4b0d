import CICore
import Foundation
import Reporting
import Testing

@testable import dt_ci

/// `--only` and `--only-failed` through the built binary.
struct OnlyOptionTests {
    private let directory: TemporaryDirectory
    private let binary: DTCIBinary
    /// Two that pass and four that fail, with all that a shell, a terminal or a CI service could stumble over.
    private static let units = [
        "good", "good too", "it's $HOME `id` \"x\" *", "##vso[task.complete]", "tab\there", "-dash \\x41 ünï",
    ]

    init() throws {
        directory = try TemporaryDirectory()
        binary = DTCIBinary(in: directory.url)
        try directory.write(Self.units.joined(separator: "\n") + "\n", to: "units.txt")
        try directory.write("echo \"$1\" >> ran.txt\ncase \"$1\" in good*) exit 0;; esac\nexit 1\n", to: "test.sh")
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

    /// What ran since the last call, sorted.
    private func ran() throws -> [String] {
        guard directory.exists("ran.txt") else { return [] }
        let lines = try directory.text("ran.txt").split(separator: "\n").map(String.init)
        try FileManager.default.removeItem(at: directory.url.appending(path: "ran.txt"))
        return lines.sorted()
    }

    @Test func `only what the pattern means is run and counted`() async throws {
        let output = try await binary.run("run", "--only", "shell::good")
        #expect(output.exitCode == 0, "\(output)")
        #expect(try ran() == ["good"])
        #expect(output.standardOutput.contains("discovered 1 = ran 1"))
        #expect(output.standardError.contains("chosen: 1 unit of suite shell"))
        _ = try await binary.run("run", "--only", "too", "--only", "*vso*")
        #expect(try ran() == ["##vso[task.complete]", "good too"])
    }

    @Test func `the variable gives patterns as the option does`() async throws {
        let set = DTCIBinary(in: directory.url, environment: ["DTCI_ONLY": "shell::good,good too"])
        _ = try await set.run("run")
        #expect(try ran() == ["good", "good too"])
    }

    @Test func `a pattern that means nothing is a usage error with the nearest ids`() async throws {
        let output = try await binary.run("run", "--only", "goood to")
        #expect(output.exitCode == 2)
        #expect(output.standardError.contains("nearest: shell::good too"), "\(output)")
        let set = DTCIBinary(in: directory.url, environment: ["DTCI_ONLY": "zzzz"])
        #expect(try await set.run("run").standardError.contains("DTCI_ONLY: nothing"))
        #expect(try await binary.run("run", "--only", "").exitCode == 2)
    }

    @Test func `the advice under the verdict runs what failed when it is pasted`() async throws {
        let output = try await binary.run("run")
        #expect(output.exitCode == 1)
        #expect(try ran().count == Self.units.count)
        let advice = output.lines.filter { $0.contains("dt-ci run") }
        #expect(advice.count == 2 && output.lines.suffix(2) == advice[...], "\(output)")
        let again = try #require(advice.first?.firstRange(of: "again: ").map { advice[0][$0.upperBound...] })
        let first = try await binary.paste(String(again))
        #expect(first.exitCode == 1, "\(first)")
        let named = try ran()
        #expect(named.count == 3 && named.allSatisfy(Self.units.dropFirst(2).contains), "\(again): \(named)")
    }

    @Test func `every odd name survives the shell`() async throws {
        for unit in Self.units.dropFirst(2) {
            let lines = RerunAdvice(["dt-ci", "run"], failed: [TestID(suite: "shell", selector: unit)]).lines
            #expect(lines.count == 1)
            let output = try await binary.paste(String(lines[0].dropFirst("again: ".count)))
            #expect(try ran() == [unit], "\(lines): \(output)")
        }
    }

    @Test func `what failed is run again until nothing failed`() async throws {
        #expect(try await binary.run("run", "--only-failed").exitCode == 2, "there is no earlier run yet")
        _ = try await binary.run("run")
        _ = try ran()
        #expect(try await binary.run("run", "--only-failed", "--only", "*vso*").exitCode == 1)
        #expect(try ran() == ["##vso[task.complete]"])
        try directory.write("echo \"$1\" >> ran.txt\n", to: "test.sh")
        #expect(try await binary.run("run", "--only-failed").exitCode == 0)
        #expect(try ran() == ["##vso[task.complete]"])
        let nothing = try await binary.run("run", "--only-failed")
        #expect(nothing.exitCode == 0)
        #expect(nothing.standardOutput.hasPrefix("nothing failed in the last run"))
        #expect(try ran().isEmpty)
    }

    @Test func `a failed test that is gone is named`() async throws {
        _ = try await binary.run("run")
        try directory.write(Self.units.dropLast().joined(separator: "\n") + "\n", to: "units.txt")
        let output = try await binary.run("run", "--only-failed")
        #expect(output.standardOutput.contains("which failed last time, matches nothing"), "\(output)")
        #expect(output.standardOutput.contains("discovered 3 = ran 3"))
    }

    @Test func `a part of the tests teaches the history no durations`() async throws {
        _ = try await binary.run("run", "--only", "shell::good")
        #expect(try await binary.run("history", "durations").lines.count == 1, "only the heading")
        #expect(try await binary.run("history", "export").standardOutput.contains("\"complete\":false"))
        _ = try await binary.run("run")
        #expect(try await binary.run("history", "durations").standardOutput.contains("good"))
    }

    @Test func `a plan holds only what was chosen`() async throws {
        let output = try await binary.run("plan", "--json", "--only", "good too")
        let plan = try #require(
            try JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8)) as? [String: Any])
        let nodes = try #require(plan["nodes"] as? [[String: Any]])
        let units = nodes.flatMap { $0["batches"] as? [[String: Any]] ?? [] }.flatMap { $0["units"] as? [String] ?? [] }
        #expect(units == ["shell::good too"])
        #expect(try await binary.run("plan", "--timings", "units.txt", "--only", "x").exitCode == 2)
        #expect(
            try await binary.run("run", "--dry-run", "--only", "good too").lines.filter { $0.contains("sh test.sh") }
                .count == 1)
    }

    @Test func `advice is bounded, and says where the rest is`() {
        let long = TestID(suite: "s", selector: String(repeating: "x", count: 500))
        #expect(RerunAdvice(["dt-ci", "run"], failed: []).lines.isEmpty)
        #expect(RerunAdvice(["dt-ci", "run"], failed: [long]).lines == ["all 1: dt-ci run --only-failed"])
        #expect(
            RerunAdvice(["dt-ci", "run", "--config", "a b.yml"], failed: [long, "s::a b", "-s::c", "s::d", "s::e"])
                .lines == [
                    "again: dt-ci run --config 'a b.yml' --only 's::a b' --only=-s::c --only s::d",
                    "all 5: dt-ci run --config 'a b.yml' --only-failed",
                ])
    }
}
