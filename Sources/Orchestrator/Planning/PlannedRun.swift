package import CICore

/// Everything that a plan is made of, before it is made.
package struct PreparedRun: Sendable {
    /// In the order of the configuration; empty where units came from elsewhere.
    package var suites: [PreparedSuite]
    package var request: PlanRequest
    package var cuts: [UnitCut]
    /// What the user should know, as sentences.
    package var notes: [String]

    package init(
        suites: [PreparedSuite] = [], request: PlanRequest, cuts: [UnitCut] = [], notes: [String] = []
    ) {
        self.suites = suites
        self.request = request
        self.cuts = cuts
        self.notes = notes
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

    /// The units that the plan names.
    package func unitsByID() -> [UnitID: TestUnit] {
        Dictionary(suites.flatMap { $0.inventory.units.map { ($0.id, $0) } }) { first, _ in first }
    }
}
