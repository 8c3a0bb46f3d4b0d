import ArgumentParser
import CICore
import Orchestrator
import SystemPackage

/// `dt-ci plan simulate`: plays runs through that nothing is executed for.
struct PlanSimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Compare the ways to spread work over nodes, on runs that are played through.",
        discussion: """
            Durations, beginnings and speeds are drawn; what each way makes of the same draw is compared with what nothing \
            can beat. --strategy, --deadline and --json are those of `dt-ci plan`. Example: dt-ci plan simulate --fleet 64x1 --tests 2000
            """)

    @ParentCommand var plan: PlanCommand

    @Option(help: "Machines that share the work, and the slots of each.")
    var fleet = "16x1"

    @OptionGroup(title: "The tests") var work: SimulatedWorkOptions

    @OptionGroup(title: "What departs from the plan") var weather: SimulatedWeatherOptions

    @Option(help: "How often everything is drawn anew.")
    var draws = 60

    func validate() throws {
        // What stands before or after `simulate` alike is read as the plan's own.
        guard plan.fanOut.nodes == "1", plan.settings.run.slots == nil else {
            throw ValidationError("--nodes and --slots are of a plan; a simulation has --fleet, such as --fleet 64x1.")
        }
        guard plan.timings == nil, plan.startCost == nil else {
            throw ValidationError(
                "--timings and --start-cost are of a plan; a simulation has --recorded and --batch-start.")
        }
        _ = try (shape(), deadline())
        guard (1...10_000).contains(draws) else { throw ValidationError("--draws is \(draws); expected 1 to 10000.") }
        if let name = plan.settings.run.strategy, SchedulingStrategies.named(name) == nil {
            let known = SchedulingStrategies.all.map(\.name).joined(separator: ", ")
            throw ValidationError("--strategy is \"\(SafeText.line(name, limit: 60))\"; expected one of \(known).")
        }
    }

    private func shape() throws -> (nodes: Int, slots: Int) {
        let numbers = fleet.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard let nodes = numbers[0], (1...10_000).contains(nodes), numbers.count <= 2,
            let slots = numbers.count == 2 ? numbers[1] : 1, (1...1000).contains(slots)
        else {
            throw ValidationError(
                "--fleet is \"\(SafeText.line(fleet, limit: 60))\"; expected NODESxSLOTS, such as 16x1.")
        }
        return (nodes, slots)
    }

    private func deadline() throws -> Duration? {
        try plan.settings.run.deadline.map { text in
            guard let deadline = DurationText.parse(text), deadline > .zero else {
                throw ValidationError(
                    "--deadline is \"\(SafeText.line(text, limit: 60))\"; expected a duration such as 10m.")
            }
            return deadline
        }
    }

    func run() throws {
        let (nodes, slots) = try shape()
        let scenario = SimulationScenario(
            suite: try work.suite(in: .live),
            fleet: .init(nodes: nodes, slots: slots, scarce: work.scarceNodes),
            weather: try weather.weather(), deadline: try deadline())
        let chosen = plan.settings.run.strategy.flatMap(SchedulingStrategies.named).map { SimulatedServing.queued($0) }
        let study = SimulationStudy(scenario, servings: chosen.map { [$0] } ?? SimulatedServing.all, seeds: draws)
        let table = SimulationTable(study.rows(), of: scenario, draws: draws)
        guard plan.json else {
            FileDescriptor.standardOutput.say(table.lines().map { $0 + "\n" }.joined())
            return
        }
        var writer = JSONWriter()
        table.write(to: &writer)
        writer.endLine()
        FileDescriptor.standardOutput.say(String(decoding: writer.drain(), as: UTF8.self))
    }
}

/// What the tests of a simulated run are like.
struct SimulatedWorkOptions: ParsableArguments {
    @Option(help: "How many tests there are.")
    var tests = 1000

    @Option(help: "How long they take: lognormal, pareto or bimodal.")
    var durations = "lognormal"

    @Option(
        help: "As long as in this JSON map from test to seconds, instead of --durations.",
        completion: .file(extensions: ["json"]))
    var recorded: String?

    @Option(help: "What each batch costs besides its tests, such as 300ms.")
    var batchStart = "0s"

    @Option(help: "The share of the tests that only --scarce-nodes can run, such as 10%.")
    var scarceTests = "0"

    @Option(help: "How many of the nodes can run all tests, where --scarce-tests need certain ones.")
    var scarceNodes = 0

    func validate() throws {
        guard (1...1_000_000).contains(tests) else {
            throw ValidationError("--tests is \(tests); expected 1 to 1000000.")
        }
        guard SimulatedDurations.known.contains(where: { $0.name == durations }) else {
            let known = SimulatedDurations.known.map(\.name).joined(separator: ", ")
            throw ValidationError(
                "--durations is \"\(SafeText.line(durations, limit: 60))\"; expected one of \(known).")
        }
        let share = try SimulatedShare(scarceTests, of: "--scarce-tests")
        guard share.value == 0 || scarceNodes > 0 else {
            throw ValidationError("--scarce-tests need --scarce-nodes to run on; expected 1 or more.")
        }
        guard DurationText.parse(batchStart) != nil else {
            throw ValidationError("--batch-start is \"\(batchStart)\"; expected a duration such as 300ms.")
        }
    }

    /// The suite that they describe.
    func suite(in surroundings: Surroundings) throws -> SimulationScenario.Work {
        var durations = SimulatedDurations.known.first { $0.name == self.durations } ?? .lognormal
        if let recorded {
            let units = try PlanSession.units(in: recorded, surroundings)
            durations = .recorded(units.map(\.estimate.duration.seconds))
        }
        return SimulationScenario.Work(
            tests: tests, durations: durations, start: DurationText.parse(batchStart) ?? .zero,
            scarce: try SimulatedShare(scarceTests, of: "--scarce-tests").value)
    }
}

/// How a simulated run departs from its plan.
struct SimulatedWeatherOptions: ParsableArguments {
    @Option(help: "σ of the logarithm of real over expected duration.")
    var noise = 0.3

    @Option(help: "Nodes join within this time.")
    var skew = "60s"

    @Option(help: "σ of the logarithm of the nodes' speeds.")
    var speeds = 0.2

    @Option(help: "The share of the tests that fail and run again, such as 2%.")
    var failing = "0"

    @Option(help: "How often an hour each node goes away, with what it runs.")
    var preemptions = 0.0

    func validate() throws {
        for (name, value) in [("--noise", noise), ("--speeds", speeds)] where !(0...3).contains(value) {
            throw ValidationError("\(name) is \(value); expected 0 to 3.")
        }
        guard (0...60).contains(preemptions) else {
            throw ValidationError("--preemptions is \(preemptions); expected 0 to 60 an hour.")
        }
        _ = try weather()
    }

    /// What they describe.
    func weather() throws -> SimulationScenario.Weather {
        guard let skew = DurationText.parse(skew) else {
            throw ValidationError("--skew is \"\(SafeText.line(skew, limit: 60))\"; expected a duration such as 60s.")
        }
        return SimulationScenario.Weather(
            noise: noise, skew: skew, speeds: speeds, failures: try SimulatedShare(failing, of: "--failing").value,
            preemptions: preemptions)
    }
}

/// A share as `10%` or `0.1`.
private struct SimulatedShare {
    /// From 0 to 1.
    let value: Double

    init(_ text: String, of option: String) throws {
        let number = text.hasSuffix("%") ? Double(text.dropLast()).map { $0 / 100 } : Double(text)
        guard let number, (0...1).contains(number) else {
            throw ValidationError(
                "\(option) is \"\(SafeText.line(text, limit: 60))\"; expected a share such as 10% or 0.1.")
        }
        value = number
    }
}
