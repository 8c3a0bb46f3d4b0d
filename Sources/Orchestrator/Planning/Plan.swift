package import CICore

/// The assignment of every unit to a batch and every batch to a node, with estimates.
///
/// Made by `Planner`; the same request gives the same plan, with the same `id`, on every machine.
package struct Plan: Sendable, Hashable {
    /// SHA-256 of the canonical content (see `PlanDigest`), as 64 hexadecimal digits.
    package var id: String
    package var nodes: [PlannedNode]
    /// When the last node is done, if every estimate holds.
    package var makespan: Duration
    /// No plan for these units on these nodes can be done earlier; see `LowerBound`.
    package var lowerBound: Duration
    /// Units that no node can run; they are in no batch.
    package var unsatisfiable: [UnsatisfiableUnit]
    package var inputs: Inputs

    package init(
        nodes: [PlannedNode], makespan: Duration, lowerBound: Duration, unsatisfiable: [UnsatisfiableUnit] = [],
        inputs: Inputs = Inputs()
    ) {
        id = ""
        self.nodes = nodes
        self.makespan = makespan
        self.lowerBound = lowerBound
        self.unsatisfiable = unsatisfiable
        self.inputs = inputs
        id = PlanDigest.id(of: self)
    }

    /// What the plan was made from; digests are hexadecimal SHA-256, `nil` is unknown.
    package struct Inputs: Sendable, Hashable {
        package var commit: String?
        /// Over the units and what they must respect.
        package var inventory: String?
        /// Over the estimates.
        package var history: String?
        package var configuration: String?

        package init(
            commit: String? = nil, inventory: String? = nil, history: String? = nil, configuration: String? = nil
        ) {
            self.commit = commit
            self.inventory = inventory
            self.history = history
            self.configuration = configuration
        }
    }
}

/// A node's share of a plan.
package struct PlannedNode: Sendable, Hashable {
    /// 0-based.
    package var index: Int
    package var hardware: HardwareClass
    package var slots: Int
    /// When the node's slots, serving the batches in order, are done.
    package var estimate: Duration
    /// In the order of service: whichever slot is free takes the next one, serial batches last.
    package var batches: [PlannedBatch]

    package init(index: Int, hardware: HardwareClass, slots: Int, estimate: Duration, batches: [PlannedBatch]) {
        self.index = index
        self.hardware = hardware
        self.slots = slots
        self.estimate = estimate
        self.batches = batches
    }
}

/// Units of one suite that are handed to one runner invocation.
package struct PlannedBatch: Sendable, Hashable, Identifiable {
    /// Unique within the plan.
    package var id: BatchID
    package var suite: SuiteName
    /// In the order in which the runner should take them.
    package var units: [UnitID]
    /// With the fixed cost of the invocation.
    package var estimate: Duration
    /// Batches that must have ended before this one starts.
    package var after: [BatchID]
    /// Whether no other batch of the node may run beside it.
    package var isSerial: Bool
    /// What a node must have to run it, in the words of the configuration; `nil` = any node will do.
    package var requirement: String?
    /// What it takes while it runs.
    package var exclusive: [SemaphoreClaim]

    package init(
        id: BatchID, suite: SuiteName, units: [UnitID], estimate: Duration, after: [BatchID] = [],
        isSerial: Bool = false, requirement: String? = nil, exclusive: [SemaphoreClaim] = []
    ) {
        self.id = id
        self.suite = suite
        self.units = units
        self.estimate = estimate
        self.after = after
        self.isSerial = isSerial
        self.requirement = requirement
        self.exclusive = exclusive
    }
}

/// A unit that no node of the plan can run, and why.
package struct UnsatisfiableUnit: Sendable, Hashable {
    package var unit: UnitID
    /// What it needs, in the words of the configuration.
    package var requirement: String
    package var reason: String

    package init(unit: UnitID, requirement: String, reason: String) {
        self.unit = unit
        self.requirement = requirement
        self.reason = reason
    }
}
