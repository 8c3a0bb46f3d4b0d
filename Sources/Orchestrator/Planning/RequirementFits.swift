import CICore

/// Turns what units require into places of `PlanRequest.fits`: each distinct requirement is checked once for each
/// distinct kind of node.
struct RequirementFits {
    private let nodes: [NodeShape]
    /// For each node the first one with the same offer.
    private let kinds: [Int]

    init(nodes: [NodeShape]) {
        self.nodes = nodes
        var first: [HardwareOffer?: Int] = [:]
        kinds = nodes.indices.map { index in
            let known = first[nodes[index].offer] ?? index
            first[nodes[index].offer] = known
            return known
        }
    }

    /// Tells the units of the shares what they ask of a node.
    ///
    /// - Returns: the fits that they refer to.
    func add(to shares: inout [PlanRequest.SuiteShare], of suites: [PreparedSuite]) -> [NodeFit] {
        var fits: [NodeFit] = []
        var places: [Requirement: Int] = [:]
        // Neighbours mostly want the same, which is seen without looking at texts.
        var last: (requirement: Requirement, place: Int)?
        for index in suites.indices {
            var requirements = UnitRequirements(of: suites[index].suite)
            for (position, unit) in suites[index].inventory.units.enumerated() {
                guard let requirement = requirements.requirement(of: unit) else { continue }
                let known = last.flatMap { $0.requirement == requirement ? $0.place : nil } ?? places[requirement]
                let place = known ?? fits.count
                if known == nil {
                    fits.append(fit(for: requirement))
                    places[requirement] = place
                }
                last = (requirement, place)
                shares[index].units[position].fit = place
                if requirement.isExclusive { shares[index].units[position].isSerial = true }
            }
        }
        return fits
    }

    /// The nodes that meet a requirement, and what the nearest lacks if none does.
    func fit(for requirement: Requirement) -> NodeFit {
        var isMet: [Int: Bool] = [:]
        for kind in Set(kinds) { isMet[kind] = nodes[kind].offer.map(requirement.isMet) ?? true }
        let able = nodes.indices.filter { isMet[kinds[$0]] ?? true }
        guard able.isEmpty else { return NodeFit(requirement: requirement.description, nodes: able) }
        let offers = nodes.compactMap(\.offer)
        guard let nearest = NearestNode(to: requirement, among: offers) else {
            return NodeFit(requirement: requirement.description, nodes: [])
        }
        let name = nodes[nearest.index].hardware
        return NodeFit(
            requirement: requirement.description, nodes: [], lack: "the nearest node, \(name), \(nearest.lacks)")
    }
}

/// What the units of one suite need: what the suite and its rules require, and what the runner itself says of the unit.
struct UnitRequirements {
    private let suite: Requirement?
    private let rules: [(selection: TestRule.Selection, requirement: Requirement)]
    private var known: [Wish: Requirement?] = [:]

    /// What units have in common that need the same.
    private struct Wish: Hashable {
        var groups: [String]
        /// Places of the rules that are about the unit.
        var rules: [Int]
    }

    init(of suite: Suite) {
        self.suite = suite.policy.requires
        rules = suite.policy.conditions.rules.compactMap { rule in
            rule.requires.map { (rule.selection, $0) }
        }
    }

    /// `nil` = any machine will do.
    mutating func requirement(of unit: TestUnit) -> Requirement? {
        let groups = unit.constraints.resourceGroups
        guard !groups.isEmpty || !rules.isEmpty else { return suite }
        let wish = Wish(groups: groups, rules: rules.indices.filter { rules[$0].selection.takes(unit) })
        if let known = known[wish] { return known }
        let own = wish.rules.map { rules[$0].requirement } + [CTestResources(groups).requirement].compactMap(\.self)
        let requirement = Requirement(all: [suite].compactMap(\.self) + own)
        known[wish] = requirement
        return requirement
    }
}
