import CICore

/// Finds in one suite's units what a name means; each answer names units to run, whole or cut.
struct SuiteChoice {
    let units: [TestUnit]
    /// Whether the runner can run a single test.
    let canSelectTests: Bool

    /// What is called just so; failing that, what lies in a directory, file or class that is called so.
    func called(_ names: [String]) -> [TestUnit] {
        for isMeant in [{ $0 == $1 }, Self.encloses] as [(String, String) -> Bool] {
            let found = units.flatMap { unit in
                let isWhole = names.contains { isMeant($0, unit.selector) || isMeant($0, unit.container) }
                return isWhole ? [unit] : tests(of: unit) { test in names.contains { isMeant($0, test) } }
            }
            if !found.isEmpty { return found }
        }
        return []
    }

    /// The unit that a name begins with: it may hold what is called so.
    func around(_ names: [String]) -> TestUnit? {
        units.filter { unit in names.contains { Self.encloses(unit.selector, $0) } }
            .max { $0.selector.utf8.count < $1.selector.utf8.count }
    }

    /// The test that a name goes on from, such as that of a subtest or of one row of a table.
    func ofRow(_ names: [String]) -> [TestUnit] {
        let found = units.flatMap { unit in
            unit.granularity == .test
                ? names.contains { Self.encloses(unit.selector, $0) } ? [unit] : []
                : tests(of: unit) { test in names.contains { Self.encloses(test, $0) } }
        }
        return found.max { $0.selector.utf8.count < $1.selector.utf8.count }.map { [$0] } ?? []
    }

    /// A test that its runner can select but not list, such as Jest's: its whole id is believed.
    static func unlisted(_ names: [String], in unit: TestUnit) -> TestUnit {
        names.first { encloses(unit.selector, $0) }.map { test($0, of: unit) } ?? unit
    }

    /// Whatever `isMeant` says of selectors; units whole where it says so of them.
    func matching(_ isMeant: (_ selector: String, _ container: String) -> Bool) -> [TestUnit] {
        units.flatMap { unit in
            isMeant(unit.selector, unit.container) ? [unit] : tests(of: unit) { isMeant($0, unit.container) }
        }
    }

    /// The tests of a unit that are meant, each as a unit of its own; the unit itself where all are or its runner
    /// cannot select them.
    private func tests(of unit: TestUnit, _ isMeant: (String) -> Bool) -> [TestUnit] {
        let known = unit.tests ?? []
        let meant = known.filter(isMeant)
        guard !meant.isEmpty else { return [] }
        guard canSelectTests, meant.count < known.count else { return [unit] }
        return meant.map { Self.test($0, of: unit) }
    }

    private static func test(_ selector: String, of unit: TestUnit) -> TestUnit {
        TestUnit(
            suite: unit.suite, selector: selector, granularity: .test, container: unit.container, tests: [selector],
            constraints: unit.constraints)
    }

    /// Whether a selector goes on where a name ends, at a character that ends a word: `tests/unit` encloses
    /// `tests/unit/test_a.py`, but not `tests/unit2` nor `tests/unit.py`.
    static func encloses(_ name: String, _ selector: String) -> Bool {
        guard selector.utf8.count > name.utf8.count, selector.hasPrefix(name), !name.isEmpty else { return false }
        let next = selector.utf8[selector.utf8.index(selector.startIndex, offsetBy: name.utf8.count)]
        if next == UInt8(ascii: ".") { return !name.utf8.contains(UInt8(ascii: "/")) }
        return "/:#[( $".utf8.contains(next)
    }
}
