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
        let keys = drafts.map(key)
        var turns = drafts.indices.sorted { keys[$0].lexicographicallyPrecedes(keys[$1]) }
        if case .random(let seed) = request.order {
            let serial = turns.partitionPoint { lots[drafts[$0].lot].isSerial }
            var generator = SeededGenerator(seed: seed)
            turns[..<serial].shuffle(using: &generator)
            turns[serial...].shuffle(using: &generator)
        }
        return turns.map { drafts[$0] }
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

    private func key(_ draft: BatchDraft) -> [Int64] {
        let lot = lots[draft.lot]
        let serial: Int64 = lot.isSerial ? 1 : 0
        let suite = Int64(lot.suite)
        // Atoms are numbered in the order of their ids, so that ties don't depend on the listing.
        let first = Int64(draft.atoms.min() ?? 0)
        switch request.order {
        case .listed: return [serial, suite, Int64(lot.atoms.units(of: draft.atoms).min() ?? 0)]
        case .longestFirst, .random: return [serial, -(draft.work + lot.start), suite, first]
        case .failedFirst: return [serial, draft.hasUrgent ? 0 : 1, -(draft.work + lot.start), suite, first]
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
