import CICore
import Testing

@testable import Orchestrator

struct PlanFitTests {
    /// A plan over files, of which some were cut into three tests each.
    private struct Imagined {
        var document: PlanDocument
        var listed: [TestUnit]
        var nodes: Int

        init(seed: UInt64) {
            var generator = SeededGenerator(seed: seed)
            nodes = Int.random(in: 1...6, using: &generator)
            listed = (0..<Int.random(in: 1...40, using: &generator)).map {
                TestUnit(suite: "s", selector: "f\($0)", granularity: .file)
            }
            var cuts: [UnitID: [UnitID]] = [:]
            let planned = listed.flatMap { unit -> [UnitID] in
                guard Int.random(in: 0..<3, using: &generator) == 0 else { return [unit.id] }
                cuts[unit.id] = Self.pieces(of: unit).map(\.id)
                return cuts[unit.id] ?? []
            }
            var shares = [[UnitID]](repeating: [], count: nodes)
            for unit in planned { shares[Int.random(in: 0..<nodes, using: &generator)].append(unit) }
            let plan = Plan(
                nodes: shares.enumerated().map { index, units in
                    PlannedNode(
                        index: index, hardware: "h", slots: 1, estimate: .zero,
                        batches: [PlannedBatch(id: BatchID("b\(index)"), suite: "s", units: units, estimate: .zero)])
                }, makespan: .zero, lowerBound: .zero)
            document = PlanDocument(plan: plan, details: .init(cuts: cuts))
        }

        static func pieces(of unit: TestUnit, count: Int = 3) -> [TestUnit] {
            (0..<count).map { TestUnit(suite: "s", selector: "\(unit.selector)::t\($0)", granularity: .test) }
        }

        /// What a node runs of what it finds.
        func share(of node: Int, found: [TestUnit], pieces: Int = 3) throws -> PlanFit.Share {
            let fit = PlanFit(document, position: try #require(NodePosition(index: node, total: nodes)))
            let cut = fit.unitsToCut(among: found)
            return fit.share(
                of: found,
                pieces: Dictionary(cut.map { ($0.id, Self.pieces(of: $0, count: pieces)) }) { first, _ in first },
                planned: document.plan.nodes[node].batches.flatMap(\.units))
        }
    }

    @Test(arguments: 0..<40) func `every unit that is found is on one node, planned or not`(seed: UInt64) throws {
        let imagined = Imagined(seed: seed)
        let new = (0..<7).map { TestUnit(suite: "s", selector: "new\($0)", granularity: .file) }
        let found = imagined.listed.dropFirst(Int(seed % 3)) + new
        // Every cut file has a fourth test by now.
        let shares = try (0..<imagined.nodes).map { try imagined.share(of: $0, found: Array(found), pieces: 4) }
        let expected = found.flatMap { unit in
            imagined.document.details.cuts[unit.id] == nil ? [unit.id] : Imagined.pieces(of: unit, count: 4).map(\.id)
        }
        #expect(shares.flatMap { $0.units.map(\.id) }.sorted() == expected.sorted())
        let gone = imagined.listed.prefix(Int(seed % 3)).flatMap { imagined.document.details.cuts[$0.id] ?? [$0.id] }
        #expect(shares.flatMap(\.absent).sorted() == gone.sorted())
        for share in shares { #expect(share.unplanned.isSubset(of: Set(share.units.map(\.id)))) }
    }

    @Test(arguments: 0..<20) func `what is found as it was planned is run as it was planned`(seed: UInt64) throws {
        let imagined = Imagined(seed: seed)
        for node in 0..<imagined.nodes {
            let share = try imagined.share(of: node, found: imagined.listed)
            #expect(Set(share.units.map(\.id)) == Set(imagined.document.plan.nodes[node].batches.flatMap(\.units)))
            #expect(share.absent.isEmpty && share.unplanned.isEmpty && share.beyond.isEmpty)
        }
    }

    @Test func `a plan's details are written and read back`() throws {
        let document = PlanDocument(
            plan: Imagined(seed: 3).document.plan,
            details: .init(cuts: ["s::a": ["s::a::1", "s::a::2"]], tests: ["s::b": ["b::\"x\"", "b::y"]]))
        var writer = JSONWriter()
        PlanV1.write(document.plan, details: document.details, to: &writer)
        #expect(try PlanV1.document(from: writer.drain()) == document)
    }

    @Test(
        arguments: [
            ("0/1", 0, 1), ("3/4", 3, 4), ("4/4", nil, nil), ("1", nil, nil), ("1/2/3", nil, nil), ("a/b", nil, nil),
            ("", nil, nil),
            ("-1/3", nil, nil), ("0/0", nil, nil), ("0/999999999", nil, nil), ("0/99999999999999999999", nil, nil),
        ] as [(String, Int?, Int?)]) func `a node is an index below a total`(text: String, index: Int?, total: Int?)
    {
        let position = try? NodePosition(text, source: "--node")
        #expect(position?.index == index)
        #expect(position?.total == total)
        #expect(position.flatMap { NodePosition(bundleName: $0.bundleName) } == position)
    }
}
