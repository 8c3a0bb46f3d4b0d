package import CICore
package import TestHistory

/// What one suite's units are expected to take: history first, then what the runner says, then what is usual.
package struct UnitEstimates: Sendable {
    /// What history knows of the suite.
    package let model: DurationModel
    private let costs: RunnerProfile.Costs
    private let sizes: FileSizes

    package init(model: DurationModel, costs: RunnerProfile.Costs, sizes: FileSizes = .unknown) {
        self.model = model
        self.costs = costs
        self.sizes = sizes
    }

    /// The fixed cost of one invocation.
    package var start: StartCost {
        guard let learnt = model.invocation else { return StartCost(costs.start, samples: 0) }
        return StartCost(learnt.fixed, samples: learnt.samples)
    }

    /// The unit as the planner sees it.
    package func estimated(_ unit: TestUnit) -> EstimatedUnit {
        EstimatedUnit(
            id: unit.id, estimate: estimate(of: unit), granularity: unit.granularity, bond: unit.constraints.bond,
            isSerial: unit.constraints.isSerial)
    }

    /// With what the unit adds to an invocation besides its tests, where that was learnt; never zero.
    package func estimate(of unit: TestUnit) -> Estimate {
        var estimate = testing(unit)
        estimate.duration += model.invocation?.perUnit ?? .zero
        return estimate
    }

    private func testing(_ unit: TestUnit) -> Estimate {
        let known = learnt(unit)
        if case .history = known.basis { return known }
        return unit.constraints.declaredCost.map { Estimate($0, basis: .declared) } ?? known
    }

    private func learnt(_ unit: TestUnit) -> Estimate {
        switch unit.granularity {
        case .file: model.estimate(container: unit.container, default: usual(unit))
        case .class, .test: model.estimate(test: unit.selector, container: unit.container, default: usual(unit))
        }
    }

    private func usual(_ unit: TestUnit) -> Duration {
        if let tests = unit.tests, !tests.isEmpty { return costs.test * tests.count }
        return unit.granularity == .test ? costs.test : sizes.scaled(costs.unit, for: unit)
    }
}

/// The fixed cost of one runner invocation and where the figure comes from.
package struct StartCost: Sendable, Hashable {
    package var duration: Duration
    /// The past batches it was learnt from; 0 = it is what the runner takes as a rule.
    package var samples: Int

    package init(_ duration: Duration, samples: Int) {
        self.duration = duration
        self.samples = samples
    }
}
