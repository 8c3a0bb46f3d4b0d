import CICore
import TestHistory

/// The tests that failed when they last ran.
struct PastFailures {
    private var lastFailed: [String: Bool] = [:]

    /// Takes results oldest first.
    mutating func add(_ result: PastResult) {
        guard result.outcome != .skipped else { return }
        lastFailed[result.test.rawValue] = result.outcome.isFailure
    }

    /// The units that are such a test or hold one: its id continues theirs, or their listing names it.
    func units(among units: [TestUnit]) -> Set<UnitID> {
        let failed = lastFailed.lazy.filter(\.value).map { Array($0.key.utf8) }
            .sorted { $0.lexicographicallyPrecedes($1) }
        guard !failed.isEmpty else { return [] }
        return Set(
            units.filter { unit in
                Self.holds(failed, beginningWith: unit.id.rawValue)
                    || unit.tests?.contains { lastFailed[TestID(suite: unit.suite, selector: $0).rawValue] ?? false }
                        ?? false
            }.map(\.id))
    }

    /// Binary search for the first text that is not before the prefix.
    private static func holds(_ sorted: [[UInt8]], beginningWith prefix: String) -> Bool {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle].lexicographicallyPrecedes(prefix.utf8) { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low].starts(with: prefix.utf8)
    }
}
