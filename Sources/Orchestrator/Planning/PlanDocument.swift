package import CICore

/// A plan with what other machines need to carry it out and to account for it.
package struct PlanDocument: Sendable, Hashable {
    package var plan: Plan
    package var details: Details

    package init(plan: Plan, details: Details = Details()) {
        self.plan = plan
        self.details = details
    }

    /// A planned run's plan, with what its listing knew.
    package init(_ run: PlannedRun) {
        self.init(plan: run.plan, details: Details(of: run))
    }

    /// What the plan itself does not say, and its id does not cover.
    package struct Details: Sendable, Hashable {
        /// Listed units that were cut, with their pieces, which the plan has instead.
        package var cuts: [UnitID: [UnitID]]
        /// The tests of those units whose listing told them, as selectors.
        package var tests: [UnitID: [String]]

        package init(cuts: [UnitID: [UnitID]] = [:], tests: [UnitID: [String]] = [:]) {
            self.cuts = cuts
            self.tests = tests
        }

        init(of run: PlannedRun) {
            self.init()
            for cut in run.cuts where !cut.parts.isEmpty { cuts[cut.unit] = cut.parts }
            for unit in run.suites.lazy.flatMap(\.inventory.units) {
                guard let known = unit.tests, known != [unit.selector] else { continue }
                tests[unit.id] = known
            }
        }
    }

    /// What a unit's tests are called as long as none has a result: their ids where they are known, else the unit's.
    package func names(of unit: UnitID, in suite: SuiteName) -> [TestID] {
        guard let tests = details.tests[unit] else { return [TestID(unit.rawValue)] }
        return tests.map { TestID(suite: suite, selector: $0) }
    }
}
