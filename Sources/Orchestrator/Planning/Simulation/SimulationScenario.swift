import CICore

/// What a simulated run is made of; the same scenario and seed give the same run on every machine.
package struct SimulationScenario: Sendable, Hashable {
    package var suite: Work
    package var fleet: Fleet
    package var weather: Weather
    /// When the run is to be over; `nil` = nobody waits for it.
    package var deadline: Duration?

    package init(
        suite: Work = Work(), fleet: Fleet = Fleet(), weather: Weather = Weather(), deadline: Duration? = nil
    ) {
        self.suite = suite
        self.fleet = fleet
        self.weather = weather
        self.deadline = deadline
    }

    /// The tests.
    package struct Work: Sendable, Hashable {
        package var tests: Int
        package var durations: SimulatedDurations
        /// What each batch costs besides its tests.
        package var start: Duration
        /// The share of the tests that only the scarce nodes can run, from 0 to 1.
        package var scarce: Double

        package init(
            tests: Int = 1000, durations: SimulatedDurations = .lognormal, start: Duration = .zero, scarce: Double = 0
        ) {
            self.tests = tests
            self.durations = durations
            self.start = start
            self.scarce = scarce
        }
    }

    /// The machines.
    package struct Fleet: Sendable, Hashable {
        package var nodes: Int
        package var slots: Int
        /// How many of the nodes can run what the others cannot.
        package var scarce: Int

        package init(nodes: Int = 16, slots: Int = 1, scarce: Int = 0) {
            self.nodes = max(nodes, 1)
            self.slots = max(slots, 1)
            self.scarce = min(max(scarce, 0), self.nodes)
        }
    }

    /// How far the run departs from the plan.
    package struct Weather: Sendable, Hashable {
        /// σ of the logarithm of real over expected duration.
        package var noise: Double
        /// Nodes join evenly spread over this time.
        package var skew: Duration
        /// σ of the logarithm of a node's speed.
        package var speeds: Double
        /// The share of the tests that fail and are run once more, from 0 to 1.
        package var failures: Double
        /// How often a node goes away, an hour; what it was running is run again elsewhere.
        package var preemptions: Double

        package init(
            noise: Double = 0.3, skew: Duration = .seconds(60), speeds: Double = 0.2, failures: Double = 0,
            preemptions: Double = 0
        ) {
            self.noise = noise
            self.skew = skew
            self.speeds = speeds
            self.failures = failures
            self.preemptions = preemptions
        }
    }
}

/// How long the tests of a simulated suite are expected to take.
package enum SimulatedDurations: Sendable, Hashable {
    /// A median of 5 s and σ = 1: a mean of 8 s and a long tail.
    case lognormal
    /// The shape 1.5 from 3 s on: a mean of 9 s, and few that take minutes.
    case pareto
    /// Nine of ten take about 2 s, the others about 40 s.
    case bimodal
    /// As they were measured, in seconds, drawn with replacement.
    case recorded([Double])

    /// The word on the command line.
    package var name: String {
        switch self {
        case .lognormal: "lognormal"
        case .pareto: "pareto"
        case .bimodal: "bimodal"
        case .recorded: "recorded"
        }
    }

    /// Those that need no recording.
    package static let known: [SimulatedDurations] = [.lognormal, .pareto, .bimodal]

    /// One duration in seconds.
    func draw(using numbers: inout RandomNumbers) -> Double {
        switch self {
        case .lognormal: 5 * numbers.lognormal(1)
        case .pareto: min(3 / numbers.cubeRootOfSquare(), 600)
        case .bimodal: (numbers.uniform() < 0.9 ? 2 : 40) * numbers.lognormal(0.2)
        case .recorded(let seconds): seconds.isEmpty ? 1 : seconds[numbers.place(below: seconds.count)]
        }
    }
}
