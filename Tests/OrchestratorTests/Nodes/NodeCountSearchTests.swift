import CICore
import Testing

@testable import Orchestrator

struct NodeCountSearchTests {
    /// So much work that can be cut anywhere, behind a start, with a piece that cannot be cut.
    private func decide(
        work: Double, start: Double = 60, longest: Double = 0, target: Double, most: Int = 256,
        isPossible: @escaping (Int) -> Bool = { _ in true }
    ) async -> (decision: FanOutDecision, calls: Int) {
        var calls = 0
        let decision = await NodeCountSearch(target: .seconds(target), mostNodes: most).decide { count in
            calls += 1
            let wall = start + max(work / Double(count), longest)
            return FanOutForecast(
                nodes: count, wall: .seconds(wall), machineTime: .seconds(start * Double(count) + work), price: nil,
                isPossible: isPossible(count))
        }
        return (decision, calls)
    }

    @Test(arguments: [(600, 540, 1), (600, 541, 2), (600, 5400, 10), (600, 54_000, 100), (61, 200, 200)])
    func `it takes the fewest nodes that come to the target`(target: Double, work: Double, nodes: Int) async {
        let (decision, calls) = await decide(work: work, target: target)
        #expect(decision.chosen.nodes == nodes)
        #expect(decision.reason == .target)
        #expect(calls <= 18)
    }

    @Test func `where no count comes to it, more nodes than gain anything are not taken`() async {
        let (decision, _) = await decide(work: 1000, longest: 100, target: 30)
        #expect(decision.reason == .noGain)
        #expect(decision.chosen.nodes == 10)
    }

    @Test func `there are no more nodes than there are`() async {
        let (decision, _) = await decide(work: 100_000, target: 100, most: 5)
        #expect(decision.reason == .limit)
        #expect(decision.chosen.nodes == 5)
    }

    @Test func `what only a later class can run asks for that many nodes`() async {
        let (decision, _) = await decide(work: 60, target: 600) { $0 >= 5 }
        #expect(decision.chosen.nodes == 5)
        let (never, _) = await decide(work: 60, target: 600, most: 9) { _ in false }
        #expect(never.reason == .impossible)
    }

    @Test func `the decision is told in minutes and money`() {
        let forecast = FanOutForecast(
            nodes: 4, wall: .seconds(500), machineTime: .seconds(1800), price: 0.24, isPossible: true)
        let decision = FanOutDecision(chosen: forecast, tried: [forecast], target: .seconds(600), reason: .target)
        #expect(
            decision.lines(currency: "USD") == [
                "4 nodes, the fewest that come to the target of 10 m 00 s: 8 m 20 s with their start",
                "  4 nodes: 8 m 20 s, 30.0 minutes of machines, 0.24 USD  ← chosen",
            ])
    }
}

struct NodeFleetTests {
    private let standard = NodeShape(hardware: "here", slots: 2)

    @Test func `without classes all nodes are like this one`() {
        let fleet = NodeFleet(FanOutSettings(), standard: standard)
        #expect(fleet.shapes(3) == [standard, standard, standard])
        #expect(fleet.mostNodes == nil)
    }

    @Test func `the first class is used up before the next`() {
        let settings = FanOutSettings(classes: [
            NodeClass(hardware: "big", labels: ["gpu"], slots: 8, price: 0.1, mostNodes: 2),
            NodeClass(labels: ["small"], startCost: .seconds(30), price: 0.01),
        ])
        let fleet = NodeFleet(settings, standard: standard)
        #expect(fleet.shapes(4).map(\.hardware) == ["big", "big", "here", "here"])
        #expect(fleet.nodes(4).map(\.labels) == [["gpu"], ["gpu"], ["small"], ["small"]])
        #expect(fleet.nodes(3).map(\.startCost) == [.seconds(60), .seconds(60), .seconds(30)])
        #expect(fleet.mostNodes == nil)
    }

    @Test func `a forecast counts starts, machines and money`() {
        let settings = FanOutSettings(classes: [NodeClass(price: 0.5, mostNodes: 4)])
        let fleet = NodeFleet(settings, standard: standard)
        let nodes = [60, 120].enumerated().map { index, seconds in
            PlannedNode(index: index, hardware: "here", slots: 2, estimate: .seconds(seconds), batches: [])
        }
        let forecast = fleet.forecast(of: Plan(nodes: nodes, makespan: .seconds(120), lowerBound: .zero))
        #expect(forecast.wall == .seconds(180))
        #expect(forecast.machineTime == .seconds(300))
        #expect(forecast.price == 2.5)
        #expect(fleet.mostNodes == 4)
    }
}
