import CICore

/// A suite with everything that planning needs of it.
package struct PreparedSuite: Sendable {
    package var suite: Suite
    package var runner: any TestRunner
    package var inventory: SuiteInventory
    package var estimates: UnitEstimates

    package init(suite: Suite, runner: any TestRunner, inventory: SuiteInventory, estimates: UnitEstimates) {
        self.suite = suite
        self.runner = runner
        self.inventory = inventory
        self.estimates = estimates
    }

    /// Its part of a plan request.
    package var share: PlanRequest.SuiteShare {
        PlanRequest.SuiteShare(
            name: suite.name, startCost: estimates.start.duration,
            limits: BatchLimits(
                unitsPerBatch: suite.policy.unitsPerBatch, slots: suite.policy.slots, isSerial: suite.policy.isSerial),
            units: inventory.units.map(estimates.estimated))
    }
}
