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
    /// `units[bounds[a]..<bounds[a + 1]]` are the units of atom `a`.
    private var bounds: [Int32] = [0]
    /// Positions in the suite's listing.
    private var units: [Int32] = []

    var count: Int { durations.count }
    var total: Int64 { durations.reduce(0, +) }
    var longest: Int64 { durations.max() ?? 0 }
    var hasUrgent: Bool { isUrgent.contains(true) }
    /// Whether every atom is one unit.
    var areSingle: Bool { units.count == count }
    var unitCount: Int { units.count }

    /// The units of an atom, as positions in the suite's listing.
    func units(of atom: Int32) -> ArraySlice<Int32> {
        units[Int(bounds[Int(atom)])..<Int(bounds[Int(atom) + 1])]
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
                append([position], of: listing, urgent: urgent)
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
            let unit = listing[Int(position)]
            let microseconds = min(max(1, unit.estimate.duration.microseconds), Self.longestUnit)
            duration += microseconds
            variance += unit.variance(of: microseconds)
            wanted = wanted || (!urgent.isEmpty && urgent.contains(unit.id))
            units.append(position)
        }
        durations.append(duration)
        variances.append(variance)
        isUrgent.append(wanted)
        bounds.append(Int32(units.count))
    }

    /// Ten days: no sum over a million units overflows.
    private static let longestUnit: Int64 = 864_000_000_000
}

extension EstimatedUnit {
    /// How far the estimate may be off, squared: measured tests repeat within some 15 %, guessed ones are skewed so
    /// much that the deviation exceeds the guess, the more so the finer the unit.
    fileprivate func variance(of microseconds: Int64) -> Double {
        let deviation = Double(microseconds) * relativeDeviation
        return deviation * deviation
    }

    private var relativeDeviation: Double {
        switch (estimate.basis, granularity) {
        case (.history(let samples), _): samples >= 3 ? 0.15 : 0.3
        case (_, .file): 1
        case (_, .class): 1.5
        case (_, .test): 3
        }
    }
}
