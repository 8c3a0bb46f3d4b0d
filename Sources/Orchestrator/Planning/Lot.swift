import CICore

/// The units of one suite that are scheduled alike: those that ask the same of a node, parallel ones and those that run
/// alone apart.
struct Lot {
    /// Position in the request.
    let suite: Int
    let kind: Kind
    let atoms: Atoms
    /// Microseconds.
    let start: Int64
    let limits: BatchLimits
    /// Atoms with the urgent ones first, then longest first, then by id.
    let order: [Int32]

    /// What sets lots of one suite apart.
    struct Kind: Hashable {
        /// Nothing of the node beside its batches.
        var isSerial = false
        /// A place in `PlanRequest.fits`; `nil` = any node will do.
        var fit: Int?
    }

    init(suite: Int, share: PlanRequest.SuiteShare, kind: Kind, atoms: Atoms, limits: BatchLimits? = nil) {
        self.suite = suite
        self.kind = kind
        self.atoms = atoms
        start = max(0, share.startCost.microseconds)
        self.limits = limits ?? share.limits
        let longestFirst = DurationOrder.descending(atoms.durations)
        order =
            atoms.hasUrgent
            ? longestFirst.filter { atoms.isUrgent[Int($0)] } + longestFirst.filter { !atoms.isUrgent[Int($0)] }
            : longestFirst
    }

    var isSerial: Bool { kind.isSerial }

    /// At most so many batches at once, if anything bounds that.
    var mostLanes: Int { max(1, min(limits.slots ?? atoms.count, atoms.count)) }

    /// The fewest starts that the limits allow; bonds can only be counted on to need one.
    var fewestStarts: Int64 {
        guard let size = limits.unitsPerBatch, atoms.areSingle else { return 1 }
        return Int64((atoms.unitCount + size - 1) / max(1, size))
    }

    /// What the starts beyond one a lane add to each unit, where a batch may hold only so many.
    var startPerUnit: Int64 { limits.unitsPerBatch.map { start / Int64(max(1, $0)) } ?? 0 }

    /// The atoms' work with the starts that the limits force.
    var work: Int64 { atoms.total + startPerUnit * Int64(atoms.unitCount) }

    /// All lots of a request, in its order of suites; empty ones are left out.
    ///
    /// - Parameters:
    ///   - request: what is planned.
    ///   - held: units that are planned otherwise; `nil` = none.
    /// - Returns: those that any node runs before the others, parallel ones before serial ones.
    static func all(of request: PlanRequest, besides held: HeldUnits? = nil) -> [Lot] {
        var urgent: Set<UnitID> = []
        if case .failedFirst(let units) = request.order { urgent = units }
        var lots: [Lot] = []
        for (index, share) in request.suites.enumerated() {
            for (kind, positions) in share.rankedUnits(besides: held?.numbers[index] ?? []) {
                let atoms = Atoms(of: share.units, at: positions, urgent: urgent)
                lots.append(Lot(suite: index, share: share, kind: kind, atoms: atoms))
            }
        }
        return lots
    }
}

extension PlanRequest.SuiteShare {
    /// Positions of the units in the order of their ids, by how they are scheduled: those that may have company before
    /// those that run alone, those that any node runs before the others.
    ///
    /// A bond with one serial unit is serial as a whole, since it is one batch.
    fileprivate func rankedUnits(besides held: [Int32]) -> [(kind: Lot.Kind, positions: [Int32])] {
        var ranked = ByteOrder.ranking(of: units.lazy.map(\.id.rawValue))
        if !held.isEmpty { ranked.removeAll { held[Int($0)] >= 0 } }
        guard !ranked.isEmpty else { return [] }
        let anySerial = !limits.isSerial && units.contains(where: \.isSerial)
        guard anySerial || units.contains(where: { $0.fit != nil }) else {
            return [(Lot.Kind(isSerial: limits.isSerial), ranked)]
        }
        let bonds = anySerial ? Set(units.lazy.filter(\.isSerial).compactMap(\.bond)) : []
        var positions: [Lot.Kind: [Int32]] = [:]
        for position in ranked {
            let unit = units[Int(position)]
            let isSerial = limits.isSerial || unit.isSerial || unit.bond.map(bonds.contains) ?? false
            positions[Lot.Kind(isSerial: isSerial, fit: unit.fit), default: []].append(position)
        }
        return positions.map { ($0.key, $0.value) }.sorted { left, right in
            (left.kind.isSerial ? 1 : 0, left.kind.fit ?? -1) < (right.kind.isSerial ? 1 : 0, right.kind.fit ?? -1)
        }
    }
}
