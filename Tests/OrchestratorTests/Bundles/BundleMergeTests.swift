import Artifacts
import CICore
import SystemPackage
import Testing

import struct FoundationEssentials.Date

@testable import Orchestrator

struct BundleMergeTests {
    private let scratch: ScratchDirectory
    private let files = LocalFileSystem()

    init() throws { scratch = try ScratchDirectory() }

    // MARK: Made-up runs

    /// A plan of random units, and what each unit's test came to.
    private struct Imagined {
        var run: PlannedRun
        var attempts: [UnitID: [Attempt]]

        init(nodes: Int, seed: UInt64) {
            var generator = SeededGenerator(seed: seed)
            let count = Int.random(in: 0...60, using: &generator)
            let units = (0..<count).map { TestUnit(suite: "s", selector: "t\($0)", granularity: .test) }
            let shapes = (0..<nodes).map { _ in PlanningFixtures.node(slots: 2) }
            let durations = PlanningFixtures.lognormal(count, seed: seed)
            let request = PlanRequest(
                suites: [
                    .init(
                        name: "s", startCost: .zero,
                        units: zip(units, durations).map {
                            EstimatedUnit(id: $0.id, estimate: Estimate(.microseconds($1), basis: .history(samples: 3)))
                        })
                ], nodes: shapes)
            run = PreparedRun(request: request).planned()
            attempts = Dictionary(
                units.map { unit in
                    let kinds: [[Outcome]] = [
                        [.passed], [.passed], [.failed], [.skipped], [.errored], [.failed, .passed],
                    ]
                    let outcomes = kinds.randomElement(using: &generator) ?? [.passed]
                    return (unit.id, outcomes.map { Attempt(outcome: $0, duration: .milliseconds(5)) })
                }, uniquingKeysWith: { first, _ in first })
        }

        func units(of node: Int) -> [UnitID] { run.plan.nodes[node].batches.flatMap(\.units) }

        func record(_ unit: UnitID, _ attempts: [Attempt]? = nil) -> TestRecord {
            TestRecord(
                id: TestID(unit.rawValue), identity: TestIdentity(suite: "s", className: "", name: unit.rawValue),
                container: "c", attempts: attempts ?? self.attempts[unit] ?? [])
        }
    }

    /// Writes the bundle of a node; what `keeps` refuses is lost.
    @discardableResult
    private func write(
        _ imagined: Imagined, node: Int, of total: Int, attempt: Int = 1, in place: String = "",
        stop: RunState.Stop? = nil, records: [TestRecord]? = nil, keeps: (UnitID) -> Bool = { _ in true }
    ) throws -> FilePath {
        let units = imagined.units(of: node)
        let position = try #require(NodePosition(index: node, total: total))
        var results = RunResults(
            tests: records ?? units.filter(keeps).map { imagined.record($0) }, duration: .seconds(node + 1))
        results.completeness = Completeness(
            ran: results.tests.count, lost: units.filter { !keeps($0) }.map { TestID($0.rawValue) })
        let directory = BundleDirectory(in: scratch.path.appending("\(place)-\(attempt)"), at: position, files: files)
        try directory.clear()
        try directory.write(
            results, plan: PlanDocument(imagined.run),
            BundleManifest(
                plan: imagined.run.plan.id, position: position,
                origin: .init(service: "ci", run: "7", attempt: attempt),
                time: .init(
                    started: Date(timeIntervalSince1970: Double(attempt * 100)),
                    created: Date(timeIntervalSince1970: Double(attempt * 100 + node)), duration: results.duration),
                ending: .init(stop: stop), work: .init(hardware: "h")))
        return directory.root
    }

    private func merged() async throws -> MergedRun {
        let findings = BundleSearch(files: files).find(below: [scratch.path])
        let join = BundleJoin(findings.bundles.shuffled(), of: .init(service: "ci", run: "7"))
        return await BundleMerge(try #require(join.run), settings: RunSettings(), files: files, width: 3).merged()
    }

    private func outcomes(_ tests: [TestRecord]) -> [TestID: [Outcome]] {
        Dictionary(tests.map { ($0.id, $0.attempts.map(\.outcome)) }, uniquingKeysWith: +)
    }

    // MARK: Properties

    @Test(arguments: 0..<30) func `split over nodes and merged, a run is what it is unsplit`(seed: UInt64) async throws
    {
        let nodes = Int(seed % 7) + 1
        let imagined = Imagined(nodes: nodes, seed: seed)
        for node in 0..<nodes { try write(imagined, node: node, of: nodes, in: "tree\(seed % 3)/\(node % 2)") }
        let merged = try await merged()
        let whole = imagined.attempts.keys.map { imagined.record($0) }
        #expect(outcomes(Array(merged.tests)) == outcomes(whole))
        #expect(merged.results.totals == Totals(of: whole))
        #expect(merged.results.completeness?.discovered == whole.count)
        #expect(merged.results.completeness?.lost == [])
        let hasFailed = whole.contains(where: \.outcome.isFailure)
        #expect(merged.results.verdict?.exitCode == (whole.isEmpty ? .nothingRan : hasFailed ? .testsFailed : .passed))
        #expect(merged.lesson.isComplete)
    }

    @Test(arguments: 1..<20) func `every test of the plan has a result or is lost, whichever nodes are missing`(
        seed: UInt64
    ) async throws {
        let imagined = Imagined(nodes: 5, seed: seed)
        let missing = Set([Int(seed % 5), Int(seed / 5)])
        for node in 0..<5 where !missing.contains(node) { try write(imagined, node: node, of: 5) }
        let merged = try await merged()
        let gone = missing.flatMap { imagined.units(of: $0).map { TestID($0.rawValue) } }
        #expect(Set(merged.results.completeness?.lost ?? []) == Set(gone))
        #expect(merged.results.completeness?.discovered == imagined.attempts.count)
        #expect(merged.results.verdict?.exitCode == .infrastructure)
        for node in missing {
            #expect(merged.results.verdict?.reason.contains("the bundle of node \(node + 1) of 5 is missing") == true)
        }
        #expect(!merged.lesson.isComplete)
    }

    // MARK: Attempts

    private static let passed = [Attempt(outcome: .passed)]
    private static let failed = [Attempt(outcome: .failed)]

    /// A run of three nodes with a test or more on each.
    private func someRun() throws -> Imagined {
        try #require(
            (100..<200).lazy.map { Imagined(nodes: 3, seed: $0) }.first { run in
                (0..<3).allSatisfy { run.units(of: $0).count > 3 }
            })
    }

    @Test func `a later attempt of a node counts, and what failed before is flaky`() async throws {
        var imagined = try someRun()
        for unit in imagined.attempts.keys { imagined.attempts[unit] = Self.passed }
        for node in 0..<3 { try write(imagined, node: node, of: 3) }
        let units = imagined.units(of: 1)
        let trace = imagined.record("s::c (process end)", Self.failed)
        try write(imagined, node: 1, of: 3, records: units.map { imagined.record($0, Self.failed) } + [trace])
        try write(imagined, node: 1, of: 3, attempt: 2)
        let merged = try await merged()
        #expect(merged.results.verdict?.exitCode == .passed)
        #expect(merged.results.totals.flaky == units.count)
        #expect(merged.results.totals.tests == imagined.attempts.count)
        #expect(merged.notes.first?.contains("node 2 of 3 ran again: attempt 2") == true)
        #expect(merged.notes.first?.contains("1 test of earlier attempts alone") == true)
    }

    @Test func `a later attempt that was interrupted does not lose what an earlier one has`() async throws {
        var imagined = try someRun()
        for unit in imagined.attempts.keys { imagined.attempts[unit] = Self.passed }
        for node in 0..<3 { try write(imagined, node: node, of: 3) }
        let first = imagined.units(of: 1)[0]
        try write(imagined, node: 1, of: 3, attempt: 2, stop: .signal(15)) { $0 == first }
        let merged = try await merged()
        #expect(merged.results.completeness?.lost == [])
        #expect(merged.results.totals.tests == imagined.attempts.count)
    }

    @Test func `two bundles of one attempt are attempts of the same tests`() async throws {
        let imagined = try someRun()
        for node in 0..<3 { try write(imagined, node: node, of: 3) }
        let units = imagined.units(of: 0)
        try write(imagined, node: 0, of: 3, in: "other", records: units.map { imagined.record($0, Self.passed) })
        let merged = try await merged()
        #expect(
            outcomes(Array(merged.tests))[TestID(units[0].rawValue)]?.count
                == (imagined.attempts[units[0]]?.count ?? 0) + 1)
        #expect(merged.notes.first?.contains("2 bundles of one attempt") == true)
    }

    @Test func `a test that two nodes ran is one test with the attempts of both`() async throws {
        let imagined = try someRun()
        let unit = imagined.units(of: 0)[0]
        for node in 0..<3 {
            let records = imagined.units(of: node).map { imagined.record($0, Self.passed) }
            try write(
                imagined, node: node, of: 3, records: records + (node == 2 ? [imagined.record(unit, Self.failed)] : []))
        }
        let merged = try await merged()
        #expect(merged.results.totals.tests == imagined.attempts.count)
        #expect(merged.results.totals.flaky == 1)
    }

    // MARK: Damage

    @Test func `results that are cut or changed count as far as they go, and are never a pass`() async throws {
        var imagined = try someRun()
        for unit in imagined.attempts.keys { imagined.attempts[unit] = Self.passed }
        for node in 0..<3 { try write(imagined, node: node, of: 3) }
        let root = try write(imagined, node: 1, of: 3)
        let path = root.appending("results.json")
        let whole = try files.contents(of: path, limit: 1 << 20)
        for end in stride(from: 0, to: whole.count, by: 97) {
            try files.write(Array(whole[..<end]), to: path)
            let merged = try await merged()
            #expect(merged.results.verdict?.exitCode == .infrastructure)
            #expect(merged.results.verdict?.reason.contains("the bundle of node 2 of 3 is damaged") == true)
            #expect(merged.results.completeness?.discovered == imagined.attempts.count, "cut at \(end)")
        }
        try files.remove(path)
        #expect(try await merged().results.completeness?.lost.count == imagined.units(of: 1).count)
    }

    @Test func `a plan that no bundle has whole leaves a missing node's tests without names`() async throws {
        let imagined = try someRun()
        for node in [0, 2] {
            let root = try write(imagined, node: node, of: 3)
            try files.write(Array("{}".utf8), to: root.appending("plan.json"))
        }
        let merged = try await merged()
        #expect(merged.results.completeness?.lost == ["every test of node 2 of 3"])
        #expect(merged.results.verdict?.exitCode == .infrastructure)
        #expect(merged.results.warnings.count == 2)
    }

    @Test func `a node's loss is told with its reason`() async throws {
        let imagined = try someRun()
        let lost = imagined.units(of: 0)[0]
        try write(imagined, node: 0, of: 3, stop: .timeLimit(.seconds(60))) { $0 != lost }
        for node in [1, 2] { try write(imagined, node: node, of: 3) }
        let merged = try await merged()
        #expect(merged.results.completeness?.lost == [TestID(lost.rawValue)])
        #expect(merged.results.verdict?.reason == "the limit of 1 m 00 s of node 1 of 3 is over; 1 test did not run")
    }
}
