package import CICore

/// Everything that a plan is made of, before it is made.
package struct PreparedRun: Sendable {
    /// In the order of the configuration; empty where units came from elsewhere.
    package var suites: [PreparedSuite]
    package var request: PlanRequest
    package var cuts: [UnitCut]
    /// What the user should know, as sentences.
    package var notes: [String]
    /// Tests that failed last time, were to run again and are not there any more.
    package var missing: [String]
    /// How likely units are to fail, from 0 to 1, where that was asked for; those that are left out hardly do.
    package var risks: [UnitID: Double] = [:]

    package init(
        suites: [PreparedSuite] = [], request: PlanRequest, cuts: [UnitCut] = [], notes: [String] = [],
        missing: [String] = []
    ) {
        self.suites = suites
        self.request = request
        self.cuts = cuts
        self.notes = notes
        self.missing = missing
    }

    /// What was asked for and matches nothing, each as the subject of a sentence.
    package var unmatched: [String] {
        suites.flatMap { suite in suite.inventory.unmatched.map { "\($0) of suite \"\(suite.suite.name)\"" } }
            + missing.map { "\($0), which failed last time," }
    }

    /// Makes the plan.
    package func planned() -> PlannedRun { PlannedRun(self, plan: Planner.plan(request)) }
}

/// A plan with everything it was made of.
package struct PlannedRun: Sendable {
    package var basis: PreparedRun
    package var plan: Plan

    package init(_ basis: PreparedRun, plan: Plan) {
        self.basis = basis
        self.plan = plan
    }

    /// In the order of the configuration.
    package var suites: [PreparedSuite] { basis.suites }
    package var request: PlanRequest { basis.request }
    package var cuts: [UnitCut] { basis.cuts }
    /// What the user should know, as sentences.
    package var notes: [String] { basis.notes }

    package var unitCount: Int { suites.reduce(0) { $0 + $1.inventory.units.count } }
    /// What all batches together are expected to take.
    package var work: Duration { plan.nodes.flatMap(\.batches).reduce(.zero) { $0 + $1.estimate } }

    /// The units that the plan names.
    package func unitsByID() -> [UnitID: TestUnit] {
        Dictionary(suites.flatMap { $0.inventory.units.map { ($0.id, $0) } }) { first, _ in first }
    }
}
