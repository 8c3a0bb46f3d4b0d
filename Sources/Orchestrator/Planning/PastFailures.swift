import CICore
import TestHistory

/// How the tests fared in the past.
struct PastFailures {
    /// One test's past.
    private struct Past {
        var failedLast = false
        /// How likely it is to fail next: an average over its runs, of which each weighs a fifth of what is left.
        var risk = 0.02
    }

    private static let weight = 0.2
    /// What hardly ever fails is not worth to be told apart.
    private static let leastRisk = 0.05
    private var tests: [String: Past] = [:]

    /// Takes results oldest first.
    mutating func add(_ result: PastResult) {
        guard result.outcome != .skipped else { return }
        let hasFailed = result.outcome.isFailure
        var past = tests[result.test.rawValue] ?? Past()
        past.failedLast = hasFailed
        past.risk += Self.weight * ((hasFailed || result.isFlaky ? 1 : 0) - past.risk)
        tests[result.test.rawValue] = past
    }

    /// The units that failed when they last ran, or hold a test that did: its id continues theirs, or their listing
    /// names it.
    func units(among units: [TestUnit]) -> Set<UnitID> {
        let failed = Index(tests.lazy.filter(\.value.failedLast).map { ($0.key, $0.value.risk) })
        guard !failed.isEmpty else { return [] }
        return Set(
            units.filter { unit in
                !failed.risks(continuing: unit.id.rawValue).isEmpty
                    || unit.tests?.contains {
                        tests[TestID(suite: unit.suite, selector: $0).rawValue]?.failedLast ?? false
                    }
                        ?? false
            }.map(\.id))
    }

    /// How likely the units are to fail, of which some are.
    func risks(among units: [TestUnit]) -> [UnitID: Double] {
        let risky = Index(tests.lazy.filter { $0.value.risk >= Self.leastRisk }.map { ($0.key, $0.value.risk) })
        guard !risky.isEmpty else { return [:] }
        var risks: [UnitID: Double] = [:]
        for unit in units {
            var found = risky.risks(continuing: unit.id.rawValue)
            if found.isEmpty, let names = unit.tests {
                found =
                    names.compactMap { tests[TestID(suite: unit.suite, selector: $0).rawValue]?.risk }
                    .filter { $0 >= Self.leastRisk }[...]
            }
            if !found.isEmpty { risks[unit.id] = 1 - found.reduce(1) { $0 * (1 - $1) } }
        }
        return risks
    }

    /// Tests by their ids, to be found by what these begin with.
    private struct Index {
        private let names: [[UInt8]]
        private let risks: [Double]

        init(_ tests: some Sequence<(name: String, risk: Double)>) {
            let sorted = tests.map { (Array($0.name.utf8), $0.risk) }.sorted { $0.0.lexicographicallyPrecedes($1.0) }
            names = sorted.map(\.0)
            risks = sorted.map(\.1)
        }

        var isEmpty: Bool { names.isEmpty }

        /// Binary search for the first name that is not before the prefix.
        func risks(continuing prefix: String) -> ArraySlice<Double> {
            var low = 0
            var high = names.count
            while low < high {
                let middle = (low + high) / 2
                if names[middle].lexicographicallyPrecedes(prefix.utf8) { low = middle + 1 } else { high = middle }
            }
            var end = low
            while end < names.count, names[end].starts(with: prefix.utf8) { end += 1 }
            return risks[low..<end]
        }
    }
}
