import CICore

/// The units of one suite that were chosen so far, each test once.
struct ChosenUnits {
    private(set) var units: [TestUnit] = []
    private var selectors: Set<String> = []

    /// Takes in what is not there yet.
    mutating func add(_ more: [TestUnit]) {
        for unit in more where selectors.insert(unit.selector).inserted { units.append(unit) }
    }

    /// Without what lies in a unit that was chosen whole, and with a unit of the listing for its pieces where all of
    /// them were chosen.
    ///
    /// - Parameters:
    ///   - listed: the units of the suite as they are planned without a choice.
    ///   - pieces: the same tests cut as finely as the runner can; `nil` where nobody had to cut them.
    /// - Returns: each in the order of the listing, then what is finer than it.
    func settled(listed: [TestUnit], pieces: [TestUnit]?) -> [TestUnit] {
        var kept = ChosenUnits()
        let all = Dictionary(grouping: pieces ?? [], by: \.container)
        for unit in listed where selectors.contains(unit.selector) || isWhole(all[unit.selector]) {
            var unit = unit
            unit.tests = unit.tests ?? all[unit.selector].flatMap(Self.tests)
            kept.add([unit])
        }
        kept.add(units.filter { unit in !kept.units.contains { $0.holds(unit) } })
        return kept.units
    }

    private func isWhole(_ pieces: [TestUnit]?) -> Bool {
        guard let pieces, !pieces.isEmpty else { return false }
        return pieces.allSatisfy { selectors.contains($0.selector) }
    }

    /// Every test of the pieces, where each of them tells its own.
    private static func tests(of pieces: [TestUnit]) -> [String]? {
        let tests = pieces.map { $0.tests ?? ($0.granularity == .test ? [$0.selector] : nil) }
        return tests.contains(nil) ? nil : tests.flatMap { $0 ?? [] }
    }
}

extension TestUnit {
    /// Whether another unit's tests are among this one's.
    fileprivate func holds(_ other: TestUnit) -> Bool {
        guard granularity < other.granularity, container == other.container else { return false }
        return granularity == .file || SuiteChoice.encloses(selector, other.selector)
            || tests?.contains(other.selector) == true
    }
}
