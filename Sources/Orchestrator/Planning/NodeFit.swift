/// Something that units ask of a node, and the nodes that have it.
package struct NodeFit: Sendable, Hashable {
    /// In the words of the configuration.
    package var requirement: String
    /// Positions of the nodes that meet it, ascending; none = nobody does.
    package var nodes: [Int]
    /// What the nearest node lacks, as a phrase, where nobody meets it.
    package var lack: String

    package init(requirement: String, nodes: [Int], lack: String = "no node has it") {
        self.requirement = requirement
        self.nodes = nodes
        self.lack = lack
    }

    /// What units ask for that go into one batch, but ask for different things.
    static func all(of fits: [NodeFit]) -> NodeFit {
        let first = fits.first?.nodes ?? []
        let nodes = first.filter { node in fits.allSatisfy { $0.nodes.contains(node) } }
        return NodeFit(
            requirement: fits.map(\.requirement).joined(separator: ", "), nodes: nodes,
            lack: fits.first { $0.nodes.isEmpty }?.lack ?? "no node has all of it")
    }
}

extension PlanRequest {
    /// The request in which units of one bond, which share a batch, ask for the same; and what no node can run is left
    /// out and named.
    func satisfiable() -> (request: PlanRequest, beyond: [UnsatisfiableUnit]) {
        guard !fits.isEmpty else { return (self, []) }
        var request = self
        for index in request.suites.indices { request.joinFits(ofSuite: index) }
        var beyond: [UnsatisfiableUnit] = []
        let isEmpty = request.fits.map(\.nodes.isEmpty)
        guard isEmpty.contains(true) else { return (request, []) }
        request.forget { unit in unit.fit.map { isEmpty[$0] } ?? false }
        for index in request.suites.indices {
            request.suites[index].units.removeAll { unit in
                guard let fit = unit.fit, isEmpty[fit] else { return false }
                beyond.append(
                    UnsatisfiableUnit(
                        unit: unit.id, requirement: request.fits[fit].requirement, reason: request.fits[fit].lack))
                return true
            }
        }
        return (request, beyond.sorted { $0.unit < $1.unit })
    }

    private mutating func joinFits(ofSuite index: Int) {
        var asked: [String: Set<Int>] = [:]
        for unit in suites[index].units {
            if let bond = unit.bond, let fit = unit.fit { asked[bond, default: []].insert(fit) }
        }
        guard !asked.isEmpty else { return }
        var joined: [String: Int] = [:]
        for (bond, places) in asked.sorted(by: { $0.key < $1.key }) {
            if let only = places.first, places.count == 1 {
                joined[bond] = only
            } else {
                fits.append(.all(of: places.sorted().map { fits[$0] }))
                joined[bond] = fits.count - 1
            }
        }
        for position in suites[index].units.indices {
            guard let bond = suites[index].units[position].bond, let fit = joined[bond] else { continue }
            suites[index].units[position].fit = fit
        }
    }
}

extension PlanRequest {
    /// Takes units out of who waits for whom, and counts the others' places as if those were gone.
    private mutating func forget(where isGone: (EstimatedUnit) -> Bool) {
        guard !dependencies.isEmpty || suites.contains(where: { !$0.claims.isEmpty }) else { return }
        let places = suites.map { share in
            var next: Int32 = 0
            return share.units.map { unit -> Int32? in
                guard !isGone(unit) else { return nil }
                next += 1
                return next - 1
            }
        }
        dependencies = dependencies.moved { places[Int($0.suite)][Int($0.position)] }
        for index in suites.indices {
            suites[index].claims = Dictionary(
                suites[index].claims.compactMap { position, claims in
                    places[index][Int(position)].map { ($0, claims) }
                }, uniquingKeysWith: { first, _ in first })
        }
    }
}
