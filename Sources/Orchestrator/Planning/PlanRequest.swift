package import CICore

/// Everything that decides a plan.
package struct PlanRequest: Sendable, Hashable {
    package var suites: [SuiteShare]
    /// At least one, each with at least one slot.
    package var nodes: [NodeShape]
    /// What units may ask of a node; `EstimatedUnit.fit` is a place in this list.
    package var fits: [NodeFit]
    package var order: BatchOrder
    package var sharing: BatchSharing
    package var inputs: Plan.Inputs
    /// Which units wait for which, by their places in `suites`.
    package var dependencies: DependencyGraph

    package init(
        suites: [SuiteShare], nodes: [NodeShape], fits: [NodeFit] = [], order: BatchOrder = .longestFirst,
        sharing: BatchSharing = .node, inputs: Plan.Inputs = Plan.Inputs(), dependencies: DependencyGraph = .none
    ) {
        self.suites = suites
        self.nodes = nodes
        self.fits = fits
        self.order = order
        self.sharing = sharing
        self.inputs = inputs
        self.dependencies = dependencies
    }

    /// One suite's units with what its batches must respect.
    package struct SuiteShare: Sendable, Hashable {
        package var name: SuiteName
        /// The fixed cost of one invocation of its runner.
        package var startCost: Duration
        package var limits: BatchLimits
        /// In the order of the listing, which batches keep.
        package var units: [EstimatedUnit]
        /// What a batch with a unit takes while it runs, by the unit's position; those that take nothing are not there.
        package var claims: [Int32: [SemaphoreClaim]]

        package init(
            name: SuiteName, startCost: Duration, limits: BatchLimits = BatchLimits(), units: [EstimatedUnit],
            claims: [Int32: [SemaphoreClaim]] = [:]
        ) {
            self.name = name
            self.startCost = startCost
            self.limits = limits
            self.units = units
            self.claims = claims
        }
    }
}

/// What the configuration says of a suite's batches.
package struct BatchLimits: Sendable, Hashable {
    /// An upper bound; units that are bonded stay together even beyond it.
    package var unitsPerBatch: Int?
    /// At most so many batches of the suite at once, over all nodes.
    package var slots: Int?
    /// Nothing of the node beside any batch of the suite.
    package var isSerial: Bool

    package init(unitsPerBatch: Int? = nil, slots: Int? = nil, isSerial: Bool = false) {
        self.unitsPerBatch = unitsPerBatch
        self.slots = slots
        self.isSerial = isSerial
    }
}

/// A unit as the planner sees it.
package struct EstimatedUnit: Sendable, Hashable {
    package var id: UnitID
    package let estimate: Estimate
    /// The estimate in the planner's unit, at most ten days so that no sum over a million units overflows.
    let microseconds: Int64
    package var granularity: Granularity
    /// Units of a suite with the same bond go into one batch.
    package var bond: String?
    package var isSerial: Bool
    /// What it asks of its node, as a place in `PlanRequest.fits`; `nil` = any node will do.
    package var fit: Int?

    package init(
        id: UnitID, estimate: Estimate, granularity: Granularity = .test, bond: String? = nil, isSerial: Bool = false,
        fit: Int? = nil
    ) {
        self.id = id
        self.estimate = estimate
        microseconds = min(max(1, estimate.duration.microseconds), 864_000_000_000)
        self.granularity = granularity
        self.bond = bond
        self.isSerial = isSerial
        self.fit = fit
    }
}

/// A machine that will take part in the run.
package struct NodeShape: Sendable, Hashable {
    package var hardware: HardwareClass
    package var slots: Int
    /// What it has to give; `nil` = not known, which meets everything.
    package var offer: HardwareOffer?

    package init(hardware: HardwareClass, slots: Int, offer: HardwareOffer? = nil) {
        self.hardware = hardware
        self.slots = slots
        self.offer = offer
    }
}

/// Who takes the batches that are planned for a node, which decides how finely work is cut.
package enum BatchSharing: Sendable, Hashable {
    /// Its own slots alone: machines with a static share each.
    case node
    /// Whoever is free: a queue that all nodes pull from. Machines join at different times and differ in speed, so the
    /// batches are small against what a node does in all, and shrink towards the end.
    case run
}

/// In which order a node serves its batches.
package enum BatchOrder: Sendable, Hashable {
    case longestFirst
    /// As the runners list their units.
    case listed
    /// Batches and the units within them shuffled; the same seed gives the same order.
    case random(seed: UInt64)
    /// These units at the head of the first batches, then longest first.
    case failedFirst(Set<UnitID>)
}
