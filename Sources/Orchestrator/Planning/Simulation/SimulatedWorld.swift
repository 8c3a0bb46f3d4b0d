import CICore

/// One draw of a scenario: what each test is expected to take and takes, and how each node behaves. Seconds.
struct SimulatedWorld {
    /// One test.
    struct Test {
        var estimate: Double
        /// On a node of the speed 1.
        var real: Double
        /// Whether only scarce nodes can run it.
        var isScarce: Bool
        /// How often it failed in the past, from 0 to 1.
        var risk: Double
        /// Whether its first attempt fails.
        var fails: Bool
    }

    /// One machine.
    struct Node {
        /// When it joins.
        var start: Double
        /// How much it does in a second of a node of the speed 1.
        var speed: Double
        /// Whether it can run scarce tests.
        var isScarce: Bool
    }

    let scenario: SimulationScenario
    let tests: [Test]
    let nodes: [Node]

    init(_ scenario: SimulationScenario, seed: UInt64) {
        self.scenario = scenario
        var numbers = RandomNumbers(seed: seed)
        let weather = scenario.weather
        // A tenth of the tests fails four of five times, the others share the rest.
        let rate = weather.failures
        tests = (0..<scenario.suite.tests).map { _ in
            let estimate = max(scenario.suite.durations.draw(using: &numbers), 1e-3)
            let risk = min((numbers.uniform() < 0.1 ? 8 : 2.0 / 9) * rate, 0.95)
            return Test(
                estimate: estimate, real: estimate * numbers.noise(weather.noise),
                isScarce: numbers.uniform() < scenario.suite.scarce, risk: risk, fails: numbers.uniform() < risk)
        }
        let scarce = scenario.fleet.scarce
        nodes = (0..<scenario.fleet.nodes).map { index in
            Node(
                start: numbers.uniform() * weather.skew.seconds, speed: numbers.lognormal(weather.speeds),
                isScarce: index < scarce)
        }
    }

    /// The tests as the planner sees them, in a few suites; the scarce ones fit on the scarce nodes.
    func request(sharing: BatchSharing, order: RunSettings.Order = .longestFirst) -> PlanRequest {
        let suites = (0..<Self.suites).map { number in
            let name = SuiteName("suite-\(number)")
            let places = tests.count * number / Self.suites..<tests.count * (number + 1) / Self.suites
            return PlanRequest.SuiteShare(
                name: name, startCost: scenario.suite.start, units: places.map { unit($0, of: name) })
        }
        let shape = NodeShape(hardware: "simulated", slots: scenario.fleet.slots)
        return PlanRequest(
            suites: suites, nodes: [NodeShape](repeating: shape, count: nodes.count),
            fits: [NodeFit(requirement: "scarce", nodes: nodes.indices.filter { nodes[$0].isScarce })],
            order: batchOrder(order), sharing: sharing)
    }

    private static let suites = 4

    private func unit(_ place: Int, of suite: SuiteName) -> EstimatedUnit {
        EstimatedUnit(
            id: UnitID(suite: suite, selector: String(1_000_000 + place)),
            estimate: Estimate(
                .microseconds(Int64((tests[place].estimate * 1e6).rounded())), basis: .history(samples: 2)),
            fit: tests[place].isScarce ? 0 : nil)
    }

    /// Those count as failed in their last run that fail more often than others.
    private func batchOrder(_ order: RunSettings.Order) -> BatchOrder {
        switch order {
        case .longestFirst: .longestFirst
        case .listed: .listed
        case .random(let seed): .random(seed: seed ?? 0)
        case .failedFirst:
            .failedFirst(
                Set(
                    tests.indices.filter { tests[$0].risk >= typicalRisk * 2 }.map {
                        UnitID(suite: SuiteName("suite-\(suite(of: $0))"), selector: String(1_000_000 + $0))
                    }))
        }
    }

    /// The number of the suite that a test is in.
    func suite(of place: Int) -> Int {
        (0..<Self.suites).last { tests.count * $0 / Self.suites <= place } ?? 0
    }

    private var typicalRisk: Double { max(scenario.weather.failures, 1e-9) }

    /// The place of a unit of `request`.
    static func place(of unit: UnitID) -> Int {
        (Int(unit.rawValue.split(separator: ":").last ?? "") ?? 1_000_000) - 1_000_000
    }
}
