import Foundation
import Testing

@testable import dt_ci

/// `dt-ci hardware …` and suites that require something, as a user runs them.
@Suite struct HardwareCommandTests {
    @Test func `a machine says what it has, with the source of each fact`() async throws {
        let home = try TemporaryDirectory()
        let output = try await Self.dtci(in: home).run("hardware", "--node-label", "zone=eu", "--node-label", "ssd")
        #expect(output.exitCode == 0 && output.standardError == "")
        let titles = Set(output.lines.compactMap { $0.split(separator: " ").first.map(String.init) })
        // A changed root is on no disk that is mounted.
        #expect(titles.isSuperset(of: ["os", "kernel", "arch", "cpus", "memory", "label", "class"]))
        #expect(output.lines.contains { $0.contains("zone=eu") && $0.hasSuffix("(given)") })
        #expect(output.lines.contains { $0.hasPrefix("memory") && $0.contains("(/proc/meminfo)") })
    }

    @Test func `facts are one document`() async throws {
        let home = try TemporaryDirectory()
        try home.write("version: 1\nhardware:\n  labels: {zone: eu, a: b}\n", to: "dt-ci.yml")
        let dtci = Self.dtci(in: home)
        let output = try await dtci.run("hardware", "--json", "--node-label", "a=c")
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8)) as? [String: Any])
        #expect(document["schema"] as? String == "dt-ci/hardware/v1")
        #expect(document["labels"] as? [String: String] == ["zone": "eu", "a": "c"])
        let quiet = try await dtci.run("hardware", "-q")
        #expect(quiet.standardOutput == "\(try #require(document["class"] as? String))\n")
        #expect((document["fingerprint"] as? String)?.count == 64)
    }

    @Test func `a check answers with its exit code`() async throws {
        let home = try TemporaryDirectory()
        let dtci = Self.dtci(in: home)
        let met = try await dtci.run("hardware", "--check", "cpus>=1, any(os=linux, os=macos)")
        #expect(met.exitCode == 0 && met.lines.last == "meets cpus>=1, any(os=linux, os=macos)")
        let unmet = try await dtci.run("hardware", "--check", "cpus>=100000", "--quiet")
        #expect(unmet.exitCode == 1 && unmet.standardOutput == "")
        let words = try await dtci.run("hardware", "--check", "cpus>=100000")
        #expect(words.lines.last?.hasPrefix("does not meet cpus>=100000: cpus>=100000 (has ") == true)
        let slip = try await dtci.run("hardware", "--check", "cpus>=1, gpuz>=1")
        #expect(slip.exitCode == 2)
        #expect(
            slip.standardError == "error: --check: at character 10: unknown fact \"gpuz\"; did you mean \"gpu\"?\n")
        let label = try await dtci.run("hardware", "--node-label", "a,b=c")
        #expect(label.exitCode == 2 && label.standardError.contains("a name of at most 100 letters"))
        #expect(!home.exists(".dt-ci"))
    }

    @Test func `a run that no node can do ends before anything starts`() async throws {
        let home = try Self.project(requires: "tpu>=64, memory>=1TB")
        let dtci = Self.dtci(in: home)
        let run = try await dtci.run("run")
        #expect(run.exitCode == 2)
        #expect(run.standardError.contains("error: no node has what 2 units need, so nothing is started\n"))
        #expect(
            run.standardError.contains("cannot run: unit::a, unit::b need memory>=1TB, tpu>=64: the nearest node, "))
        #expect(!home.exists("ran"))
        let plan = try await dtci.run("plan", "--nodes", "3")
        #expect(plan.exitCode == 2)
        #expect(plan.standardOutput.contains("tpu>=64 (has none)"))
        let json = try await dtci.run("plan", "--json")
        #expect(json.exitCode == 2 && json.standardOutput.contains(#""requirement":"memory>=1TB, tpu>=64""#))
    }

    @Test func `a driver's library makes a machine with cards, which history finds again`() async throws {
        let home = try Self.project(requires: "gpu>=2, vram>=80GB, label.zone=eu")
        var dtci = Self.dtci(in: home)
        dtci.environment["LD_LIBRARY_PATH"] = try await Self.driver(in: home)
        let check = try await dtci.run("hardware", "--check", "gpu=2, compute>=9.0")
        #expect(check.exitCode == 0, "\(check.standardOutput)\(check.standardError)")
        #expect(home.exists("cache/dt-ci/hardware.json"))
        let run = try await dtci.run("run", "--node-label", "zone=eu")
        #expect(run.exitCode == 0, "\(run.standardError)")
        #expect(home.exists("ran"))
        #expect(try home.text(".dt-ci/results.json").contains("2 × NVIDIA H100 80GB HBM3 (85.9 GB)"))
        let found = try await dtci.run("hardware", "find", "gpu>=1, vram>=16GB")
        #expect(found.exitCode == 0)
        #expect(found.lines.count == 2 && found.lines.last?.contains("-2xh100-80gb-hbm3") == true)
        let json = try await dtci.run("hardware", "find", "--json")
        #expect(json.standardOutput.contains(#""schema":"dt-ci/hardware-find/v1""#))
        let none = try await dtci.run("hardware", "find", "gpu>=8")
        #expect(none.exitCode == 1)
        #expect(
            none.standardError.hasPrefix("the only machine that is known does not meet gpu>=8; the nearest, linux-"))
        #expect(none.standardError.hasSuffix("lacks gpu>=8 (has 2 × NVIDIA H100 80GB HBM3 (85.9 GB))\n"))
    }

    @Test func `without a history nothing is found, and that is said`() async throws {
        let home = try TemporaryDirectory()
        let dtci = Self.dtci(in: home)
        let output = try await dtci.run("hardware", "find", "gpu>=1")
        #expect(output.exitCode == 2 && output.standardError.contains("there is no history"))
        let slip = try await dtci.run("hardware", "find", "gpu>=")
        #expect(slip.exitCode == 2 && slip.standardError.contains("the requirement: at character 6"))
        #expect(!home.exists(".dt-ci"))
    }

    /// Its cache is the test's own.
    private static func dtci(in home: TemporaryDirectory) -> DTCIBinary {
        DTCIBinary(in: home.url, environment: ["XDG_CACHE_HOME": home.url.appending(path: "cache").path])
    }

    /// Two units that leave a file where they run.
    private static func project(requires requirement: String) throws -> TemporaryDirectory {
        let home = try TemporaryDirectory()
        try home.write(
            """
            version: 1
            suites:
              - name: unit
                runner: command
                list: printf 'a\\nb\\n'
                command: touch ran
                requires: "\(requirement)"
            """, to: "dt-ci.yml")
        return home
    }

    /// A directory with a library that tells of two cards.
    private static func driver(in home: TemporaryDirectory) async throws -> String {
        let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "OrchestratorTests/Fixtures/hardware/nvml.c")
        try home.write("", to: "driver/readme")
        let directory = home.url.appending(path: "driver").path
        let compiled = try await DTCIBinary(in: home.url).run(
            URL(filePath: "/usr/bin/cc"), ["-shared", "-fPIC", "-o", "\(directory)/libnvidia-ml.so.1", source.path])
        try #require(compiled.exitCode == 0, "\(compiled.standardError)")
        return directory
    }
}
