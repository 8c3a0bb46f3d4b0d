import CICore
import Testing

@testable import Orchestrator

struct DependencyResolverTests {
    private typealias Make = DependencyFixtures

    private func issues(_ sources: [DependencyResolver.Source]) -> [String] {
        do throws(ConfigurationError) {
            _ = try Make.graph(sources)
            return []
        } catch {
            return error.issues.map(\.description)
        }
    }

    @Test func `where nothing is said, nothing waits`() throws {
        #expect(try Make.graph([Make.source("a", ["x", "y"]), Make.source("b", ["z"])]) == .none)
    }

    @Test func `a suite after another waits at one gate, however large they are`() throws {
        let many = (0..<500).map { "t\($0)" }
        let graph = try Make.graph([
            Make.source("a", many), Make.source("b", many, .init(after: Make.after("a"))), Make.source("c", ["free"]),
        ])
        #expect(graph.gates.count == 1)
        #expect(graph.vertices.count == 1000)
        #expect(graph.gates[0].inputs.count == 500)
    }

    @Test func `rules, globs, files and tags name parts of suites`() throws {
        var other = Make.source("b", ["m1", "m2"])
        other.units[1].constraints.labels = ["slow"]
        let graph = try Make.graph(
            [
                Make.source(
                    "a", ["t1", "t2", "t3"],
                    .init(rules: [Make.rule("t1", after: "a::t[23]*", "a::t2"), Make.rule("t3", after: "tag:slow")])),
                other,
            ].map { source in
                var source = source
                // Brackets stand for themselves: the first reference would match nothing.
                if source.name == "a" { source.conditions.rules[0].after.removeFirst() }
                return source
            })
        #expect(Make.pairs(graph) == ["a::t2<a::t1", "b::m2<a::t3"])
    }

    @Test func `a rule after the whole of its own suite means all others`() throws {
        let graph = try Make.graph([
            Make.source("a", ["first", "second", "last1", "last2"], .init(rules: [Make.rule("last*", after: "a")]))
        ])
        #expect(
            Make.pairs(graph) == ["a::first<a::last1", "a::first<a::last2", "a::second<a::last1", "a::second<a::last2"])
    }

    @Test func `a teardown waits for its setup and all that waits for it, inner ones first`() throws {
        let graph = try Make.graph([
            Make.source("net", ["n"], .init(teardown: "net-end")), Make.source("net-end", ["ne"]),
            Make.source("db", ["d"], .init(setup: ["net"], teardown: "db-end")), Make.source("db-end", ["de"]),
            Make.source("api", ["t"], .init(setup: ["db"])), Make.source("free", ["f"]),
        ])
        let pairs = Make.pairs(graph)
        #expect(pairs.contains("db-end::de<net-end::ne"))
        #expect(pairs.isSuperset(of: ["net::n<db::d", "db::d<api::t", "api::t<db-end::de", "api::t<net-end::ne"]))
        #expect(!pairs.contains { $0.contains("free") })
        #expect(graph.gates.count { $0.kind == .began } == 2)
    }

    @Test func `tests that wait for each other are told as a way round`() {
        let issues = issues([
            Make.source(
                "a", ["x", "y", "z"],
                .init(rules: [
                    Make.rule("x", after: "a::y"), Make.rule("y", after: "a::z"), Make.rule("z", after: "a::x"),
                ]))
        ])
        #expect(issues.count == 1)
        #expect(issues.first?.contains("tests wait for each other: a::") == true)
        #expect(issues.first?.split(separator: "→").count == 4)
    }

    @Test(arguments: [
        ("x", "a::x", "wait for themselves"), ("nope", "a::x", "is about \"nope\", and no test is called so"),
        ("x", "a::yy", "waits for \"a::yy\", and no test is called so; did you mean \"a::y\"?"),
    ])
    func `what cannot be is a mistake`(tests: String, after: String, words: String) {
        let issues = issues([Make.source("a", ["x", "y"], .init(rules: [Make.rule(tests, after: after)]))])
        #expect(issues.first?.contains(words) == true, "\(issues)")
    }

    @Test func `of a part of the tests, what is not there is a remark`() throws {
        var resolver = DependencyResolver(
            [Make.source("a", ["x"], .init(after: Make.after("b"), rules: [Make.rule("x", after: "a::y")]))],
            isWhole: false, file: "dt-ci.yml")
        let resolution = try resolver.resolve()
        #expect(resolution.graph.isEmpty)
        #expect(
            resolution.notes == [
                "a waits for b, which is not part of this run",
                "a waits for a::y, and nothing of this run is called so",
            ])
    }

    @Test func `what the runner keeps together and orders itself is no circle`() throws {
        var source = Make.source("a", ["x", "y"])
        source.units[0].constraints.bond = "g"
        source.units[1].constraints = .init(bond: "g", after: ["x"])
        let graph = try Make.graph([source])
        #expect(graph.gates.map(\.kind) == [.within])
        source.conditions.rules = [Make.rule("y", after: "a::x")]
        #expect(issues([source]).first?.contains("keeps in one batch wait for each other") == true)
    }

    @Test func `a hundred thousand tests in a row are no matter`() throws {
        let names = (0..<100_000).map { "t\($0)" }
        var source = Make.source("a", names)
        for index in 1..<names.count { source.units[index].constraints.after = [names[index - 1]] }
        let order = DependencyOrder(
            try Make.graph([source]), durations: names.map { _ in 2 }, starts: names.map { _ in 1 })
        #expect(order.depth == names.count)
        #expect(order.longest == .microseconds(3 * names.count))
    }
}
