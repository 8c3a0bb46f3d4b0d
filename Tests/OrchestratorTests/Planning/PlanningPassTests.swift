import CICore
import SystemPackage
import TestHistory
import Testing

@testable import Orchestrator

struct PlanningPassTests {
    private static let target = PlanningTarget(nodes: [PlanningFixtures.node(slots: 2)], commit: "c0ffee")

    private static func configuration(_ names: [String], root: FilePath = "/w") -> Configuration {
        Configuration(
            root: root,
            suites: names.map {
                Suite(name: SuiteName($0), runner: "fake", workingDirectory: root.appending($0))
            },
            storage: .init(history: "sqlite:/h", results: "/r", quarantine: "/q"))
    }

    private static func files(_ suite: SuiteName, _ count: Int) -> [TestUnit] {
        (0..<count).map { TestUnit(suite: suite, selector: "f\($0)", granularity: .file) }
    }

    private func plan(
        _ configuration: Configuration, _ runner: FakeRunner, history: (any HistoryStore)? = nil,
        target: PlanningTarget = target
    ) async throws -> PlannedRun {
        let scratch = try ScratchDirectory()
        return try await PlanningPass(configuration: configuration, tools: scratch.tools, history: history) { id in
            id == "fake" ? runner : nil
        }.plan(on: target)
    }

    @Test func `all suites of a configuration end in one plan, in the order of the file`() async throws {
        let runner = FakeRunner(units: Self.files("b", 3) + Self.files("a", 4))
        let run = try await plan(Self.configuration(["b", "a"]), runner)
        #expect(run.suites.map(\.suite.name) == ["b", "a"])
        #expect(Set(run.plan.nodes.flatMap(\.batches).flatMap(\.units)) == Set(run.unitsByID().keys))
        #expect(run.unitsByID().count == 7)
        #expect(run.plan.inputs.commit == "c0ffee")
    }

    @Test func `where the checkout is does not change the plan's id`() async throws {
        let runner = FakeRunner(units: Self.files("a", 4))
        let here = try await plan(Self.configuration(["a"], root: "/here"), runner)
        let there = try await plan(Self.configuration(["a"], root: "/somewhere/else"), runner)
        #expect(here.plan.id == there.plan.id)
    }

    @Test func `another unit, estimate or setting shows in its own digest`() async throws {
        let few = try await plan(Self.configuration(["a"]), FakeRunner(units: Self.files("a", 4))).plan.inputs
        let more = try await plan(Self.configuration(["a"]), FakeRunner(units: Self.files("a", 5))).plan.inputs
        #expect(few.inventory != more.inventory)
        #expect(few.configuration == more.configuration)
        var configuration = Self.configuration(["a"])
        configuration.suites[0].policy.unitsPerBatch = 1
        let bounded = try await plan(configuration, FakeRunner(units: Self.files("a", 4))).plan.inputs
        #expect(bounded.configuration != few.configuration)
        #expect(bounded.inventory == few.inventory)
    }

    @Test func `a listing that fails ends the pass with the runner's words`() async throws {
        let error = RunnerError(code: .listingFailed, suite: "a", description: "cannot list", output: "boom")
        await #expect(throws: error) { try await plan(Self.configuration(["a"]), FakeRunner(failure: error)) }
    }

    @Test func `an unknown runner is a mistake of the configuration`() async throws {
        var configuration = Self.configuration(["a"])
        configuration.suites[0].runner = "nope"
        await #expect {
            try await plan(configuration, FakeRunner())
        } throws: {
            ($0 as? RunnerError)?.code == .badConfiguration
        }
    }

    @Test func `a history that cannot be read is named, and the plan is made without it`() async throws {
        let runner = FakeRunner(units: Self.files("a", 4))
        var target = Self.target
        target.order = .failedFirst
        let run = try await plan(Self.configuration(["a"]), runner, history: BrokenHistory(), target: target)
        #expect(run.plan.nodes[0].batches.flatMap(\.units).count == 4)
        #expect(run.notes.count == 2)
        #expect(run.notes.allSatisfy { $0.contains("disk on fire") })
    }
}

/// A history of which every call fails.
struct BrokenHistory: HistoryStore {
    let location = "broken"

    private var error: HistoryError {
        HistoryError(code: .missing, location: location, description: "disk on fire")
    }

    func record(_ run: HistoricalRun) throws(HistoryError) { throw error }
    func durations(suite: SuiteName, hardware: HardwareClass) throws(HistoryError) -> DurationModel { throw error }
    func timings(_ query: HistoryQuery) throws(HistoryError) -> [TestTiming] { throw error }
    func flaky(_ query: HistoryQuery) throws(HistoryError) -> [FlakyTest] { throw error }
    func tests(matching text: String, limit: Int) throws(HistoryError) -> [TestID] { throw error }
    func results(of test: TestID, limit: Int) throws(HistoryError) -> [PastResult] { throw error }
    func baseline(_ query: BaselineQuery) throws(HistoryError) -> Baseline? { throw error }
    func pastOutcomes(
        of tests: [TestID], limit: Int
    ) throws(HistoryError) -> [TestID: [TestBackground.PastOutcome]] { throw error }
    func forEachResult(_ query: HistoryQuery, _ body: (PastResult) throws -> Void) throws { throw error }
    func export(_ tables: [ExportTable], _ body: (ExportTable, [ExportCell]) throws -> Void) throws { throw error }
    func copy(to path: FilePath) throws(HistoryError) { throw error }
    func tallies(_ query: HistoryQuery) throws(HistoryError) -> [TestTally] { throw error }
    func machines() throws(HistoryError) -> [StoredMachine] { throw error }
    func extent() throws(HistoryError) -> HistoryExtent { throw error }
    func prune(_ policy: HistoryPolicy) throws(HistoryError) -> Int { throw error }
}
