import CICore

/// Units grouped into what cannot be cut: bonded units, else each unit alone.
///
/// Parallel arrays in the order of the (first) unit's id, so that a stable sort breaks ties by id. Times are
/// microseconds.
struct Atoms {
    /// Never zero.
    private(set) var durations: [Int64] = []
    /// Of the duration, in square microseconds.
    private(set) var variances: [Double] = []
    /// Whether a unit of the atom is to run first.
    private(set) var isUrgent: [Bool] = []
    /// Whether any atom is to run first.
    private(set) var hasUrgent = false
    /// `units[bounds[a]..<bounds[a + 1]]` are the units of atom `a`.
    private var bounds: [Int32] = [0]
    /// Positions in the suite's listing.
    private var units: [Int32] = []

    var count: Int { durations.count }
    var total: Int64 { durations.reduce(0, +) }
    var longest: Int64 { durations.max() ?? 0 }
    /// Whether every atom is one unit.
    var areSingle: Bool { units.count == count }
    var unitCount: Int { units.count }

    /// The units of an atom, as positions in the suite's listing.
    func units(of atom: Int32) -> ArraySlice<Int32> {
        units[Int(bounds[Int(atom)])..<Int(bounds[Int(atom) + 1])]
    }

    /// How many units an atom has.
    func size(of atom: Int32) -> Int { Int(bounds[Int(atom) + 1] - bounds[Int(atom)]) }

    /// The positions in the suite's listing of all units of some atoms, in no particular order.
    func units(of atoms: [Int32]) -> [Int32] {
        var positions: [Int32] = []
        positions.reserveCapacity(atoms.count)
        if areSingle {
            for atom in atoms { positions.append(units[Int(atom)]) }
        } else {
            for atom in atoms { positions.append(contentsOf: units(of: atom)) }
        }
        return positions
    }

    /// - Parameters:
    ///   - listing: all units of the suite.
    ///   - positions: those to take, in the order of their ids.
    ///   - urgent: ids that are to run first.
    init(of listing: [EstimatedUnit], at positions: [Int32], urgent: Set<UnitID>) {
        reserve(positions.count)
        var groups: [String: [Int32]] = [:]
        for position in positions {
            if let bond = listing[Int(position)].bond { groups[bond, default: []].append(position) }
        }
        for position in positions {
            guard let bond = listing[Int(position)].bond else {
                append(CollectionOfOne(position), of: listing, urgent: urgent)
                continue
            }
            if let members = groups.removeValue(forKey: bond) { append(members, of: listing, urgent: urgent) }
        }
    }

    private mutating func reserve(_ count: Int) {
        durations.reserveCapacity(count)
        variances.reserveCapacity(count)
        isUrgent.reserveCapacity(count)
        bounds.reserveCapacity(count + 1)
        units.reserveCapacity(count)
    }

    private mutating func append(
        _ members: some Sequence<Int32>, of listing: [EstimatedUnit], urgent: Set<UnitID>
    ) {
        var duration: Int64 = 0
        var variance = 0.0
        var wanted = false
        for position in members {
            let microseconds = listing[Int(position)].microseconds
            let deviation = Double(microseconds) * listing[Int(position)].relativeDeviation
            duration += microseconds
            variance += deviation * deviation
            wanted = wanted || (!urgent.isEmpty && urgent.contains(listing[Int(position)].id))
            units.append(position)
        }
        durations.append(duration)
        variances.append(variance)
        isUrgent.append(wanted)
        hasUrgent = hasUrgent || wanted
        bounds.append(Int32(units.count))
    }
}

extension EstimatedUnit {
    /// How far the estimate may be off: measured tests repeat within some 15 %, guessed ones are skewed so much that
    /// the deviation exceeds the guess, the more so the finer the unit.
    fileprivate var relativeDeviation: Double {
        switch (estimate.basis, granularity) {
        case (.history(let samples), _): samples >= 3 ? 0.15 : 0.3
        case (_, .file): 1.25
        case (_, .class): 1.5
        case (_, .test): 4
        }
    }
}
