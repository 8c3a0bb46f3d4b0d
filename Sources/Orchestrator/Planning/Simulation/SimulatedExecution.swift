import CICore

/// Plays a simulated world through: nodes join, take work, go away and come back until everything is done.
///
/// Events in the order of their time; no clock. What a node was running when it went away is served again after
/// `lease`, and a node like it joins after `replacement`.
struct SimulatedExecution {
    /// What came of it, in seconds.
    struct Outcome {
        var wall = 0.0
        /// When the first failure was known; `nil` if nothing failed.
        var firstFailure: Double?
        /// Tests with a verdict before the deadline.
        var inTime = 0
    }

    private static let lease = 30.0
    private static let replacement = 120.0

    private enum Event {
        case join(node: Int)
        case leave(node: Int)
        case end(Int)
        case expire(SimulatedJob)
    }

    private struct Running {
        var job: SimulatedJob
        var node: Int
        var start: Double
    }

    private let world: SimulatedWorld
    private let slots: Int
    private var numbers: RandomNumbers
    private var backlog: SimulatedBacklog
    private var situation: RunSituation
    /// The next one is last.
    private var events: [(time: Double, event: Event)] = []
    private var free: [Int]
    private var running: [Int: Running] = [:]
    private var started = 0
    private var expiring = 0
    private var outcome = Outcome()

    init(_ world: SimulatedWorld, _ jobs: [SimulatedJob], _ serving: SimulatedServing, seed: UInt64) {
        self.world = world
        numbers = RandomNumbers(seed: ~seed)
        backlog = SimulatedBacklog(jobs, serving, in: world)
        free = world.nodes.map { _ in 0 }
        var slots = world.scenario.fleet.slots
        if case .queued(let strategy) = serving { slots = max(1, strategy.slots(of: slots)) }
        self.slots = slots
        situation = RunSituation(
            slots: slots * world.nodes.count, remaining: jobs.reduce(0) { $0 + $1.facts.estimate },
            deadline: world.scenario.deadline?.seconds)
    }

    /// Runs to the end.
    mutating func run() -> Outcome {
        for (node, machine) in world.nodes.enumerated() { add(.join(node: node), at: machine.start) }
        while backlog.count > 0 || !running.isEmpty || expiring > 0, let (time, event) = events.popLast() {
            situation.elapsed = time
            take(event, at: time)
            serve(at: time)
        }
        return outcome
    }

    private mutating func add(_ event: Event, at time: Double) {
        guard time.isFinite else { return }
        var low = 0
        var high = events.count
        while low < high {
            let middle = (low + high) / 2
            if events[middle].time > time { low = middle + 1 } else { high = middle }
        }
        events.insert((time, event), at: low)
    }

    private mutating func take(_ event: Event, at time: Double) {
        switch event {
        case .join(let node):
            free[node] = slots
            add(.leave(node: node), at: time + numbers.wait(rate: world.scenario.weather.preemptions / 3600))
        case .leave(let node):
            free[node] = 0
            for (number, lost) in running where lost.node == node {
                running[number] = nil
                expiring += 1
                add(.expire(lost.job), at: time + Self.lease)
            }
            add(.join(node: node), at: time + Self.replacement)
        case .expire(let job):
            expiring -= 1
            backlog.putBack(job)
        case .end(let number):
            guard let ended = running.removeValue(forKey: number) else { return }
            free[ended.node] += 1
            finish(ended, at: time)
        }
    }

    private mutating func finish(_ ended: Running, at time: Double) {
        let failed = ended.job.isRetry ? [] : ended.job.tests.filter { world.tests[$0].fails }
        situation.remaining -= ended.job.facts.estimate
        situation.past.finish(ended.job.facts, seconds: time - ended.start, hasFailed: !failed.isEmpty)
        outcome.wall = max(outcome.wall, time)
        if let deadline = situation.deadline, time <= deadline, !ended.job.isRetry {
            outcome.inTime += ended.job.tests.count
        }
        guard !failed.isEmpty else { return }
        if let after = ended.job.firstFailure(in: world) {
            let known = ended.start + after / world.nodes[ended.node].speed
            outcome.firstFailure = min(outcome.firstFailure ?? known, known)
        }
        var retry = SimulatedJob(failed, home: ended.node, in: world)
        retry.isRetry = true
        situation.remaining += retry.facts.estimate
        backlog.putBack(retry)
    }

    private mutating func serve(at time: Double) {
        for node in world.nodes.indices where free[node] > 0 {
            while free[node] > 0, let job = backlog.next(for: node, in: situation) {
                free[node] -= 1
                situation.past.start(job.facts)
                running[started] = Running(job: job, node: node, start: time)
                add(.end(started), at: time + job.real / world.nodes[node].speed)
                started += 1
            }
        }
    }
}
