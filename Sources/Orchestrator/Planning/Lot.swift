import CICore

/// The units of one suite that are scheduled alike: its parallel ones, or those that run alone.
struct Lot {
    /// Position in the request.
    let suite: Int
    let isSerial: Bool
    let atoms: Atoms
    /// Microseconds.
    let start: Int64
    let limits: BatchLimits
    /// Atoms with the urgent ones first, then longest first, then by id.
    let order: [Int32]

    init(suite: Int, share: PlanRequest.SuiteShare, isSerial: Bool, atoms: Atoms) {
        self.suite = suite
        self.isSerial = isSerial
        self.atoms = atoms
        start = max(0, share.startCost.microseconds)
        limits = share.limits
        let longestFirst = DurationOrder.descending(atoms.durations)
        order =
            atoms.hasUrgent
            ? longestFirst.filter { atoms.isUrgent[Int($0)] } + longestFirst.filter { !atoms.isUrgent[Int($0)] }
            : longestFirst
    }

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
    static func all(of request: PlanRequest) -> [Lot] {
        var urgent: Set<UnitID> = []
        if case .failedFirst(let units) = request.order { urgent = units }
        var lots: [Lot] = []
        for (index, share) in request.suites.enumerated() {
            let (parallel, serial) = share.rankedUnits()
            for (positions, isSerial) in [(parallel, false), (serial, true)] where !positions.isEmpty {
                let atoms = Atoms(of: share.units, at: positions, urgent: urgent)
                lots.append(Lot(suite: index, share: share, isSerial: isSerial, atoms: atoms))
            }
        }
        return lots
    }
}

extension PlanRequest.SuiteShare {
    /// Positions of the units in the order of their ids: those that may have company and those that run alone.
    ///
    /// A bond with one serial unit is serial as a whole, since it is one batch.
    fileprivate func rankedUnits() -> (parallel: [Int32], serial: [Int32]) {
        let ranked = ByteOrder.ranking(of: units.lazy.map(\.id.rawValue))
        if limits.isSerial { return ([], ranked) }
        guard units.contains(where: \.isSerial) else { return (ranked, []) }
        let bonds = Set(units.lazy.filter(\.isSerial).compactMap(\.bond))
        let isSerial: (Int32) -> Bool = { position in
            let unit = units[Int(position)]
            return unit.isSerial || unit.bond.map(bonds.contains) ?? false
        }
        return (ranked.filter { !isSerial($0) }, ranked.filter(isSerial))
    }
}
