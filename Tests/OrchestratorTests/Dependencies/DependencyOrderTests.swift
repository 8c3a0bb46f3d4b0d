import CICore
import Testing

@testable import Orchestrator

struct DependencyOrderTests {
    private typealias Make = DependencyFixtures

    /// a → b → d (long), a → c → d, e alone waits for nothing but is waited for by d.
    private func diamond() throws -> PlanRequest {
        let rules = [
            Make.rule("b", after: "s::a"), Make.rule("c", after: "s::a"),
            Make.rule("d", after: "s::b", "s::c", "s::e"),
        ]
        return try Make.request(
            [Make.source("s", ["a", "b", "c", "d", "e", "free"], .init(rules: rules))],
            seconds: { $0 == "s::b" ? 10 : 2 }, start: .seconds(1))
    }

    @Test func `levels, ends and the longest way`() throws {
        let order = DependencyOrder(of: try diamond())
        #expect(order.levels == [0, 1, 1, 2, 0])
        #expect(order.ends == [3, 14, 6, 17, 3].map { $0 * 1_000_000 })
        #expect(order.tails == [17, 14, 6, 3, 6].map { $0 * 1_000_000 })
        #expect(order.criticalPath() == [0, 1, 3])
        #expect(order.longest == .seconds(17))
    }

    @Test func `bonded units are one step of a way`() throws {
        var source = Make.source("s", ["a", "b", "c"], .init(rules: [Make.rule("c", after: "s::a")]))
        source.units[0].constraints.bond = "g"
        source.units[1].constraints.bond = "g"
        let order = DependencyOrder(of: try Make.request([source], seconds: { _ in 5 }, start: .seconds(1)))
        #expect(order.levels == [0, 0, 1])
        #expect(order.longest == .seconds(11 + 6))
    }

    @Test func `the picture has a box for each test, its level and the longest way`() throws {
        let outline = GraphOutline(of: try diamond())
        #expect(outline.boxes.map(\.name) == ["s::a", "s::e", "s::b", "s::c", "s::d"])
        #expect(outline.boxes.filter(\.isCritical).map(\.name) == ["s::a", "s::b", "s::d"])
        #expect(outline.lines.count == 5)
        let text = GraphText(outline)
        let lines = text.lines()
        #expect(lines.first == "level 1, waits for nothing: 2 units, 4.00 s")
        #expect(lines.contains { $0.hasPrefix("  s::d (2.00 s, on the critical path) after s::b, s::c, s::e") })
        #expect(lines.last?.hasPrefix("critical path: 17.0 s with the start") == true)
        #expect(lines.last?.hasSuffix("s::a (2.00 s) → s::b (10.0 s) → s::d (2.00 s)") == true)
        #expect(text.dot().contains("n2 -> n4;"))
    }

    @Test func `too many tests become a box for each suite and level`() throws {
        let names = (0..<400).map { "t\($0)" }
        let request = try Make.request([
            Make.source("a", names), Make.source("b", names, .init(after: Make.after("a"))),
        ])
        let outline = GraphOutline(of: request)
        #expect(outline.isSummary)
        #expect(outline.boxes.map(\.name) == ["a, level 1", "b, level 2"])
        #expect(outline.boxes.map(\.units) == [400, 400])
        #expect(outline.lines == [.init(from: 0, to: 1, needsPass: true)])
    }

    @Test func `lines from many to many meet in one place`() throws {
        let names = (0..<20).map { "t\($0)" }
        let request = try Make.request([
            Make.source("a", names), Make.source("b", names, .init(after: Make.after("a"))),
        ])
        let outline = GraphOutline(of: request)
        #expect(outline.lines.count == 40)
        #expect(outline.boxes.count { $0.units == 0 } == 1)
    }

    @Test func `hostile names stay within their quotes`() throws {
        let request = try Make.request([
            Make.source("s", ["a\"];evil[\n", "b\\"], .init(rules: [Make.rule("b\\", after: "s::a*")]))
        ])
        let dot = GraphText(GraphOutline(of: request)).dot()
        #expect(dot.contains("s::a\\\"];evil["))
        #expect(dot.contains("s::b\\\\"))
        #expect(dot.split(separator: "\n").count == 7)
    }

    @Test func `nothing that waits is said so`() throws {
        let request = try Make.request([Make.source("s", ["a"])])
        #expect(GraphText(GraphOutline(of: request)).lines() == ["nothing waits: every test can run at once"])
    }
}
