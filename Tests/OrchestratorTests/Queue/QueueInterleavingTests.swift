import CICore
import Testing

@testable import Orchestrator

/// Random interleavings of everything that workers do, and of their deaths.
@Suite(.serialized) struct QueueInterleavingTests {
    @Test func `whatever happens, each unit ends once, results count once, and the run ends`() async throws {
        for seed in UInt64(1)...3000 {
            var drama = try await QueueDrama([.inMemory()], seed: seed)
            try await drama.play(acts: 80)
            try await drama.finish()
        }
    }

    @Test func `the file decides as memory does, step by step`() async throws {
        for seed in UInt64(1)...100 {
            var drama = try await QueueDrama([.inMemory(), try .inFile()], seed: seed)
            try await drama.play(acts: 60)
            try await drama.finish()
        }
    }

    @Test func `the database decides as memory does, step by step`() async throws {
        for seed in UInt64(1)...12 {
            var drama = try await QueueDrama([.inMemory(), try .inDatabase()], seed: seed)
            try await drama.play(acts: 60)
            try await drama.finish()
        }
    }
}

/// Plays the same random scene at several places and compares what they say.
private struct QueueDrama {
    private struct Actor {
        let seat: QueueSeat
        var leases: [Lease] = []
        /// Of leases that it no longer has, or never had in this form.
        var stale: [Lease] = []
    }

    private let stands: [QueueStand]
    private let seed: UInt64
    private var numbers: SplitMix
    private var actors: [Actor] = []
    private var accepted: [Int: Lease] = [:]
    private var ended: [UnitID: Int] = [:]
    private let units: Set<UnitID>
    private let key = QueueKey(run: "drama")

    init(_ stands: [QueueStand], seed: UInt64) async throws {
        self.stands = stands
        self.seed = seed
        numbers = SplitMix(state: seed)
        let count = Int.random(in: 1...12, using: &numbers)
        var batches: [SharedBatch] = []
        for index in 0..<count {
            let after =
                index > 0 && Int.random(in: 0..<4, using: &numbers) == 0
                ? ["b\(Int.random(in: 0..<index, using: &numbers))"] : []
            batches.append(
                .sample(
                    "b\(index)", Int.random(in: 1...5, using: &numbers), units: Int.random(in: 1...4, using: &numbers),
                    requirement: Int.random(in: 0..<5, using: &numbers) == 0 ? "gpu" : "", after: after))
        }
        units = Set(batches.flatMap(\.units))
        for stand in stands { _ = try await stand.queue.open(.sample(key), batches: batches) }
        try await enter()
    }

    /// What all places say, which has to be one thing.
    private func all<Value: Equatable & Sendable>(
        _ what: String, _ body: (any RunQueue) async throws -> Value
    ) async throws -> Value {
        let first = try await body(stands[0].queue)
        for stand in stands.dropFirst() {
            let other = try await body(stand.queue)
            try #require(other == first, "seed \(seed): \(what) at \(stand.queue.place)")
        }
        return first
    }

    private mutating func enter() async throws {
        let seat = try await all("join") { try await $0.join(key, as: "node") }
        actors.append(Actor(seat: seat))
    }

    mutating func play(acts: Int) async throws {
        for _ in 0..<acts {
            let index = Int.random(in: 0..<actors.count, using: &numbers)
            switch Int.random(in: 0..<100, using: &numbers) {
            case 0..<35: try await lease(index, count: Int.random(in: 1...3, using: &numbers))
            case 35..<60: try await end(index, stale: false)
            case 60..<68: try await end(index, stale: true)
            case 68..<74: try await release(index)
            case 74..<86: try await beat(index)
            case 86..<92: try await advance(.seconds(Int.random(in: 5...80, using: &numbers)))
            case 92..<95: try await enter()
            case 95..<99: forget(index)
            default:
                // Few runs are stopped, else nothing would happen in most.
                if Int.random(in: 0..<8, using: &numbers) == 0 {
                    _ = try await all("stop") {
                        try await $0.stop(key, because: "enough"); return true
                    }
                }
            }
        }
    }

    private mutating func lease(_ index: Int, count: Int) async throws {
        let isIdle = actors[index].leases.isEmpty
        let requirements = index.isMultiple(of: 2) ? nil : [""]
        let seat = actors[index].seat
        let leases = try await all("lease") {
            try await $0.lease(seat, .init(count: count, requirements: requirements, isIdle: isIdle))
        }
        for lease in leases { try #require(accepted[lease.number] == nil, "seed \(seed): served after its end") }
        actors[index].leases += leases
    }

    private mutating func end(_ index: Int, stale: Bool) async throws {
        let pool = stale ? actors[index].stale : actors[index].leases
        guard let lease = pool.randomElement(using: &numbers) else { return }
        let seat = actors[index].seat
        let answer = try await all("finish") {
            try await $0.finish(seat, [EndedLease(lease, results: "\(seat.number)")])
        }
        actors[index].leases.removeAll { $0 == lease }
        actors[index].stale.append(lease)
        guard answer.accepted.contains(lease.number) else { return }
        // The same again is no second time.
        guard accepted[lease.number] != lease else { return }
        try #require(accepted.updateValue(lease, forKey: lease.number) == nil, "seed \(seed): accepted twice")
        for unit in lease.batch.units { ended[unit, default: 0] += 1 }
    }

    private mutating func release(_ index: Int) async throws {
        let seat = actors[index].seat
        let leases = Bool.random(using: &numbers) ? nil : Array(actors[index].leases.prefix(1))
        _ = try await all("release") {
            try await $0.release(seat, leases); return true
        }
        actors[index].stale += leases ?? actors[index].leases
        actors[index].leases.removeAll { leases?.contains($0) ?? true }
    }

    private func beat(_ index: Int) async throws {
        let seat = actors[index].seat
        _ = try await all("beat") { try await $0.beat(seat) }
        _ = try await all("leases") { try await $0.leases(seat) }
        _ = try await all("held") { try await $0.held(seat) }
    }

    private func advance(_ time: Duration) async throws {
        for stand in stands { try await stand.advance(time) }
    }

    /// Its process was killed, or the answer was lost on the way.
    private mutating func forget(_ index: Int) {
        actors[index].stale += actors[index].leases
        actors[index].leases = []
    }

    /// One diligent node does the rest; everybody else is gone.
    mutating func finish() async throws {
        try await enter()
        let last = actors.count - 1
        let seat = actors[last].seat
        var rounds = 0
        while !(try await all("beat") { try await $0.beat(seat) }).isOver {
            rounds += 1
            try #require(rounds < 500, "seed \(seed): the run does not end")
            let leases = try await all("lease") { try await $0.lease(seat, .init(count: 1)) }
            actors[last].leases = leases
            if leases.isEmpty { try await advance(.seconds(61)) } else { try await end(last, stale: false) }
        }
        try await advance(.seconds(61))
        let progress = try await all("beat") { try await $0.beat(seat) }
        let orphans = try await all("adopt") { try await $0.adopt(seat, knowing: []) }
        try #require(progress.done == accepted.count, "seed \(seed): results were lost")
        try #require(
            Set(accepted.keys).isSubset(of: Set(orphans.map(\.number))), "seed \(seed): results without a keeper")
        for orphan in orphans where accepted[orphan.number] == nil {
            for unit in orphan.batch.units { ended[unit, default: 0] += 1 }
        }
        try #require(ended.values.allSatisfy { $0 == 1 }, "seed \(seed): a unit ended twice")
        if progress.stop == nil {
            try #require(Set(ended.keys) == units, "seed \(seed): a unit was lost")
        }
    }
}
