import CICore

/// In which order a node's slots take its batches, and their units the runner.
struct ServiceOrder {
    private let request: PlanRequest
    private let lots: [Lot]

    init(_ request: PlanRequest, _ lots: [Lot]) {
        self.request = request
        self.lots = lots
    }

    /// Serial batches last; equal ones by the id of their first unit.
    func sorted(_ drafts: [BatchDraft]) -> [BatchDraft] {
        turns(
            of: drafts, ranks: drafts.map { $0.work + lots[$0.lot].start },
            isLast: drafts.map { lots[$0.lot].isSerial }
        ).map { drafts[$0] }
    }

    /// The positions of the drafts in the order of service.
    ///
    /// - Parameters:
    ///   - drafts: of one node.
    ///   - ranks: what is longest comes first.
    ///   - isLast: whether a draft comes behind all others.
    /// - Returns: each position once.
    func turns(of drafts: [BatchDraft], ranks: [Int64], isLast: [Bool]) -> [Int] {
        let keys = drafts.indices.map { key(drafts[$0], rank: ranks[$0], isLast: isLast[$0]) }
        var turns = drafts.indices.sorted { keys[$0].lexicographicallyPrecedes(keys[$1]) }
        if case .random(let seed) = request.order {
            let serial = turns.partitionPoint { isLast[$0] }
            var generator = SeededGenerator(seed: seed)
            turns[..<serial].shuffle(using: &generator)
            turns[serial...].shuffle(using: &generator)
        }
        return turns
    }

    /// The units of a batch as the runner should take them: as listed, urgent ones first.
    func units(of draft: BatchDraft) -> [UnitID] {
        let lot = lots[draft.lot]
        let listing = request.suites[lot.suite].units
        var positions = lot.atoms.units(of: draft.atoms)
        positions.sort()
        switch request.order {
        case .random(let seed):
            var generator = SeededGenerator(seed: seed &+ UInt64(positions.first ?? 0))
            positions.shuffle(using: &generator)
        case .failedFirst(let failed) where draft.hasUrgent:
            let urgent = positions.filter { failed.contains(listing[Int($0)].id) }
            positions = urgent + positions.filter { !failed.contains(listing[Int($0)].id) }
        case .failedFirst, .listed, .longestFirst:
            break
        }
        return positions.map { listing[Int($0)].id }
    }

    private func key(_ draft: BatchDraft, rank: Int64, isLast: Bool) -> [Int64] {
        let lot = lots[draft.lot]
        let serial: Int64 = isLast ? 1 : 0
        let suite = Int64(lot.suite)
        // Atoms are numbered in the order of their ids, so that ties don't depend on the listing.
        let first = Int64(draft.atoms.min() ?? 0)
        switch request.order {
        case .listed: return [serial, suite, Int64(lot.atoms.units(of: draft.atoms).min() ?? 0)]
        case .longestFirst, .random: return [serial, -rank, suite, first]
        case .failedFirst: return [serial, draft.hasUrgent ? 0 : 1, -rank, suite, first]
        }
    }
}

extension Array {
    /// The first position whose element has the property, in an array where all such come last.
    fileprivate func partitionPoint(_ belongs: (Element) -> Bool) -> Int { firstIndex(where: belongs) ?? count }
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers for the same seed everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
