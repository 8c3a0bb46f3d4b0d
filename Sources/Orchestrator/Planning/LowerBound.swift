import CICore

/// The time that no plan can beat, in microseconds.
///
/// The greatest of these, each true by itself:
/// - all work with each suite's fewest starts, spread evenly over all slots (serial work holds all slots of its node);
/// - all work spread evenly, and one start before it: whatever slots are in use, each begins with a start;
/// - the longest atom behind its start;
/// - for a suite that may use only so many slots, its work and fewest starts spread over those.
enum LowerBound {
    static func microseconds(of lots: [Lot], nodes: [NodeShape]) -> Int64 {
        let slots = Int64(nodes.reduce(0) { $0 + $1.slots })
        let smallest = Int64(nodes.map(\.slots).min() ?? 1)
        guard slots > 0, let cheapest = lots.map(\.start).min() else { return 0 }
        var work: Int64 = 0
        var starts: Int64 = 0
        var bound: Int64 = 0
        for lot in lots {
            let held = lot.isSerial ? smallest : 1
            work += held * lot.atoms.total
            starts += held * lot.start * lot.fewestStarts
            bound = max(bound, lot.start + lot.atoms.longest)
            let own = lot.atoms.total + lot.start * lot.fewestStarts
            if let limit = lot.limits.slots { bound = max(bound, quotient(own, Int64(max(1, limit)))) }
        }
        return max(bound, quotient(work + starts, slots), quotient(work, slots) + cheapest)
    }

    private static func quotient(_ dividend: Int64, _ divisor: Int64) -> Int64 {
        (dividend + divisor - 1) / divisor
    }
}
