/// How much of each lot's work goes to which lane, before anything is made of whole atoms.
///
/// Lots fill one lane after the other up to a common level (as in McNaughton's wrap-around rule), so that a run of
/// many suites pays about `lanes + suites` starts and not their product. The level rises until everything fits.
struct LaneShares {
    /// The lanes of one lot and the work each is to get, in microseconds without the start.
    struct Share {
        var lane: Int
        var work: Int64
    }

    private let base: [Int64]
    private let lots: [Lot]

    /// The base is what each lane already has to do.
    init(lots: [Lot], base: [Int64]) {
        self.lots = lots
        self.base = base
    }

    /// Shares of each lot, in the order of the lots; no plan can end before the level.
    func shares(level: Int64) -> [[Share]] {
        if lots.count == 1, let lot = lots.first { return [even(lot)] }
        let turns = lots.indices.sorted { (-lots[$0].work, $0) < (-lots[$1].work, $1) }
        var level = level
        for _ in 0..<64 {
            let (shares, rest) = fill(to: level, turns)
            if rest == 0 { return shares }
            level += rest / Int64(base.count) + 1
        }
        return fill(to: .max / 4, turns).shares
    }

    /// One lot alone uses every lane that it may and that is worth a start.
    private func even(_ lot: Lot) -> [Share] {
        let worthwhile = lot.start > 0 ? Int(min(Int64(base.count), 4 * lot.work / lot.start)) : base.count
        let count = max(1, min(base.count, lot.mostLanes, worthwhile))
        let lanes = base.indices.sorted { (base[$0], $0) < (base[$1], $1) }.prefix(count)
        let level = (lanes.reduce(0) { $0 + base[$1] } + lot.work) / Int64(count)
        return lanes.map { Share(lane: $0, work: level - base[$0]) }
    }

    private func fill(to level: Int64, _ turns: [Int]) -> (shares: [[Share]], rest: Int64) {
        var room = base.map { level - $0 }
        var shares = [[Share]](repeating: [], count: lots.count)
        var rest: Int64 = 0
        for turn in turns {
            let (taken, missing) = take(lots[turn], from: &room, level: level)
            shares[turn] = taken
            rest += missing
        }
        return (shares, rest)
    }

    private func take(_ lot: Lot, from room: inout [Int64], level: Int64) -> (shares: [Share], missing: Int64) {
        var work = lot.work
        var shares: [Share] = []
        var free = Set(room.indices)
        while work > 0, shares.count < lot.mostLanes,
            let lane = next(for: work, of: lot, lanesLeft: lot.mostLanes - shares.count, in: room, free, level)
        {
            let part = min(work, room[lane] - lot.start)
            shares.append(Share(lane: lane, work: part))
            room[lane] -= part + lot.start
            free.remove(lane)
            work -= part
        }
        return (shares, work)
    }

    /// The tightest lane that takes all the work; else the fullest lane of those begun where a start pays; else an
    /// empty one.
    private func next(
        for work: Int64, of lot: Lot, lanesLeft: Int, in room: [Int64], _ free: Set<Int>, _ level: Int64
    ) -> Int? {
        var tightest: Int?
        var begun: Int?
        var widest: Int?
        for lane in room.indices where free.contains(lane) {
            let space = room[lane] - lot.start
            guard space > 0 else { continue }
            if space >= work, tightest.map({ room[lane] < room[$0] }) ?? true { tightest = lane }
            if room[lane] < level - base[lane], space >= lot.start, begun.map({ room[lane] > room[$0] }) ?? true {
                begun = lane
            }
            if widest.map({ room[lane] > room[$0] }) ?? true { widest = lane }
        }
        if let tightest { return tightest }
        guard let begun, let widest else { return widest }
        let elsewhere = Int64(lanesLeft - 1).multipliedReportingOverflow(by: room[widest] - lot.start)
        let fits = elsewhere.overflow || work - (room[begun] - lot.start) <= elsewhere.partialValue
        return fits ? begun : widest
    }
}
