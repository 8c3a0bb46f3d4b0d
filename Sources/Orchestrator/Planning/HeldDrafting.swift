import CICore

/// Makes lots and batches of held units: each holds units of one node, suite, level and set of claims.
struct HeldDrafting {
    /// Its claims, and the round in which the lot's units can run.
    struct Round {
        var node: Int
        var level: Int32
        var claims: Int32
    }

    private let request: PlanRequest
    private let held: HeldUnits
    private(set) var lots: [Lot] = []
    private(set) var rounds: [Round] = []
    /// Units that hang together and ask for what no single node has.
    private(set) var beyond: [UnsatisfiableUnit] = []

    init(_ request: PlanRequest, _ held: HeldUnits) {
        self.request = request
        self.held = held
        makeLots()
    }

    private struct Key: Comparable {
        var node: Int32
        var level: Int32
        var suite: Int32
        /// What it asks of its node; -1 = nothing.
        var fit: Int32
        /// Serial, critical and claims as one number.
        var kind: Int32
        /// Rank of the id.
        var rank: Int32

        static func < (left: Key, right: Key) -> Bool {
            if left.node != right.node { return left.node < right.node }
            if left.level != right.level { return left.level < right.level }
            if left.suite != right.suite { return left.suite < right.suite }
            if left.fit != right.fit { return left.fit < right.fit }
            return left.kind != right.kind ? left.kind < right.kind : left.rank < right.rank
        }

        func isAlike(_ other: Key) -> Bool {
            node == other.node && level == other.level && suite == other.suite && fit == other.fit
                && kind == other.kind
        }
    }

    private mutating func makeLots() {
        let nodes = held.nodes(for: request)
        let serial = serialUnits()
        let ranking = ByteOrder.ranking(
            of: held.suites.indices.map { unit($0).id.rawValue })
        var keys: [Key] = []
        keys.reserveCapacity(held.count)
        for (rank, number) in ranking.enumerated() {
            let number = Int(number)
            guard nodes[number] >= 0 else {
                refuse(unit(number))
                continue
            }
            let flags = (serial[number] ? 1 : 0) + (held.isCritical[number] ? 2 : 0)
            keys.append(
                Key(
                    node: nodes[number], level: held.levels[number], suite: held.suites[number],
                    fit: Int32(unit(number).fit ?? -1), kind: Int32(flags) + (held.claims[number] + 1) * 4,
                    rank: Int32(rank)))
        }
        keys.sort()
        var urgent: Set<UnitID> = []
        if case .failedFirst(let units) = request.order { urgent = units }
        var first = 0
        while first < keys.count {
            var last = first + 1
            while last < keys.count, keys[last].isAlike(keys[first]) { last += 1 }
            add(keys[first], keys[first..<last].map { held.positions[Int(ranking[Int($0.rank)])] }, urgent)
            first = last
        }
    }

    private mutating func refuse(_ unit: EstimatedUnit) {
        beyond.append(
            UnsatisfiableUnit(
                unit: unit.id, requirement: unit.fit.map { request.fits[$0].requirement } ?? "what it waits with",
                reason: "tests that wait for each other stay on one node, and no node has all that they need"))
    }

    private mutating func add(_ key: Key, _ positions: [Int32], _ urgent: Set<UnitID>) {
        let share = request.suites[Int(key.suite)]
        let claims = key.kind / 4 - 1
        var limits = share.limits
        if claims >= 0 {
            let places = held.claimSets[Int(claims)].map { max(1, $0.capacity / max(1, $0.count)) }.min()
            limits.slots = [limits.slots, places].compactMap(\.self).min()
        }
        lots.append(
            Lot(
                suite: Int(key.suite), share: share,
                kind: .init(isSerial: key.kind % 2 == 1, fit: key.fit < 0 ? nil : Int(key.fit)),
                atoms: Atoms(of: share.units, at: positions, urgent: urgent), limits: limits))
        rounds.append(Round(node: Int(key.node), level: key.level, claims: claims))
    }

    /// A bond with one serial unit is serial as a whole, since it is one batch.
    private func serialUnits() -> [Bool] {
        var serial = held.suites.indices.map { number in
            request.suites[Int(held.suites[number])].limits.isSerial || unit(number).isSerial
        }
        let bonds = Set(
            held.suites.indices.lazy.filter { serial[$0] }.compactMap { number in
                unit(number).bond.map { "\(held.suites[number]) \($0)" }
            })
        guard !bonds.isEmpty else { return serial }
        for number in held.suites.indices where !serial[number] {
            if let bond = unit(number).bond, bonds.contains("\(held.suites[number]) \(bond)") { serial[number] = true }
        }
        return serial
    }

    private func unit(_ number: Int) -> EstimatedUnit {
        request.suites[Int(held.suites[number])].units[Int(held.positions[number])]
    }

    /// The batches of every node; their lots are numbered from `first` on.
    func drafts(numberingFrom first: Int) -> [[BatchDraft]] {
        var drafts = [[BatchDraft]](repeating: [], count: request.nodes.count)
        var start = 0
        while start < lots.count {
            var end = start + 1
            while end < lots.count, rounds[end].node == rounds[start].node, rounds[end].level == rounds[start].level {
                end += 1
            }
            let node = rounds[start].node
            drafts[node] += self.drafts(of: start..<end, slots: request.nodes[node].slots, first)
            start = end
        }
        return drafts
    }

    /// The lots of one round of one node, spread over its slots.
    private func drafts(of range: Range<Int>, slots: Int, _ first: Int) -> [BatchDraft] {
        let parallel = range.filter { !lots[$0].isSerial }
        var drafts = range.filter { lots[$0].isSerial }.flatMap { index in
            BatchCutter(lot: lots[index], index: first + index, slots: 1)
                .drafts(over: [.init(lane: 0, work: lots[index].work)])
        }
        guard !parallel.isEmpty else { return drafts }
        let group = parallel.map { lots[$0] }
        let work = group.reduce(0) { $0 + $1.work + $1.start }
        guard slots == 1 else {
            for index in parallel {
                drafts += GuidedCutter(
                    lot: lots[index], index: first + index, work: work,
                    slots: min(slots, lots[index].limits.slots ?? slots)
                ).drafts(in: request.order)
            }
            return drafts
        }
        let longest = group.map { $0.start + max($0.atoms.longest, $0.work / Int64($0.mostLanes)) }.max() ?? 0
        let shares = LaneShares(lots: group, base: [Int64](repeating: 0, count: slots))
            .shares(level: max(longest, work / Int64(slots)))
        for (index, shares) in zip(parallel, shares) {
            drafts += BatchCutter(
                lot: lots[index], index: first + index, slots: min(slots, lots[index].limits.slots ?? slots)
            ).drafts(over: shares)
        }
        return drafts
    }
}
