import CICore

/// Which of a batch's units have results, by what the batch reported and what its runner says it collected.
struct UnitCoverage: Sendable {
    /// Selectors and identifiers of all tests with a result.
    let finishedSelectors: Set<String>
    /// Tests that the runner's own collection found in units whose tests were unknown.
    let learned: [UnitID: [String]]
    private let containers: Set<String>
    private let hasCollection: Bool
    private let endedNormally: Bool
    private let units: [TestUnit]

    init(report: BatchReport) {
        var selectors: Set<String> = []
        var containers: Set<String> = []
        for test in report.tests {
            selectors.insert(test.address.selector)
            selectors.insert(test.address.identifier)
            containers.insert(test.address.container)
        }
        finishedSelectors = selectors
        self.containers = containers
        units = report.batch.units
        endedNormally =
            switch report.ending {
            case .crashed, .timedOut, .cancelled, .couldNotStart: false
            default: true
            }
        hasCollection = report.progress.collected != nil
        var learned: [UnitID: [String]] = [:]
        for selector in report.progress.collected ?? [] {
            guard let owner = Self.owner(of: selector, among: units), owner.tests == nil else { continue }
            learned[owner.id, default: []].append(selector)
        }
        self.learned = learned
    }

    /// The tests of a unit as far as anybody told.
    func tests(of unit: TestUnit) -> [String]? { unit.tests ?? learned[unit.id] }

    /// Whether nothing of the unit is missing.
    ///
    /// A process that died may have left any unit half done: there only a full list of its tests proves the end.
    func isFinished(_ unit: TestUnit) -> Bool {
        if finishedSelectors.contains(unit.selector) { return true }
        if let tests = tests(of: unit) { return tests.allSatisfy(finishedSelectors.contains) }
        guard endedNormally else { return false }
        switch unit.granularity {
        case .file: return containers.contains(unit.selector)
        case .class: return finishedSelectors.contains { $0.hasPrefix(unit.selector) }
        case .test: return false
        }
    }

    /// Whether some of the unit ran, and how much is unknown.
    func isPartial(_ unit: TestUnit) -> Bool {
        tests(of: unit) == nil && unit.granularity < .test && containers.contains(unit.container)
    }

    /// Whether the runner's collection shows that the unit holds no tests.
    func isKnownEmpty(_ unit: TestUnit) -> Bool {
        hasCollection && unit.tests == nil && learned[unit.id] == nil
    }

    /// The unit that holds a test.
    func owner(of selector: String) -> TestUnit? { Self.owner(of: selector, among: units) }

    /// The one of the units that holds a test; `nil` if that cannot be told.
    static func owner(of selector: String, among units: [TestUnit]) -> TestUnit? {
        if let exact = units.first(where: { $0.selector == selector || $0.tests?.contains(selector) == true }) {
            return exact
        }
        if units.count == 1 { return units.first }
        // The longest selector that the test's begins with: its class before its file.
        return
            units
            .filter { selector.hasPrefix($0.selector) || selector.hasPrefix($0.container) }
            .max { $0.selector.utf8.count < $1.selector.utf8.count }
    }
}
