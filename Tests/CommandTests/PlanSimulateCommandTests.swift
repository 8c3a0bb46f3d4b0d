import Foundation
import Orchestrator
import Testing

@Suite struct PlanSimulateCommandTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func simulate(_ arguments: String...) async throws -> DTCIBinary.Output {
        try await DTCIBinary(in: directory.url).run(["plan", "simulate"] + arguments)
    }

    @Test func `the table has every way of serving`() async throws {
        let output = try await simulate("--draws", "2", "--tests", "100", "--fleet", "4x2", "--failing", "5%")
        #expect(output.exitCode == 0)
        #expect(output.standardOutput.contains("100 tests (lognormal) on 4 nodes of 2 slots"))
        for title in ["split by count", "static plan, stealing", "queue, max-parallel", "queue, adaptive"] {
            #expect(output.standardOutput.contains(title))
        }
        #expect(output.standardOutput.contains("first failure"))
    }

    @Test func `the JSON has a row for the strategy that was asked for`() async throws {
        let output = try await simulate(
            "--draws", "2", "--tests", "100", "--strategy", "fair", "--deadline", "1m", "--json")
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8)) as? [String: Any])
        #expect(document["schema"] as? String == "dt-ci/simulation/v1")
        let rows = try #require(document["rows"] as? [[String: Any]])
        #expect(rows.map { $0["serving"] as? String } == ["queue, fair"])
        #expect(rows[0]["inTime"] is Double)
    }

    @Test func `durations are taken from a file of timings`() async throws {
        try directory.write(#"{"a": 1, "b": 2.5, "c": 0.25}"#, to: "durations.json")
        let output = try await simulate("--draws", "1", "--tests", "50", "--recorded", "durations.json")
        #expect(output.exitCode == 0)
        #expect(output.standardOutput.contains("50 tests (recorded)"))
    }

    @Test(arguments: [
        (["--fleet", "0x1"], "--fleet is \"0x1\"; expected NODESxSLOTS"),
        (["--fleet", "many"], "expected NODESxSLOTS"),
        (["--nodes", "64"], "a simulation has --fleet"),
        (["--timings", "x.json"], "a simulation has --recorded"),
        (["--scarce-tests", "10%"], "--scarce-tests need --scarce-nodes"),
        (["--failing", "200%"], "--failing is \"200%\"; expected a share"),
        (["--strategy", "clever"], "--strategy is \"clever\"; expected one of max-parallel"),
        (["--durations", "normal"], "expected one of lognormal, pareto, bimodal"),
        (["--draws", "0"], "--draws is 0"),
        (["--recorded", "nothing.json"], "nothing.json"),
    ]) func `what makes no sense is refused in a line`(arguments: [String], words: String) async throws {
        let output = try await DTCIBinary(in: directory.url).run(["plan", "simulate"] + arguments)
        #expect(output.exitCode == 2)
        #expect(output.standardError.contains(words))
    }
}

/// Every strategy is named in the documents with the purpose that it states.
@Suite struct StrategyDocumentTests {
    @Test func `the page on strategies has each with its purpose`() throws {
        let page = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appending(path: "docs/strategies.md"), encoding: .utf8)
        for strategy in SchedulingStrategies.all {
            #expect(page.contains("| `\(strategy.name)` | \(strategy.purpose) |"))
        }
    }
}
