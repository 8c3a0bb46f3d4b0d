/// How the nodes of a simulated run come to their work.
package enum SimulatedServing: Sendable {
    /// As many tests for each node, as those split who know no durations.
    case counted
    /// Each node its own share of a plan.
    case planned
    /// Its own share of a plan, then what others have left.
    case stolen
    /// All from one queue, in the order of a strategy.
    case queued(any SchedulingStrategy)

    /// Every way, the plainest first.
    package static let all: [SimulatedServing] =
        [.counted, .planned, .stolen] + SchedulingStrategies.all.map { .queued($0) }

    /// As tables name it.
    package var title: String {
        switch self {
        case .counted: "split by count"
        case .planned: "static plan"
        case .stolen: "static plan, stealing"
        case .queued(let strategy): "queue, \(strategy.name)"
        }
    }
}

/// The work of a simulated run that nobody has taken.
struct SimulatedBacklog {
    private let serving: SimulatedServing
    /// Scarce nodes, by their place.
    private let isScarce: [Bool]
    /// What was lost or failed comes first.
    private var urgent: [SimulatedJob] = []
    /// The jobs of each node, or of all in the first list and the scarce ones in the second; the next one is last.
    private var lists: [[SimulatedJob]]
    private(set) var count = 0

    init(_ jobs: [SimulatedJob], _ serving: SimulatedServing, in world: SimulatedWorld) {
        self.serving = serving
        isScarce = world.nodes.map(\.isScarce)
        let initial = RunSituation()
        switch serving {
        case .counted, .planned, .stolen:
            lists = [[SimulatedJob]](repeating: [], count: world.nodes.count)
            for job in jobs.reversed() { lists[job.home].append(job) }
        case .queued(let strategy):
            let ranks = jobs.map { strategy.rank(of: $0.facts, in: initial) }
            let order = jobs.indices.sorted { (ranks[$0], $0) > (ranks[$1], $1) }
            lists = [order.map { jobs[$0] }.filter { !$0.isScarce }, order.map { jobs[$0] }.filter(\.isScarce)]
        }
        count = jobs.count
    }

    /// Puts a job before all others.
    mutating func putBack(_ job: SimulatedJob) {
        count += 1
        switch serving {
        case .counted, .planned: lists[job.home].append(job)
        case .stolen, .queued: urgent.append(job)
        }
    }

    /// What a free slot of a node takes; `nil` if there is nothing for it now.
    mutating func next(for node: Int, in situation: RunSituation) -> SimulatedJob? {
        guard count > 0, let job = taken(by: node, situation) else { return nil }
        count -= 1
        return job
    }

    private mutating func taken(by node: Int, _ situation: RunSituation) -> SimulatedJob? {
        if let place = urgent.firstIndex(where: { isAble(node, $0) }) { return urgent.remove(at: place) }
        switch serving {
        case .counted, .planned: return lists[node].popLast()
        case .stolen: return lists[node].popLast() ?? stolen(by: node)
        case .queued(let strategy):
            // What few can run waits for nobody else.
            if isScarce[node], let job = taken(from: 1, strategy, situation) { return job }
            return taken(from: 0, strategy, situation)
        }
    }

    private mutating func taken(
        from list: Int, _ strategy: any SchedulingStrategy, _ situation: RunSituation
    ) -> SimulatedJob? {
        guard !strategy.isSteady else { return lists[list].popLast() }
        var best: (place: Int, rank: Double)?
        for place in lists[list].indices.reversed() {
            let rank = strategy.rank(of: lists[list][place].facts, in: situation)
            if best.map({ rank < $0.rank }) ?? true { best = (place, rank) }
        }
        return best.map { lists[list].remove(at: $0.place) }
    }

    /// The next job of the node that has most left.
    private mutating func stolen(by thief: Int) -> SimulatedJob? {
        var victim: (node: Int, place: Int, left: Double)?
        for node in lists.indices {
            guard let place = lists[node].lastIndex(where: { isAble(thief, $0) }) else { continue }
            let left = lists[node].reduce(0) { $0 + $1.facts.estimate }
            if victim.map({ left > $0.left }) ?? true { victim = (node, place, left) }
        }
        return victim.map { lists[$0.node].remove(at: $0.place) }
    }

    private func isAble(_ node: Int, _ job: SimulatedJob) -> Bool { isScarce[node] || !job.isScarce }
}
