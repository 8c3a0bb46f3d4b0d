/// A batch in the making.
struct BatchDraft {
    /// Position in the list of lots.
    var lot: Int
    var lane: Int
    var atoms: [Int32]
    /// Microseconds, without the start.
    var work: Int64
    var hasUrgent = false
}

/// Makes batches of a lot: atoms to lanes, lanes to batches.
struct BatchCutter {
    let lot: Lot
    let index: Int
    /// How many slots take its batches from one list, so that a tail of small ones evens them out.
    let slots: Int

    /// Gives each atom to the lane with the most room left, longest first, and cuts each lane's atoms into batches.
    func drafts(over shares: [LaneShares.Share]) -> [BatchDraft] {
        let widest = shares.map(\.work).max() ?? 0
        var heap = LaneHeap(loads: shares.map { widest - $0.work })
        var lanes = [Int32](repeating: 0, count: lot.order.count)
        var counts = [Int](repeating: 0, count: shares.count)
        for (position, atom) in lot.order.enumerated() {
            let lane = heap.add(lot.atoms.durations[Int(atom)] + surcharge(of: atom))
            lanes[position] = lane
            counts[Int(lane)] += 1
        }
        var portions = counts.map { count in
            var portion: [Int32] = []
            portion.reserveCapacity(count)
            return portion
        }
        for (position, atom) in lot.order.enumerated() { portions[Int(lanes[position])].append(atom) }
        return portions.enumerated().flatMap { offset, portion in cut(portion, lane: shares[offset].lane) }
    }

    private func surcharge(of atom: Int32) -> Int64 {
        lot.startPerUnit == 0 ? 0 : lot.startPerUnit * Int64(lot.atoms.size(of: atom))
    }

    private func cut(_ portion: [Int32], lane: Int) -> [BatchDraft] {
        var batches = [portion]
        if slots > 1 {
            let durations = portion.map { lot.atoms.durations[Int($0)] }
            let levels = BatchSizing.levels(
                of: durations.reduce(0, +), start: lot.start,
                variance: portion.reduce(0) { $0 + lot.atoms.variances[Int($1)] }, slots: slots)
            let urgent = lot.atoms.hasUrgent ? portion.prefix { lot.atoms.isUrgent[Int($0)] }.count : 0
            if levels.count > 1 {
                let places = BatchSizing.deal(durations, over: levels, urgent: urgent)
                batches = levels.indices.map { level in
                    zip(portion, places).compactMap { $1 == level ? $0 : nil }
                }
            }
        }
        return batches.flatMap(bounded).filter { !$0.isEmpty }.map { draft($0, lane: lane) }
    }

    /// Cuts what holds more units than a batch may.
    private func bounded(_ atoms: [Int32]) -> [[Int32]] {
        guard let limit = lot.limits.unitsPerBatch else { return [atoms] }
        let count = atoms.reduce(0) { $0 + lot.atoms.size(of: $1) }
        guard count > limit else { return [atoms] }
        var batches = [[Int32]](repeating: [], count: (count + limit - 1) / max(1, limit))
        var sizes = batches.map { _ in 0 }
        for atom in atoms {
            let size = lot.atoms.size(of: atom)
            var target = 0
            for batch in sizes.indices where sizes[batch] < sizes[target] { target = batch }
            if sizes[target] > 0, sizes[target] + size > limit {
                target = batches.count
                batches.append([])
                sizes.append(0)
            }
            batches[target].append(atom)
            sizes[target] += size
        }
        return batches
    }

    private func draft(_ atoms: [Int32], lane: Int) -> BatchDraft {
        let work = atoms.reduce(0) { $0 + lot.atoms.durations[Int($1)] }
        let urgent = lot.atoms.hasUrgent && atoms.contains { lot.atoms.isUrgent[Int($0)] }
        return BatchDraft(lot: index, lane: lane, atoms: atoms, work: work, hasUrgent: urgent)
    }
}
