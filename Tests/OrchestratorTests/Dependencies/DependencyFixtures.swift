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
                        bond: unit.constraints.bond, isSerial: unit.constraints.isSerial,
                        exclusive: unit.constraints.exclusive)
                })
        }
        return PlanRequest(
            suites: shares, nodes: (0..<nodes).map { _ in PlanningFixtures.node(slots: slots) }, dependencies: graph)
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
