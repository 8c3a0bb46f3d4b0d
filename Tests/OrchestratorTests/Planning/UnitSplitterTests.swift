import CICore
import SystemPackage
import TestHistory
import Testing

import struct FoundationEssentials.Date

@testable import Orchestrator

struct UnitSplitterTests {
    private static func file(_ name: String, _ constraints: TestUnit.Constraints = .init()) -> TestUnit {
        TestUnit(suite: "s", selector: name, granularity: .file, constraints: constraints)
    }

    private static func tests(of file: String, _ count: Int) -> [TestUnit] {
        (0..<count).map {
            TestUnit(suite: "s", selector: "\(file)::t\($0)", granularity: .test, container: file)
        }
    }

    private static func prepared(
        _ units: [TestUnit], seconds: [String: Int] = [:], policy: Suite.Policy = .init(), runner: FakeRunner
    ) -> PreparedSuite {
        let timings = seconds.map { name, duration in
            TestTiming(
                suite: "s", selector: "\(name)::t0", container: name, hardware: "h",
                learnt: .init(typical: .seconds(duration), upper: .seconds(duration), samples: 5),
                seenAt: Date(timeIntervalSinceReferenceDate: 0))
        }
        return PreparedSuite(
            suite: Suite(name: "s", runner: "fake", workingDirectory: "/w", policy: policy), runner: runner,
            inventory: SuiteInventory(units: units),
            estimates: UnitEstimates(
                model: DurationModel(suite: "s", timings: timings), costs: runner.profile.costs))
    }

    private func split(_ suite: PreparedSuite, slots: Int = 2) async throws -> (units: [String], cuts: [UnitCut]) {
        let scratch = try ScratchDirectory()
        var suites = [suite]
        let cuts = await UnitSplitter(slots: slots, tools: scratch.tools, width: 2).split(&suites)
        return (suites[0].inventory.units.map(\.selector), cuts)
    }

    @Test func `a file above 0.7 of a slot's share is cut, in its place`() async throws {
        let runner = FakeRunner(pieces: ["b": Self.tests(of: "b", 3)])
        let suite = Self.prepared(
            ["a", "b", "c"].map { Self.file($0) }, seconds: ["a": 1, "b": 18, "c": 1], runner: runner)
        let (units, cuts) = try await split(suite)
        #expect(units == ["a", "b::t0", "b::t1", "b::t2", "c"])
        #expect(cuts.map(\.pieces) == [3])
        #expect(cuts.map(\.reason) == [.long(share: .seconds(10))])
    }

    @Test func `nothing is cut where that saves less than a start`() async throws {
        let runner = FakeRunner(pieces: ["b": Self.tests(of: "b", 3)])
        let suite = Self.prepared(["a", "b"].map { Self.file($0) }, seconds: ["a": 10, "b": 10], runner: runner)
        let (units, cuts) = try await split(suite)
        #expect(units == ["a", "b"])
        #expect(cuts.isEmpty)
    }

    @Test func `fewer unknown units than slots are cut`() async throws {
        let runner = FakeRunner(pieces: ["a": Self.tests(of: "a", 4)])
        let (units, cuts) = try await split(Self.prepared([Self.file("a")], runner: runner))
        #expect(units.count == 4)
        #expect(cuts.map(\.reason) == [.scarce])
    }

    @Test(arguments: [
        (TestUnit.Constraints(bond: "g"), Suite.Policy()),
        (TestUnit.Constraints(isSerial: true), Suite.Policy()),
        (TestUnit.Constraints(), Suite.Policy(granularity: .file)),
        (TestUnit.Constraints(), Suite.Policy(isSerial: true)),
    ])
    func `what is bonded, serial or cut by the configuration stays whole`(
        constraints: TestUnit.Constraints, policy: Suite.Policy
    ) async throws {
        let runner = FakeRunner(pieces: ["a": Self.tests(of: "a", 4)])
        let suite = Self.prepared([Self.file("a", constraints)], policy: policy, runner: runner)
        let (units, cuts) = try await split(suite)
        #expect(units == ["a"])
        #expect(cuts.isEmpty)
    }

    @Test func `a runner that cannot cut finer is not asked`() async throws {
        let runner = FakeRunner(finest: .file, pieces: ["a": Self.tests(of: "a", 4)])
        #expect(try await split(Self.prepared([Self.file("a")], runner: runner)).units == ["a"])
    }

    @Test func `a unit whose listing fails stays whole, and that is said`() async throws {
        let error = RunnerError(code: .listingFailed, suite: "s", description: "boom")
        let (units, cuts) = try await split(
            Self.prepared([Self.file("a")], runner: FakeRunner(splitFailure: error)))
        #expect(units == ["a"])
        #expect(cuts.map(\.problem) == ["boom"])
        #expect(cuts.map(\.pieces) == [nil])
    }
}
