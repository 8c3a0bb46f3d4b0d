import CICore

@testable import Orchestrator

/// Suites with conditions, made up in a line each.
enum DependencyFixtures {
    static func units(_ suite: SuiteName, _ selectors: [String], labels: [String] = []) -> [TestUnit] {
        selectors.map { selector in
            TestUnit(
                suite: suite, selector: selector, granularity: .test, tests: [selector],
                constraints: .init(labels: labels))
        }
    }

    static func source(
        _ name: SuiteName, _ selectors: [String], _ conditions: Suite.Conditions = .init(), labels: [String] = []
    ) -> DependencyResolver.Source {
        .init(name: name, conditions: conditions, units: units(name, selectors, labels: labels))
    }

    static func after(_ texts: String...) -> [DependencyReference] {
        texts.map { text in DependencyReference(text, targets: [ReferenceText(text).target].compactMap(\.self)) }
    }

    static func rule(_ tests: String, after texts: String...) -> TestRule {
        TestRule(
            selection: .init(tests: [TestPattern(tests)]),
            after: texts.map { DependencyReference($0, targets: [ReferenceText($0).target].compactMap(\.self)) })
    }

    static func graph(_ sources: [DependencyResolver.Source]) throws(ConfigurationError) -> DependencyGraph {
        var resolver = DependencyResolver(sources, isWhole: true, file: "dt-ci.yml")
        return try resolver.resolve().graph
    }

    /// A request of one node with an estimate of so many seconds for each unit.
    static func request(
        _ sources: [DependencyResolver.Source], seconds: (UnitID) -> Int = { _ in 1 }, start: Duration = .zero,
        nodes: Int = 1, slots: Int = 2
    ) throws(ConfigurationError) -> PlanRequest {
        let graph = try graph(sources)
        let shares = sources.map { source in
            PlanRequest.SuiteShare(
                name: source.name, startCost: start,
                units: source.units.map { unit in
                    EstimatedUnit(
                        id: unit.id, estimate: Estimate(.seconds(seconds(unit.id)), basis: .history(samples: 5)),
                        bond: unit.constraints.bond, isSerial: unit.constraints.isSerial)
                },
                claims: Dictionary(
                    uniqueKeysWithValues: source.units.enumerated().compactMap { position, unit in
                        unit.constraints.exclusive.isEmpty ? nil : (Int32(position), unit.constraints.exclusive)
                    }))
        }
        return PlanRequest(
            suites: shares, nodes: (0..<nodes).map { _ in PlanningFixtures.node(slots: slots) }, dependencies: graph)
    }

    /// Two suites of up to forty tests that wait for earlier ones at random, some bonded, serial or claiming, on up to four
    /// nodes.
    static func random(seed: UInt64) throws(ConfigurationError) -> PlanRequest {
        var generator = SeededGenerator(seed: seed)
        var sources: [DependencyResolver.Source] = []
        var names: [String] = []
        for suite in ["s", "u"] {
            var source = source(SuiteName(suite), (0..<Int.random(in: 2...40, using: &generator)).map { "t\($0)" })
            for index in source.units.indices {
                let isWaiting = !names.isEmpty && Int.random(in: 0..<3, using: &generator) == 0
                if isWaiting, let first = names.randomElement(using: &generator) {
                    source.conditions.rules.append(rule("t\(index)", after: first))
                }
                names.append("\(suite)::t\(index)")
                if !isWaiting, Int.random(in: 0..<6, using: &generator) == 0 {
                    source.units[index].constraints.isSerial = true
                }
                if Int.random(in: 0..<5, using: &generator) == 0 {
                    source.units[index].constraints.exclusive = [
                        .init(name: "db", count: Int.random(in: 1...2, using: &generator), capacity: 2)
                    ]
                }
            }
            sources.append(source)
        }
        // Bonded tests that nothing waits for: others might make a circle.
        var free = source("bonded", (0..<12).map { "t\($0)" })
        for index in free.units.indices { free.units[index].constraints.bond = "b\(index % 4)" }
        free.units[3].constraints.exclusive = [.init(name: "port", count: 1, capacity: 1)]
        sources.append(free)
        return try request(
            sources, seconds: { Int($0.rawValue.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) } % 9) + 1 },
            start: .milliseconds(300), nodes: Int.random(in: 1...4, using: &generator),
            slots: Int.random(in: 1...4, using: &generator))
    }

    /// Who waits for whom, as `a<b`: `a` comes first.
    static func pairs(_ graph: DependencyGraph) -> Set<String> {
        var pairs: Set<String> = []
        for gate in graph.gates {
            for input in gate.inputs {
                for waiting in gate.waiting {
                    pairs.insert("\(graph.vertices[Int(input)].unit)<\(graph.vertices[Int(waiting)].unit)")
                }
            }
        }
        return pairs
    }
}
