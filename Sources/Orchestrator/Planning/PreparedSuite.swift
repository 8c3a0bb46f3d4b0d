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

    /// Its units with what the configuration demands of them.
    mutating func applyConditions() {
        let conditions = suite.policy.conditions
        let rules = conditions.rules.filter { $0.isSerial || !$0.exclusive.isEmpty }
        guard !conditions.exclusive.isEmpty || !rules.isEmpty else { return }
        for index in inventory.units.indices {
            var claims = SemaphoreClaim.joined(inventory.units[index].constraints.exclusive, conditions.exclusive)
            for rule in rules where rule.selection.takes(inventory.units[index]) {
                claims = SemaphoreClaim.joined(claims, rule.exclusive)
                if rule.isSerial { inventory.units[index].constraints.isSerial = true }
            }
            inventory.units[index].constraints.exclusive = claims
        }
    }

    /// Its part of a plan request.
    package var share: PlanRequest.SuiteShare {
        var claims: [Int32: [SemaphoreClaim]] = [:]
        for (position, unit) in inventory.units.enumerated() where !unit.constraints.exclusive.isEmpty {
            claims[Int32(position)] = unit.constraints.exclusive
        }
        return PlanRequest.SuiteShare(
            name: suite.name, startCost: estimates.start.duration,
            limits: BatchLimits(
                unitsPerBatch: suite.policy.unitsPerBatch, slots: suite.policy.slots, isSerial: suite.policy.isSerial),
            units: inventory.units.map(estimates.estimated), claims: claims)
    }
}
