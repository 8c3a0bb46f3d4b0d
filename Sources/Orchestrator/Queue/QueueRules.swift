import CICore

/// What follows from the ends of leases, for every kind of queue; without I/O.
package struct QueueRules: Sendable {
    /// A batch that was with so many workers when they died runs alone, unit by unit, from then on.
    package static let deathsToIsolation = 2

    /// What is known of a batch when its lease ends without results.
    package struct Facts: Sendable, Hashable {
        package var units: Int
        /// Workers that died with it, before this one.
        package var deaths: Int
        package var isIsolated: Bool

        package init(units: Int, deaths: Int, isIsolated: Bool) {
            self.units = units
            self.deaths = deaths
            self.isIsolated = isIsolated
        }
    }

    /// What becomes of it.
    package enum Consequence: Sendable, Hashable {
        /// It is served again, to another node first.
        case again(deaths: Int, isIsolated: Bool)
        /// Its units are served one by one, each isolated.
        case cut(deaths: Int)
        /// It is not served again; it failed by name.
        case giveUp(deaths: Int)
    }

    /// The worker was lost.
    package static func afterDeath(_ facts: Facts) -> Consequence {
        let deaths = facts.deaths + 1
        // Nothing ran beside it: it was this one.
        if facts.isIsolated { return .giveUp(deaths: deaths) }
        if deaths < deathsToIsolation { return .again(deaths: deaths, isIsolated: false) }
        return facts.units > 1 ? .cut(deaths: deaths) : .again(deaths: deaths, isIsolated: true)
    }

    /// The worker gave it back unfinished.
    package static func afterRelease(_ facts: Facts) -> Consequence {
        .again(deaths: facts.deaths, isIsolated: facts.isIsolated)
    }

    /// The order of service, for each batch its rank: what the longest chain of work begins with first.
    ///
    /// - Complexity: O(n log n + dependencies).
    package static func ranks(of batches: [SharedBatch]) -> [Int] {
        let tails = tails(of: batches)
        let order = batches.indices.sorted { tails[$0] != tails[$1] ? tails[$0] > tails[$1] : $0 < $1 }
        var ranks = [Int](repeating: 0, count: batches.count)
        for (rank, index) in order.enumerated() { ranks[index] = rank }
        return ranks
    }

    /// The dependencies as indices; names that are no batch of the run count as ended.
    package static func needs(of batches: [SharedBatch]) -> [[Int]] {
        guard batches.contains(where: { !$0.after.isEmpty }) else { return .init(repeating: [], count: batches.count) }
        let places = Dictionary(batches.indices.map { (batches[$0].id, $0) }) { first, _ in first }
        return batches.indices.map { index in
            Set(batches[index].after.compactMap { places[$0] }).subtracting([index]).sorted()
        }
    }

    /// The longest time from a batch's beginning to the end of what waits for it.
    private static func tails(of batches: [SharedBatch]) -> [Duration] {
        let needs = needs(of: batches)
        var tails = batches.map(\.estimate)
        var dependents = [Int](repeating: 0, count: batches.count)
        for need in needs.joined() { dependents[need] += 1 }
        // From the ends backwards; what is part of a cycle is never reached, and keeps its own time.
        var open = batches.indices.filter { dependents[$0] == 0 }
        while let index = open.popLast() {
            for need in needs[index] {
                tails[need] = max(tails[need], batches[need].estimate + tails[index])
                dependents[need] -= 1
                if dependents[need] == 0 { open.append(need) }
            }
        }
        return tails
    }
}
